"""Contacts as rows and figures: formatted once, placed by the templates."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Case,
    Count,
    DateField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from doorstep.contacts.models import Contact, ContactPerson, Invitation, PersonState
from doorstep.lib import words
from doorstep.lib.money import show
from doorstep.notifications.models import Message, MessageState
from doorstep.organizations.models import Organization
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.sales.models import Invoice
from doorstep.web.ui.paging import Page, turn_to

COLUMNS = ("company_name", "email", "role", "billing_city", "currency", "is_active")
BADGES = {
    PersonState.ACTIVE: "active",
    PersonState.INVITED: "invited",
    PersonState.DISABLED: "void",
    PersonState.NOT_INVITED: "plain",
}


def page_of(
    contacts: QuerySet[Contact], query: QueryDict, organization: Organization, today: date
) -> Page:
    """One page of contacts with what they owe and who of them is in; three queries."""
    page = turn_to(contacts, query, *COLUMNS, by="name", descending=False)
    shown = [row.pk for row in page.rows]
    owed = _owed(organization, shown, today)
    people = _people(organization, shown)
    locale = get_language() or "en"
    rows = [
        {
            "pk": row.pk,
            "name": row.name,
            "hint": row.email or row.company_name,
            "place": row.billing_city,
            "is_vendor": row.role == "vendor",
            "is_active": row.is_active,
            "balance": _amounts(owed[row.pk], 0, locale),
            "overdue": _amounts(owed[row.pk], 1, locale),
            "access": people.get(row.pk, ""),
        }
        for row in page.rows
    ]
    return Page(rows, page.newer, page.older)


def figures(contact: Contact, organization: Organization, *, at: datetime) -> dict[str, str]:
    """Balance, overdue, on its way and last payment, per currency where there are several; one query."""
    locale = get_language() or "en"
    found = _figures(contact, organization.today(at))
    owed = [
        (currency, amount, late) for what, currency, amount, late, _day in found if what == "owed"
    ]
    moving = [
        (currency, amount) for what, currency, amount, _late, _day in found if what == "moving"
    ]
    last = next((row for row in found if row[0] == "last"), None)
    nothing = show(0, contact.currency, locale)
    return {
        "balance": _amounts(owed, 0, locale) or nothing,
        "overdue": _amounts(owed, 1, locale),
        "nothing": nothing,
        "moving": " + ".join(show(total, currency, locale) for currency, total in moving),
        "last": show(last[2], last[1], locale) if last else "",
        "last_on": words.short_date(last[4], locale) if last else "",
    }


def _figures(contact: Contact, today: date) -> list[tuple[str, str, int, int, date]]:
    """(what, currency, amount, of it late, day): what is owed, what is on its way, what came last."""
    payments: Any = Payment.of(contact)
    day = Value(today, output_field=DateField())
    owed = Invoice.of(contact).open().order_by().values("currency")
    owed = owed.annotate(what=Value("owed"), amount=Sum("balance"), day=day).annotate(
        late=Coalesce(Sum("balance", filter=Q(due_date__lt=today)), 0)
    )
    pending = payments.filter(state=PaymentState.PENDING).order_by().values("currency")
    moving = pending.annotate(what=Value("moving"), sum=Sum("amount"), late=Value(0), day=day)
    newest = payments.succeeded().newest_first().values("pk")[:1]
    last = payments.filter(pk=Subquery(newest)).order_by()
    last = last.annotate(what=Value("last"), late=Value(0))
    return list(
        owed.values_list("what", "currency", "amount", "late", "day").union(
            moving.values_list("what", "currency", "sum", "late", "day"),
            last.values_list("what", "currency", "amount", "late", "date"),
            all=True,
        )
    )


def people_of(contact: Contact, organization: Organization) -> list[dict[str, Any]]:
    """Everybody at the contact with state, last sign and the one next act; one query."""
    people = contact.people.with_state().select_related("access", "contact")
    return rows_of(people, organization)


def rows_of(people: QuerySet[ContactPerson], organization: Organization) -> list[dict[str, Any]]:
    """The rows of people who come `with_state()` and their contact; one query."""
    return [_person(person, organization) for person in _with_signs(people, organization)]


def with_signs(people: list[Any], organization: Organization) -> list[dict[str, Any]]:
    """The rows of people who come from `with_state()`; one more query."""
    wanted = ContactPerson.of(organization).filter(pk__in=[person.pk for person in people])
    signs = {person.pk: person for person in _with_signs(wanted, organization).only("pk")}
    for person in people:
        person.invited_at = signs[person.pk].invited_at
        person.is_refused = signs[person.pk].is_refused
    return [_person(person, organization) for person in people]


def _with_signs(people: QuerySet[ContactPerson], organization: Organization) -> Any:
    """Adds when each was invited last, and whether the last mail to their address came back."""
    invited = Invitation.of(organization).filter(contact_person=OuterRef("pk")).order_by("-pk")
    # A mail that arrives later says that the address is right again.
    ended = Message.of(organization).filter(
        person=OuterRef("pk"),
        recipient=OuterRef("email"),
        state__in=[MessageState.FAILED, MessageState.SENT],
    )
    came_back = When(last_mail=MessageState.FAILED, then=Value(value=True))
    return people.annotate(
        invited_at=Subquery(invited.values("sent_at")[:1]),
        last_mail=Subquery(ended.order_by("-pk").values("state")[:1]),
        is_refused=Case(came_back, default=Value(value=False)),
    )


def _person(person: Any, organization: Organization) -> dict[str, Any]:
    locale, zone = get_language() or "en", ZoneInfo(organization.time_zone)
    is_refused, state = person.is_refused, person.state
    sign = ""
    if state == PersonState.ACTIVE:
        sign = _("Since %s") % words.short_date(person.access.accepted_at.date(), locale)
    elif person.invited_at:
        sign = _("Invited %s") % words.short_date(person.invited_at.astimezone(zone).date(), locale)
    return {
        "pk": person.pk,
        "name": person.name,
        "email": person.email,
        "is_primary": person.is_primary,
        "state": state,
        "badge": "refused" if is_refused else BADGES[state],
        "said": _("Mail refused") if is_refused else state.label,
        "sign": sign,
        "may": _may(person),
        "is_refused": is_refused,
        "may_be_invited": bool(person.email) and state != PersonState.ACTIVE,
        "contact": person.contact_id,
        "contact_name": person.contact.name,
    }


def _may(person: ContactPerson) -> str:
    pays = not person.contact.is_vendor and person.may("pay")
    said = _("Sees and pays") if pays else _("Sees only")
    return f"{said}, {_('manages people')}" if person.may("manage_people") else said


def _owed(
    organization: Organization, contacts: list[int], today: date
) -> dict[int, list[tuple[str, int, int]]]:
    """{contact: [(currency, balance, overdue)]} in one query."""
    rows = (
        Invoice.of(organization)
        .open()
        .filter(contact__in=contacts)
        .values_list("contact", "currency")
        .annotate(owed=Sum("balance"), late=Sum("balance", filter=Q(due_date__lt=today)))
    )
    owed: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    for contact, currency, balance, overdue in rows:
        owed[contact].append((currency, balance or 0, overdue or 0))
    return owed


def _people(organization: Organization, contacts: list[int]) -> dict[int, str]:
    """{contact: "2 of 3 in the portal"} in one query."""
    rows = (
        ContactPerson.of(organization)
        .filter(contact__in=contacts)
        .order_by()
        .values_list("contact")
        .annotate(everybody=Count("pk"), active=Count("access", filter=Q(access__revoked_at=None)))
    )
    return {
        contact: ngettext("%(active)d of %(all)d person", "%(active)d of %(all)d people", count)
        % {"active": active, "all": count}
        for contact, count, active in rows
    }


def _amounts(owed: list[tuple[str, int, int]], which: int, locale: str) -> str:
    return " + ".join(
        show(amounts[which], currency, locale) for currency, *amounts in owed if amounts[which]
    )
