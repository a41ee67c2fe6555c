"""Receivables at a glance: what is owed by age, what moves, who has not looked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from doorstep.contacts.models import ContactPerson, PersonState
from doorstep.lib.money import show
from doorstep.organizations.models import Organization
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.sales.models import Invoice
from doorstep.web.backoffice import contact_rows, invoice_rows, payment_rows

FEW = 5
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Age:
    """One bar: label, amount in words, share of the longest in percent."""

    label: str
    amount: str
    width: int
    is_late: bool


def ages(organization: Organization, today: date) -> list[Age]:
    """What is owed in the organisation's currency, by how late it is; one query.

    The database adds up, and reads the organisation's open invoices alone, by `document_open_office`:
    what was paid long ago costs nothing, and no invoice becomes an object.
    """
    edges = [0, 30, 60, 90]
    bands = [(_("Not due yet"), Q(due_date__gte=today) | Q(due_date=None))]
    for start, end in zip(edges, [*edges[1:], None], strict=True):
        late = Q(due_date__lt=today - timedelta(days=start))
        if end is None:
            bands.append((_("More than %d days") % start, late))
        else:
            since = late & Q(due_date__gte=today - timedelta(days=end))
            bands.append((_("%(from)d–%(to)d days") % {"from": start + 1, "to": end}, since))
    sums = (
        Invoice.of(organization)
        .open()
        .filter(currency=organization.currency)
        .aggregate(
            **{f"band{n}": Sum("balance", filter=band) for n, (_label, band) in enumerate(bands)}
        )
    )
    amounts = [sums[f"band{n}"] or 0 for n in range(len(bands))]
    longest, locale = max(amounts) or 1, get_language() or "en"
    return [
        Age(label, show(amount, organization.currency, locale), amount * 100 // longest, n > 0)
        for n, ((label, _band), amount) in enumerate(zip(bands, amounts, strict=True))
    ]


def glance(organization: Organization, *, at: datetime) -> dict[str, Any]:
    """What the owner's home shows; each list holds a few rows."""
    today = organization.today(at)
    late, unseen = _to_look_at(organization, today, at)
    pending = Payment.of(organization).filter(state=PaymentState.PENDING).newest_first()
    return {
        "ages": ages(organization, today),
        "late": late,
        "unseen": unseen,
        "moving": payment_rows.rows_of(pending[:FEW]),
        "stuck": _stuck(organization, at),
    }


def _to_look_at(
    organization: Organization, today: date, at: datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The few that are overdue longest, and the few that nobody opened for a week; one query."""
    invoices = Invoice.of(organization)
    late = invoices.overdue(on=today).by_due_date()
    unseen = invoices.open().filter(viewed_at=None, sent_at__lt=at - WEEK).by_due_date()
    few = Q(pk__in=late.values("pk")[:FEW]) | Q(pk__in=unseen.values("pk")[:FEW])
    rows = invoice_rows.rows_of(invoices.filter(few).by_due_date(), today)
    long_ago = [row for row in rows if row["unseen_since"] and row["unseen_since"] < at - WEEK]
    return [row for row in rows if row["is_late"]][:FEW], long_ago[:FEW]


def _stuck(organization: Organization, at: datetime) -> list[dict[str, Any]]:
    """People who were invited a week ago and have not come; one query."""
    people = (
        ContactPerson.of(organization)
        .in_state(PersonState.INVITED)
        .filter(
            invitations__sent_at__lt=at - WEEK,
            invitations__accepted_at=None,
            invitations__revoked_at=None,
        )
        .select_related("contact", "access")
        .order_by("invitations__sent_at", "pk")[:FEW]
    )
    return contact_rows.rows_of(people, organization)
