"""The list of invoices as an address asks for it: segment, words, dates, order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from doorstep.contacts.models import Contact
from doorstep.lib.statements import Given, Statement
from doorstep.sales.models import Invoice, InvoiceQuerySet
from doorstep.web.portal.rows import HOLD_COLUMNS, INVOICE_COLUMNS
from doorstep.web.ui.paging import ROWS, Page, is_first, opening, turn_to

OPEN, OVERDUE, PAID, ALL = "open", "overdue", "paid", "all"
SEGMENTS = (OPEN, OVERDUE, PAID, ALL)
# column, newest or largest first; only open invoices, which are few, are sorted by what no index holds
ORDERS = {"due": ("due_date", False), "amount": ("balance", True), "date": ("date", True)}


@dataclass(frozen=True, slots=True)
class Listing:
    contact: Contact
    query: QueryDict
    segment: str
    words: str
    since: date | None
    until: date | None
    order: str
    today: date

    @classmethod
    def asked(cls, contact: Contact, query: QueryDict, *, today: date, default: str) -> Listing:
        """What makes no sense is left out, as if it had not been asked."""
        segment = query.get("show", "")
        segment = segment if segment in SEGMENTS else default
        orders = ("due", "amount", "date") if segment in (OPEN, OVERDUE) else ("date",)
        order = query.get("sort", "")
        return cls(
            contact=contact,
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
        found = of_segment(Invoice.of(self.contact), self.segment, self.today)
        if self.words:
            found = found.matching(self.words)
        if self.since:
            found = found.filter(date__gte=self.since)
        if self.until:
            found = found.filter(date__lte=self.until)
        return found

    def page(self) -> Page:
        """25 rows, each invoice once even where several people may pay it."""
        by, descending = ORDERS[self.order]
        if is_first(self.query) and not self.is_narrowed:
            page = opening(self._first_rows(), self.query, by)
        else:
            rows, columns = dressed(self.rows(), self.segment)
            page = turn_to(rows, self.query, *columns, by=by, descending=descending)
        once = list({row.pk: row for row in page.rows}.values())
        return Page(once, newer=page.newer, older=page.older)

    def _first_rows(self) -> list[Any]:
        """What most people look at, by statements that are ready."""
        given: dict[str, Any] = {
            "organization": self.contact.organization_id,
            "contact": self.contact.pk,
        }
        if self.segment == OVERDUE:
            given["on"] = self.today
        return FIRST[self.segment, self.order].all(**given)

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


def of_segment(invoices: InvoiceQuerySet, segment: str, on: Any) -> InvoiceQuerySet:
    match segment:
        case "open":
            return invoices.open()
        case "overdue":
            return invoices.overdue(on=on)
        case "paid":
            return invoices.paid()
    return invoices.visible()


def dressed(invoices: InvoiceQuerySet, segment: str) -> tuple[InvoiceQuerySet, list[str]]:
    """With everything that a row shows, and the names of its columns."""
    columns = list(INVOICE_COLUMNS)
    if segment != PAID:
        invoices, columns = invoices.with_holds(), [*columns, *HOLD_COLUMNS]
    if segment in (PAID, ALL):
        invoices, columns = invoices.with_settled_at(), [*columns, "settled_at"]
    return invoices, columns


def _opening(segment: str, order: str) -> Statement[Invoice, Any]:
    def build() -> QuerySet[Invoice, Any]:
        by, descending = ORDERS[order]
        rows, columns = dressed(of_segment(Invoice.given(), segment, Given("on")), segment)
        rows = rows.order_by(*((f"-{by}", "-pk") if descending else (by, "pk")))
        return rows.values_list("pk", *columns, named=True)[: ROWS + 1]

    return Statement(build)


FIRST = {
    (segment, order): _opening(segment, order)
    for segment in SEGMENTS
    for order in (ORDERS if segment in (OPEN, OVERDUE) else ("date",))
}


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if len(typed) == 10 else None
    except ValueError:
        return None
