"""*Export my data*: asked for, put together in the background, fetched by the person alone."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from doorstep.exports.models import KEPT, DataExport
from doorstep.exports.tasks import write_export
from doorstep.identity.views.security import recently_proven
from doorstep.lib import clock
from doorstep.lib.words import moment


@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request: Any) -> HttpResponse:
    _check_it_is_they(request)
    if request.method == "POST":
        return _ask(request)
    latest = DataExport.latest_of(request.user, request.organization)
    running = latest is not None and latest.is_running
    if request.htmx and not running:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"frame": f"ui/{request.face}.html", "running": running, "export": latest}
    if latest is not None and latest.is_open(at=clock.now()) and latest.ready_at:
        context["until"] = _moment(request, latest.ready_at + KEPT)
        context["size"] = latest.file.size if latest.file else 0
    part = "#progress" if request.htmx else ""
    return render(request, f"account/my_data.html{part}", context)


@require_GET
def my_data_file(request: Any) -> HttpResponseBase:
    """Nobody else's session finds it; streamed from the store."""
    _check_it_is_they(request)
    latest = DataExport.latest_of(request.user, request.organization)
    if latest is None or not latest.is_open(at=clock.now()) or latest.file is None:
        raise Http404
    return FileResponse(
        latest.file.open(),
        as_attachment=True,
        filename=latest.file.name,
        content_type="application/zip",
    )


@recently_proven
def _ask(request: Any) -> HttpResponse:
    with transaction.atomic():
        export = DataExport.ask(request.user, request.organization, at=clock.now())
    write_export.enqueue(export.pk)
    return redirect("my_data")


def _check_it_is_they(request: Any) -> None:
    """A member who looks through somebody's eyes sees no account."""
    if getattr(getattr(request, "asker", None), "viewing", None):
        raise Http404


def _moment(request: Any, at: Any) -> str:
    return moment(at, get_language() or "en", request.organization.time_zone)
