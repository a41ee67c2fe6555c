"""Payments as rows: formatted once, placed by the templates."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from doorstep.lib import words
from doorstep.lib.money import show
from doorstep.payments.models.payment import PaymentQuerySet
from doorstep.payments.states import Method, PaymentState
from doorstep.web.ui.paging import Page, turn_to

COLUMNS = (
    "number",
    "date",
    "state",
    "currency",
    "amount",
    "unallocated",
    "method",
    "method_label",
    "reference",
    "started_by_name",
    "expected_on",
    "contact",
    "contact__name",
)
BADGES = {
    PaymentState.OPEN: "plain",
    PaymentState.PENDING: "progress",
    PaymentState.SUCCEEDED: "settled",
    PaymentState.FAILED: "failed",
    PaymentState.EXPIRED: "void",
    PaymentState.CANCELLED: "void",
}


def page_of(payments: PaymentQuerySet, query: QueryDict) -> Page:
    """One page with its rows in words; one query."""
    page = turn_to(payments, query, *COLUMNS)
    locale = get_language() or "en"
    return Page([_row(row, locale) for row in page.rows], page.newer, page.older)


def rows_of(payments: PaymentQuerySet) -> list[dict[str, Any]]:
    """A few rows without pages."""
    locale = get_language() or "en"
    return [_row(row, locale) for row in payments.values_list("pk", *COLUMNS, named=True)]


def how(method: str, label: str) -> str:
    """The way of paying: the gateway's label, else the kind."""
    return label or (str(Method(method).label) if method else "")


def _row(row: Any, locale: str) -> dict[str, Any]:
    state = PaymentState(row.state)
    expected = row.expected_on if state == PaymentState.PENDING else None
    return {
        "pk": row.pk,
        "number": row.number,
        "contact": row.contact__name,
        "contact_pk": row.contact,
        "date": words.plain_date(row.date, locale),
        "how": how(row.method, row.method_label),
        "reference": row.reference,
        "by": row.started_by_name,
        "badge": BADGES[state],
        "said": str(state.label),
        "hint": _("Expected %s") % words.short_date(expected, locale) if expected else "",
        "amount": show(row.amount, row.currency, locale),
        "credit": show(row.unallocated, row.currency, locale) if row.unallocated else "",
        "is_settled": state in (PaymentState.EXPIRED, PaymentState.CANCELLED),
    }
