"""Who does not get further with the portal, and why: lists that can be paged and mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from doorstep.contacts.models import ContactPerson, ContactRole, Invitation, PortalAccess
from doorstep.contacts.models.people import ContactPersonQuerySet
from doorstep.lib import words
from doorstep.notifications.models import Message
from doorstep.organizations.models import Organization
from doorstep.sales.models import Invoice
from doorstep.web.backoffice.adoption import paid_here
from doorstep.web.ui.paging import Page, turn_to

PATIENCE = timedelta(days=7)
_PERSON = ("id", "name", "email", "contact", "contact__name")


@dataclass(frozen=True, slots=True)
class Stuck:
    """One way of being stuck; `is_asked` for those who wait for an answer to an invitation."""

    slug: str
    title: str | Promise
    help: str | Promise
    icon: str
    find: Callable[[Organization, datetime], QuerySet[Any]]
    by: str = "sent_at"
    is_asked: bool = True


def _waiting(organization: Organization) -> QuerySet[Invitation]:
    """Open invitations, with whether the mail server refused the mail that carries each, and why."""
    failed = Message.of(organization).failed().filter(event=OuterRef("event"))
    return (
        Invitation.of(organization)
        .waiting()
        .annotate(is_refused=Exists(failed), refusal=Subquery(failed.values("error")[:1]))
    )


def _unopened(organization: Organization, at: datetime) -> QuerySet[Invitation]:
    return _waiting(organization).filter(_is_unopened(at))


def _opened(organization: Organization, at: datetime) -> QuerySet[Invitation]:
    return _waiting(organization).filter(_IS_OPENED)


def _refused(organization: Organization, at: datetime) -> QuerySet[Invitation]:
    return _waiting(organization).filter(Q(is_refused=True))


def _idle(organization: Organization, at: datetime) -> QuerySet[PortalAccess]:
    """Signed in, allowed to pay, never paid here, although something is overdue."""
    late = Invoice.of(organization).overdue(on=organization.today(at))
    theirs = late.filter(contact=OuterRef("contact_person__contact"))
    oldest = theirs.order_by("due_date", "pk")
    return (
        PortalAccess.live_in(organization)
        .filter(
            Exists(theirs),
            ~Exists(paid_here(organization, "contact_person__contact", "account")),
            contact_person__may_pay=True,
            contact_person__contact__role=ContactRole.CUSTOMER,
        )
        .annotate(
            overdue=Subquery(oldest.values("pk")[:1]),
            overdue_number=Subquery(oldest.values("number")[:1]),
            overdue_since=Subquery(oldest.values("due_date")[:1]),
        )
    )


def _is_unopened(at: datetime) -> Q:
    return Q(is_refused=False, opened_at=None, sent_at__lt=at - PATIENCE)


_IS_OPENED = Q(is_refused=False, opened_at__isnull=False)

KINDS = {
    kind.slug: kind
    for kind in (
        Stuck(
            "refused",
            gettext_lazy("Mail refused"),
            gettext_lazy("The mail server does not take the address. Correct it."),
            "circle-alert",
            _refused,
        ),
        Stuck(
            "unopened",
            gettext_lazy("Not opened for a week"),
            gettext_lazy("Invited more than 7 days ago, and no browser has shown the invitation."),
            "mail",
            _unopened,
        ),
        Stuck(
            "opened",
            gettext_lazy("Opened, not accepted"),
            gettext_lazy("They have seen the invitation and did not go on."),
            "eye",
            _opened,
        ),
        Stuck(
            "unpaid",
            gettext_lazy("Signed in, never paid here"),
            gettext_lazy("They may pay, something is overdue, and they never paid in the portal."),
            "credit-card",
            _idle,
            by="accepted_at",
            is_asked=False,
        ),
    )
}


def counts(organization: Organization, *, at: datetime) -> dict[str, int]:
    """{slug: how many}; two queries."""
    asked = _waiting(organization).aggregate(
        refused=Count("pk", filter=Q(is_refused=True)),
        unopened=Count("pk", filter=_is_unopened(at)),
        opened=Count("pk", filter=_IS_OPENED),
    )
    return asked | {"unpaid": _idle(organization, at).count()}


def people_stuck(kind: Stuck, organization: Organization, *, at: datetime) -> ContactPersonQuerySet:
    """Everybody in one of the lists."""
    rows = kind.find(organization, at).order_by()
    return ContactPerson.of(organization).filter(pk__in=rows.values("contact_person"))


def page_of(kind: Stuck, query: QueryDict, organization: Organization, *, at: datetime) -> Page:
    """One page, who has waited longest first; one query."""
    columns = [f"contact_person__{name}" for name in _PERSON]
    if kind.is_asked:
        columns += ["opened_at", "expires_at", "by_hand", "refusal"]
    else:
        columns += ["overdue", "overdue_number", "overdue_since"]
    rows = kind.find(organization, at)
    page = turn_to(rows, query, *columns, by=kind.by, descending=False)
    said = _asked_row if kind.is_asked else _idle_row
    return Page([said(row, organization, at) for row in page.rows], page.newer, page.older)


def _asked_row(row: Any, organization: Organization, at: datetime) -> dict[str, Any]:
    locale, zone = get_language() or "en", ZoneInfo(organization.time_zone)

    def day(instant: datetime) -> str:
        return words.short_date(instant.astimezone(zone).date(), locale)

    said = _("Link made %s") if row.by_hand else _("Invited %s")
    if row.opened_at:
        note = _("opened %s") % day(row.opened_at)
    else:
        note = _("the link has expired") if row.expires_at <= at else ""
    return _person(row) | {"sign": said % day(row.sent_at), "note": row.refusal or note}


def _idle_row(row: Any, organization: Organization, at: datetime) -> dict[str, Any]:
    locale, zone = get_language() or "en", ZoneInfo(organization.time_zone)
    since = words.short_date(row.accepted_at.astimezone(zone).date(), locale)
    late = words.short_date(row.overdue_since, locale)
    return _person(row) | {
        "sign": _("In since %s") % since,
        "note": _("%(number)s is overdue since %(day)s")
        % {"number": row.overdue_number, "day": late},
        "invoice": row.overdue,
    }


def _person(row: Any) -> dict[str, Any]:
    return {
        "pk": row.contact_person__id,
        "name": row.contact_person__name,
        "email": row.contact_person__email,
        "contact": row.contact_person__contact,
        "contact_name": row.contact_person__contact__name,
    }
