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
    "sent_at",
    "viewed_at",
    "organization",
    "transfer",
    "expected_on",
)


def page_of(invoices: InvoiceQuerySet, query: QueryDict, today: date) -> Page:
    """One page with its rows in words; one query."""
    page = turn_to(invoices.with_transfer(), query, *COLUMNS)
    return Page(_said(page.rows, today), page.newer, page.older)


def rows_of(invoices: InvoiceQuerySet, today: date) -> list[dict[str, Any]]:
    """A few rows without pages; one query."""
    found = invoices.with_transfer().values_list("pk", *COLUMNS, named=True)
    return _said(list(found), today)


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


def _said(rows: list[Any], today: date) -> list[dict[str, Any]]:
    locale = get_language() or "en"
    return [_row(row, locale, today) for row in rows]


def _row(row: Any, locale: str, today: date) -> dict[str, Any]:
    is_moving = row.transfer is not None and row.state in OPEN_STATES
    badge, said = state_of(row.state, row.due_date, today, is_moving)
    expected = row.expected_on if is_moving else None
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
        "is_late": row.state in OPEN_STATES and bool(row.due_date) and row.due_date < today,
        "unseen_since": None if row.viewed_at else row.sent_at,
        "is_settled": row.state in (State.PAID, State.VOID),
    }
