"""What a customer or vendor changed of its own details: read, decided, undone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from doorstep.activity.models import Event
from doorstep.contacts.events import DETAILS_EDITED
from doorstep.contacts.models import DetailWish, Wish
from doorstep.contacts.models.details import undo
from doorstep.lib import clock
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice.detail_changes import changes_in, wishes_in
from doorstep.web.backoffice.rights import needs
from doorstep.web.backoffice.views.contacts import find_contact
from doorstep.web.ui.paging import Page, turn_to


@require_GET
@needs("papers.view")
def contact_changes(request: OfficeRequest, pk: int) -> HttpResponse:
    contact = find_contact(request, pk)
    edits = Event.of(request.organization.pk).filter(contact_id=pk, kind=DETAILS_EDITED)
    page = turn_to(edits, request.GET, "at", "actor_name", "subject_kind", "data", by="id")
    waiting = DetailWish.of(contact).filter(state=Wish.WAITING).order_by("pk")
    context = {
        "contact": contact,
        "wishes": wishes_in(waiting, contact),
        "page": Page(changes_in(page.rows, contact), page.newer, page.older),
        "may_edit": request.member.may("contacts.edit"),
    }
    return render(request, "backoffice/contacts/changes.html", context)


@require_POST
@needs("contacts.edit")
def detail_decision(request: OfficeRequest, pk: int, decision: str) -> HttpResponse:
    mine = DetailWish.of(request.organization).select_related("contact")
    wish = get_object_or_404(mine, pk=pk)
    wish.contact.organization = request.organization
    decide = {"approval": wish.approve, "refusal": wish.decline}[decision]
    decide(by=request.member, at=clock.now())
    return redirect("contact_changes", wish.contact_id)


@require_POST
@needs("contacts.edit")
def change_undo(request: OfficeRequest, pk: int, event: int) -> HttpResponse:
    contact = find_contact(request, pk)
    edits = Event.of(request.organization.pk).filter(contact_id=pk, kind=DETAILS_EDITED)
    found = get_object_or_404(edits, pk=event, subject_kind=contact.subject_kind)
    undo(contact, found, by=request.member, at=clock.now())
    messages.success(request, _("It is as it was before."))
    return redirect("contact_changes", pk)
