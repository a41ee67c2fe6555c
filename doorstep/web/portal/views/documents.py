"""*Documents*: what the business shared, what it asks for, and what was sent to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorstep.documents.models import Attachment, FileRequest
from doorstep.lib import clock
from doorstep.lib.errors import Refused
from doorstep.sales.models import Invoice
from doorstep.web.askers import Asker, Customer, PortalRequest
from doorstep.web.portal.document_rows import asked_of, may_upload, page_of
from doorstep.web.portal.forms.documents import NewVersionForm, UploadForm
from doorstep.web.ui.downloads import download


@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: PortalRequest) -> HttpResponse:
    """The list; POST uploads. `?invoice=` says which paper it is about."""
    asker = request.asker
    paper = _paper(asker, request.GET.get("invoice", ""))
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST":
        _need_uploads(asker)
        if form.is_valid() and _send(request, form, document=paper):
            return redirect("invoice", paper.number) if paper else redirect("documents")
    today = asker.organization.today(clock.now())
    context: dict[str, Any] = {
        "page": page_of(asker, request.GET, today),
        "asked": asked_of(asker, today),
        "uploads": may_upload(asker),
        "form": form,
        "paper": paper,
    }
    return render(request, "portal/documents.html", context)


@require_safe
def document(request: PortalRequest, pk: int) -> FileResponse:
    found = get_object_or_404(
        Attachment.of(request.asker.contact).seen_by_contact().select_related("file"), pk=pk
    )
    return download(found.file)


@require_POST
def document_asked(request: PortalRequest, pk: int) -> HttpResponse:
    """Deliver what was asked for."""
    asker = request.asker
    _need_uploads(asker)
    asked = get_object_or_404(FileRequest.of(asker.contact), pk=pk)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        _send(request, form, asked=asked)
    else:
        messages.error(request, _("Choose a file first."))
    return redirect("documents")


@require_POST
def document_version(request: PortalRequest, pk: int) -> HttpResponse:
    """A newer version of what one has sent."""
    asker = request.asker
    _need_uploads(asker)
    found = get_object_or_404(Attachment.of(asker.contact).seen_by_contact(), pk=pk)
    form = NewVersionForm(request.POST, request.FILES)
    if form.is_valid():
        found.replace(form.cleaned_data["sent"][0], by=asker.person, at=clock.now())
        messages.success(request, _("Sent. %(name)s has the new version.") % _business(asker))
    else:
        messages.error(request, _("Choose a file first."))
    return redirect("documents")


def _send(
    request: PortalRequest,
    form: UploadForm,
    *,
    document: Invoice | None = None,
    asked: FileRequest | None = None,
) -> bool:
    """Whether it worked; if not, the form says why and nothing was kept."""
    person, at, files = request.asker.person, clock.now(), form.cleaned_data["sent"]
    try:
        if asked is not None:
            asked.deliver(files, by=person, at=at)
        else:
            Attachment.upload(files, by=person, at=at, document=document)
    except Refused as refusal:
        form.add_error("sent", str(refusal))
        if asked is not None:
            messages.error(request, str(refusal))
        return False
    sent = ngettext("%(name)s has your file.", "%(name)s has your %(n)d files.", len(files))
    messages.success(request, sent % {**_business(request.asker), "n": len(files)})
    return True


def _need_uploads(asker: Asker) -> None:
    """Off is gone, not merely hidden."""
    if not asker.preferences.allows_uploads_and_edits():
        raise Http404
    asker.person.require("edit_details")


def _paper(asker: Asker, number: str) -> Invoice | None:
    if not number or not isinstance(asker, Customer):
        return None
    return get_object_or_404(asker.invoices, number=number)


def _business(asker: Asker) -> dict[str, str]:
    return {"name": asker.organization.name}
