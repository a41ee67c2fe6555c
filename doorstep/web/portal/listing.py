"""The list of invoices as an address asks for it: segment, words, dates, order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from doorstep.sales.models import InvoiceQuerySet
from doorstep.web.portal.rows import HOLD_COLUMNS, INVOICE_COLUMNS
from doorstep.web.ui.paging import Page, turn_to

OPEN, OVERDUE, PAID, ALL = "open", "overdue", "paid", "all"
SEGMENTS = (OPEN, OVERDUE, PAID, ALL)
# column, newest or largest first; only open invoices, which are few, are sorted by what no index holds
ORDERS = {"due": ("due_date", False), "amount": ("balance", True), "date": ("date", True)}


@dataclass(frozen=True, slots=True)
class Listing:
    invoices: InvoiceQuerySet
    query: QueryDict
    segment: str
    words: str
    since: date | None
    until: date | None
    order: str
    today: date

    @classmethod
    def asked(cls, invoices: InvoiceQuerySet, query: QueryDict, *, today: date, default: str) -> Listing:
        """What makes no sense is left out, as if it had not been asked."""
        segment = query.get("show", "")
        segment = segment if segment in SEGMENTS else default
        orders = ("due", "amount", "date") if segment in (OPEN, OVERDUE) else ("date",)
        order = query.get("sort", "")
        return cls(
            invoices=invoices,
            query=query,
            segment=segment,
            words=query.get("q", "").replace("\0", "").strip()[:80],
            since=_day(query.get("from", "")),
            until=_day(query.get("to", "")),
            order=order if order in orders else orders[0],
            today=today,
        )

    def rows(self) -> InvoiceQuerySet:
        """Everything that fits, in no order yet."""
        found = self.invoices
        if self.segment == OPEN:
            found = found.open()
        elif self.segment == OVERDUE:
            found = found.overdue(on=self.today)
        elif self.segment == PAID:
            found = found.paid()
        if self.words:
            found = found.matching(self.words)
        if self.since:
            found = found.filter(date__gte=self.since)
        if self.until:
            found = found.filter(date__lte=self.until)
        return found

    def page(self) -> Page:
        """25 rows, each invoice once even where several people may pay it."""
        rows, columns = self.rows(), list(INVOICE_COLUMNS)
        if self.segment != PAID:
            rows, columns = rows.with_holds(), [*columns, *HOLD_COLUMNS]
        if self.segment in (PAID, ALL):
            rows, columns = rows.with_settled_at(), [*columns, "settled_at"]
        by, descending = ORDERS[self.order]
        page = turn_to(rows, self.query, *columns, by=by, descending=descending)
        once = list({row.pk: row for row in page.rows}.values())
        return Page(once, newer=page.newer, older=page.older)

    def address(self, **changes: str) -> str:
        """The query string of the same list with something changed; back on its first page."""
        asked = {
            "show": self.segment,
            "q": self.words,
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
            "sort": self.query.get("sort", ""),
        } | changes
        kept = QueryDict(mutable=True)
        kept.update({name: value for name, value in asked.items() if value})
        return kept.urlencode()

    def segments(self, counts: dict[str, str]) -> list[dict[str, Any]]:
        labels = {OPEN: _("Open"), OVERDUE: _("Overdue"), PAID: _("Paid"), ALL: _("All")}
        return [
            {
                "url": f"?{self.address(show=segment, sort='')}",
                "label": labels[segment],
                "count": counts[segment],
                "current": segment == self.segment,
            }
            for segment in SEGMENTS
        ]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.since or self.until)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if len(typed) == 10 else None
    except ValueError:
        return None
