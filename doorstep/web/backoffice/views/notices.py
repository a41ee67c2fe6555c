"""The bell: what happened in the portal since somebody last looked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.activity.models import Event
from doorstep.contacts.events import DETAIL_ASKED, DETAILS_EDITED
from doorstep.documents.events import FILE_DELIVERED, FILE_UPLOADED
from doorstep.documents.kinds import Kind
from doorstep.lib import clock
from doorstep.notifications.models import Notice
from doorstep.notifications.rules import Channel
from doorstep.sharing.models import SignUp
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice.forms.notices import NoticeForm
from doorstep.web.backoffice.history import tell
from doorstep.web.backoffice.rights import needs
from doorstep.web.ui.paging import Page, turn_to

# Where a notice leads: the page of what it happened to.
PAGES = {"payment": "payment", Kind.INVOICE: "invoice"}


@needs("papers.view")
def notices(request: OfficeRequest) -> HttpResponse:
    """The list; POST marks everything as read."""
    mine = Notice.of(request.member)
    if request.method == "POST":
        mine.mark_read(at=clock.now())
        return redirect("notices")
    page = turn_to(mine, request.GET, "event", "read_at", by="id")
    return render(request, "backoffice/notices.html", {"page": _rows(request, page)})


@needs("papers.view")
def notice_settings(request: OfficeRequest) -> HttpResponse:
    """Each member's own: which kinds, by which way."""
    form = NoticeForm(request.POST or None, member=request.member)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("notice_settings")
    context = {
        "form": form,
        "by_bell": form.allowed[Channel.BELL],
        "by_mail": form.allowed[Channel.MAIL],
    }
    return render(request, "backoffice/settings/notices.html", context)


@needs("papers.view")
def notice(request: OfficeRequest, pk: int) -> HttpResponse:
    """POST: read it and go to what it is about."""
    mine = Notice.of(request.member).filter(pk=pk).select_related("event")
    found = mine.first()
    if found is None or request.method != "POST":
        return redirect("notices")
    mine.mark_read(at=clock.now())
    return redirect(_where(found.event))


@needs("papers.view")
def bell(request: OfficeRequest) -> HttpResponse:
    """The bell alone, asked for again and again: no look-up of its own, no body while nothing changed."""
    headers = {"ETag": f'"{request.unread}"', "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponseNotModified(headers=headers)
    # Without the request: the frame around a page would cost more than the bell itself.
    return HttpResponse(
        render_to_string("ui/_bell.html", {"unread": request.unread}), headers=headers
    )


def _rows(request: OfficeRequest, page: Page) -> Page:
    organization = request.organization
    events = Event.of(organization.pk).filter(pk__in=[row.event for row in page.rows])
    told = {happening.event: happening for happening in tell(events, organization)}
    about = {happening.contact for happening in told.values() if happening.contact}
    names = dict(organization.contacts.filter(pk__in=about).values_list("pk", "name"))
    rows: list[dict[str, Any]] = [
        {
            "pk": row.pk,
            "unread": row.read_at is None,
            "told": told[row.event],
            "contact": names.get(told[row.event].contact or 0, ""),
        }
        for row in page.rows
    ]
    return Page(rows, page.newer, page.older)


def _where(event: Event) -> str:
    if event.subject_kind == SignUp.subject_kind:
        return reverse("sign_ups")
    if event.subject_kind in PAGES:
        return reverse(PAGES[event.subject_kind], args=[event.subject_id])
    if event.kind in (DETAILS_EDITED, DETAIL_ASKED):
        return reverse("contact_changes", args=[event.contact_id])
    if event.kind in (FILE_UPLOADED, FILE_DELIVERED):
        return reverse("contact_documents", args=[event.contact_id])
    if event.contact_id:
        return reverse("contact", args=[event.contact_id])
    return reverse("notices")
