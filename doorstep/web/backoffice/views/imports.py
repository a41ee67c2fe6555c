"""Settings → Import: files in, a check, the report, and what was imported before."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from doorstep.imports import wording
from doorstep.imports.models import BatchState, ImportBatch, Mode, Severity
from doorstep.imports.tasks import run_import
from doorstep.lib import clock, words
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice.forms.imports import ImportForm
from doorstep.web.backoffice.rights import needs
from doorstep.web.ui.paging import turn_to
from doorstep.web.ui.spreadsheet import csv_file

_BADGES = {
    BatchState.COMPLETE: "paid",
    BatchState.FAILED: "failed",
    BatchState.CANCELLED: "void",
    BatchState.CHECKED: "answer",
}


@needs("imports.run")
def imports(request: OfficeRequest) -> HttpResponse:
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES, organization=request.organization)
        if form.is_valid():
            return redirect("import_batch", _check(request, form).pk)
    else:
        form = ImportForm(organization=request.organization)
    context = {"form": form, "page": _page(request)}
    return render(request, "backoffice/imports.html", context)


@needs("imports.run")
def import_batch(request: OfficeRequest, pk: int) -> HttpResponse:
    """The report, or how far it is; POST takes what was checked."""
    batch = get_object_or_404(request.organization.imports, pk=pk)
    batch.organization = request.organization
    if request.method == "POST":
        batch.go_on(mode=_mode(request, batch), by=request.member)
        run_import.enqueue(batch.pk)
        return redirect("import_batch", pk)
    if request.htmx and not batch.is_running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    part = "#progress" if request.htmx else ""
    return render(request, f"backoffice/imports_batch.html{part}", _report(batch))


@require_POST
@needs("imports.run")
def cancellation(request: OfficeRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(request.organization.imports, pk=pk)
    batch.cancel(by=request.member, at=clock.now())
    run_import.enqueue(batch.pk)
    return redirect("import_batch", pk)


@require_GET
@needs("imports.run")
def bad_rows(request: OfficeRequest, pk: int, file: int) -> StreamingHttpResponse:
    batch = get_object_or_404(request.organization.imports, pk=pk)
    found = get_object_or_404(batch.files, pk=file)
    return csv_file(f"bad-rows-{found.kind}.csv", found.bad_rows_header(), found.bad_rows())


def _check(request: OfficeRequest, form: ImportForm) -> ImportBatch:
    batch = ImportBatch.begin(
        request.organization,
        form.cleaned_data["uploads"],
        by=request.member,
        mode=form.cleaned_data["mode"],
        dry_run=True,
        at=clock.now(),
    )
    run_import.enqueue(batch.pk)
    return batch


def _mode(request: OfficeRequest, batch: ImportBatch) -> str:
    return Mode.TAKE_GOOD if request.POST.get("take") == "good" else batch.mode


def _page(request: OfficeRequest) -> Any:
    locale, zone = get_language() or "en", request.organization.time_zone
    columns = ("state", "tally", "started_by__account__name")
    page = turn_to(request.organization.imports.all(), request.GET, *columns, by="created_at")
    page.rows[:] = [
        {
            "pk": row.pk,
            "when": words.moment(row.created_at, locale, zone),
            "by": row.started_by__account__name or _("Command line"),
            "what": wording.contents_of(row.tally),
            "badge": _BADGES.get(BatchState(row.state), "progress"),
            "state": BatchState(row.state).label,
        }
        for row in page.rows
    ]
    return page


def _report(batch: ImportBatch) -> dict[str, Any]:
    tone, sentence = wording.verdict(batch)
    return {
        "batch": batch,
        "tone": tone,
        "sentence": sentence,
        "step": wording.step_words(batch.step),
        "running": batch.is_running,
        "waiting": batch.state == BatchState.CHECKED,
        "may_cancel": batch.state in (BatchState.CHECKED, BatchState.FAILED, BatchState.UPLOADED),
        "may_import": batch.state == BatchState.CHECKED and batch.may_apply,
        "files": [_file(batch, file) for file in batch.files.all()],
        "outcome": wording.outcome_facts(batch),
        "now": wording.organization_facts(batch),
        "problems": _problems(batch),
        "more_words": wording.SHOWN_PROBLEMS,
    }


def _file(batch: ImportBatch, file: Any) -> dict[str, Any]:
    return {
        "pk": file.pk,
        "name": file.name,
        "facts": wording.file_facts(batch, file),
        "has_bad_rows": file.has_bad_rows(),
    }


def _problems(batch: ImportBatch) -> list[dict[str, Any]]:
    titles = {
        Severity.BAD: _("Rows with a problem"),
        Severity.ODD: _("Where the files contradict themselves"),
    }
    return [
        {"title": title, "rows": rows, "count": count, "more": count - len(rows)}
        for severity, title in titles.items()
        if (rows := wording.shown_problems(batch, severity))
        and (count := batch.problems.filter(severity=severity).count())
    ]
