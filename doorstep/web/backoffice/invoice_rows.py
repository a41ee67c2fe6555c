"""Invoices as rows: formatted once, placed by the templates."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from doorstep.documents.kinds import OPEN_STATES, State
from doorstep.lib import words
from doorstep.lib.money import show
from doorstep.organizations.models import Organization
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.sales.models import InvoiceQuerySet
from doorstep.web.ui.paging import Page, turn_to

COLUMNS = (
    "number",
    "date",
    "due_date",
    "state",
    "currency",
    "total",
    "balance",
    "reference",
    "contact",
    "contact__name",
    "organization",
)


def page_of(
    invoices: InvoiceQuerySet, query: QueryDict, organization: Organization, today: date
) -> Page:
    """One page with its rows in words; two queries."""
    page = turn_to(invoices, query, *COLUMNS)
    return Page(_said(page.rows, organization, today), page.newer, page.older)


def rows_of(
    invoices: InvoiceQuerySet, organization: Organization, today: date
) -> list[dict[str, Any]]:
    """A few rows without pages."""
    return _said(list(invoices.values_list("pk", *COLUMNS, named=True)), organization, today)


def state_of(
    state: str, due: date | None, today: date, moving: date | bool | None = None
) -> tuple[str, str]:
    """(badge, words): the state as people say it."""
    if state in OPEN_STATES and moving:
        return "progress", _("Bank transfer in progress")
    if state in OPEN_STATES and due and due < today:
        days = (today - due).days
        return "overdue", ngettext("%d day late", "%d days late", days) % days
    if state == State.PARTLY_PAID:
        return "due", _("Partly paid")
    if state == State.SENT and due:
        days = (due - today).days
        return "due", _("Due today") if not days else ngettext(
            "Due in %d day", "Due in %d days", days
        ) % days
    kinds = {State.DRAFT: "draft", State.PAID: "settled", State.VOID: "void"}
    return kinds.get(State(state), "due"), str(State(state).label)


def _said(rows: list[Any], organization: Organization, today: date) -> list[dict[str, Any]]:
    locale = get_language() or "en"
    moving = _moving(organization, [row.pk for row in rows if row.state in OPEN_STATES])
    return [_row(row, locale, today, moving) for row in rows]


def _row(row: Any, locale: str, today: date, moving: dict[int, date | None]) -> dict[str, Any]:
    is_moving = row.pk in moving
    badge, said = state_of(row.state, row.due_date, today, is_moving)
    expected = moving.get(row.pk)
    return {
        "pk": row.pk,
        "number": row.number or _("Draft"),
        "contact": row.contact__name,
        "contact_pk": row.contact,
        "reference": row.reference,
        "date": words.plain_date(row.date, locale),
        "due": words.plain_date(row.due_date, locale) if row.due_date else "",
        "badge": badge,
        "said": said,
        "hint": _("Expected %s") % words.short_date(expected, locale) if expected else "",
        "total": show(row.total, row.currency, locale),
        "balance": show(row.balance, row.currency, locale),
        "is_settled": row.state in (State.PAID, State.VOID),
    }


def _moving(organization: Organization, invoices: list[int]) -> dict[int, date | None]:
    """{invoice: when its bank transfer is expected}, of those that have one."""
    if not invoices:
        return {}
    pending = Payment.of(organization).filter(
        state=PaymentState.PENDING, allocations__document__in=invoices
    )
    return dict(pending.order_by().values_list("allocations__document", "expected_on"))
