"""Who may come into the portal: everybody at all contacts, and many invitations at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.contacts.models import ContactPerson, PersonState
from doorstep.lib import clock
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice import contact_rows
from doorstep.web.backoffice.rights import needs
from doorstep.web.ui.paging import Page, turn_to

MOST = 100


@needs("papers.view", to_act="access.manage")
def access(request: OfficeRequest) -> HttpResponse:
    if request.method == "POST":
        _invite_many(request)
        return redirect(request.get_full_path())
    state = request.GET.get("state", "")
    context = {
        "page": _page(request, state),
        "segments": _segments(state),
        "words": request.GET.get("q", ""),
        "state": state,
        "may_invite": request.member.may("access.manage"),
    }
    return render(request, "backoffice/access.html", context)


def _page(request: OfficeRequest, state: str) -> Page:
    people = ContactPerson.of(request.organization).filter(contact__is_active=True)
    if state in PersonState.values:
        people = people.in_state(state)
    if words := request.GET.get("q", "").strip().replace("\0", ""):
        people = people.matching(words)
    page = turn_to(people, request.GET, by="name", descending=False)
    shown = {row.pk: place for place, row in enumerate(page.rows)}
    found = (
        ContactPerson.of(request.organization)
        .filter(pk__in=shown)
        .with_state()
        .select_related("access", "contact")
    )
    in_order = sorted(found, key=lambda person: shown[person.pk])
    rows = contact_rows.with_signs(in_order, request.organization)
    for row, person in zip(rows, in_order, strict=True):
        row["contact_name"] = person.contact.name
    return Page(rows, page.newer, page.older)


def _segments(state: str) -> list[dict[str, Any]]:
    kinds = [("", _("Everybody")), *PersonState.choices]
    return [{"value": value, "label": label, "current": value == state} for value, label in kinds]


def _invite_many(request: OfficeRequest) -> None:
    """Invite those who were ticked and say of whom that was not possible."""
    ticked = [int(pk) for pk in request.POST.getlist("person") if pk.isdigit()][:MOST]
    people = ContactPerson.of(request.organization).filter(pk__in=ticked).with_state()
    invited, without = 0, []
    for person in people.select_related("contact"):
        if not person.email:
            without.append(person.name)
        elif person.state != PersonState.ACTIVE:
            person.invite(by=request.member, at=clock.now())
            invited += 1
    _report(request, invited, without)


def _report(request: OfficeRequest, invited: int, without: list[str]) -> None:
    if invited:
        said = ngettext("%d invitation is on its way.", "%d invitations are on their way.", invited)
        messages.success(request, said % invited)
    if without:
        words = _("Not invited, because no e-mail address is known: %s.")
        messages.warning(request, words % ", ".join(without))
    if not invited and not without:
        messages.info(request, _("Nobody was ticked, or all of them are in already."))
