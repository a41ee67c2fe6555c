"""Who may come into the portal: everybody at all contacts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from doorstep.contacts.models import ContactPerson, InvitationRound, PersonState
from doorstep.contacts.models.people import ContactPersonQuerySet
from doorstep.lib import clock
from doorstep.lib.tokens import make_token
from doorstep.organizations.models import Organization
from doorstep.sharing.models import SignUp
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice import contact_rows
from doorstep.web.backoffice.rights import needs
from doorstep.web.ui.paging import Page, turn_to
from doorstep.web.ui.spreadsheet import csv_file

MANY = 100


@needs("papers.view", to_act="access.manage")
def access(request: OfficeRequest) -> HttpResponse:
    """The list; POST invites those who are ticked."""
    if request.method == "POST":
        begun = InvitationRound.begin(
            _ticked(request), by=request.member, at=clock.now(), key=request.POST.get("key", "")
        )
        return redirect("round", begun.pk)
    state = request.GET.get("state", "")
    context = {
        "tab": "people",
        "page": _page(request),
        "segments": _segments(state),
        "words": request.GET.get("q", ""),
        "state": state,
        "may_invite": request.member.may("access.manage"),
        "may_export": request.member.may("exports.run"),
        "asking": SignUp.of(request.organization).waiting()[:MANY].count(),
        "key": make_token(),
    }
    return render(request, "backoffice/access/people.html", context)


@require_GET
@needs("exports.run")
def access_csv(request: OfficeRequest) -> StreamingHttpResponse:
    """The list as it is filtered."""
    people = people_in(request.organization, request.GET).with_state().select_related("contact")
    rows = (
        (person.name, person.email, person.phone, person.contact.name, PersonState.of(person).value)
        for person in people.order_by("name", "pk").iterator(chunk_size=500)
    )
    return csv_file("portal-access.csv", ("name", "email", "phone", "contact", "state"), rows)


def people_in(organization: Organization, query: QueryDict) -> ContactPersonQuerySet:
    """Whom the filters of the list show."""
    people = ContactPerson.of(organization).filter(contact__is_active=True)
    if (state := query.get("state", "")) in PersonState.values:
        people = people.in_state(state)
    if words := query.get("q", "").strip().replace("\0", ""):
        people = people.matching(words)
    return people


def _ticked(request: OfficeRequest) -> ContactPersonQuerySet:
    ticked = [pk for pk in request.POST.getlist("person") if pk.isdecimal() and len(pk) < 19]
    return ContactPerson.of(request.organization).filter(pk__in=ticked[:100])


def _page(request: OfficeRequest) -> Page:
    people = people_in(request.organization, request.GET)
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
