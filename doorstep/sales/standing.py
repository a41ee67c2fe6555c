"""How things stand between a business and one customer: what is owed, by when, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Case, Count, Exists, OuterRef, Sum, Value, When

from doorstep.documents.models import Hold
from doorstep.documents.models.hold import HoldStage

if TYPE_CHECKING:
    from doorstep.sales.models import InvoiceQuerySet

# As many as one payment may hold; a customer with more open invoices is added up by the database.
MOST = 200


class OpenInvoice(NamedTuple):
    pk: int
    number: str
    due_date: date | None
    currency: str
    balance: int
    hold_stage: str | None
    hold_by: str | None
    hold_by_id: int | None
    hold_expected: date | None

    def is_overdue(self, on: date) -> bool:
        return self.due_date is not None and self.due_date < on

    @property
    def is_moving(self) -> bool:
        """The customer has paid; a bank is carrying the money."""
        return self.hold_stage == HoldStage.PENDING


@dataclass(slots=True)
class Part:
    """A number of invoices and the sum of their balances in minor units."""

    count: int = 0
    amount: int = 0


@dataclass(slots=True)
class Owed:
    """What is owed in one currency; each open invoice is in one of the three parts."""

    currency: str
    overdue: Part = field(default_factory=Part)
    later: Part = field(default_factory=Part)
    moving: Part = field(default_factory=Part)

    @property
    def total(self) -> Part:
        parts = (self.overdue, self.later, self.moving)
        return Part(sum(p.count for p in parts), sum(p.amount for p in parts))


@dataclass(frozen=True, slots=True)
class Standing:
    """`first` are the open invoices that are due first, at most `MOST`; `owed` counts all of them."""

    first: list[OpenInvoice]
    owed: list[Owed]
    overdue_count: int

    @classmethod
    def among(cls, invoices: InvoiceQuerySet, *, on: date) -> Standing:
        """One query; two for a customer with more than `MOST` open invoices."""
        wanted = invoices.open().with_holds().by_due_date()
        rows = wanted.values_list(*OpenInvoice._fields)[: MOST + 1]
        found = list({row[0]: OpenInvoice(*row) for row in rows}.values())
        groups = _by_database(invoices, on) if len(found) > MOST else _by_hand(found, on)
        owed: dict[str, Owed] = {}
        overdue_count = 0
        for currency, late, moving, count, amount in groups:
            mine = owed.setdefault(currency, Owed(currency))
            part = mine.moving if moving else mine.overdue if late else mine.later
            part.count += count
            part.amount += amount
            overdue_count += count if late else 0
        return cls(found[:MOST], [owed[currency] for currency in sorted(owed)], overdue_count)


type _Group = tuple[str, bool, bool, int, int]


def _by_hand(invoices: list[OpenInvoice], on: date) -> Iterable[_Group]:
    return ((i.currency, i.is_overdue(on), i.is_moving, 1, i.balance) for i in invoices)


def _by_database(invoices: InvoiceQuerySet, on: date) -> Iterable[_Group]:
    moving = Hold.objects.filter(document=OuterRef("pk"), stage=HoldStage.PENDING).unreleased()
    return (
        invoices.open()
        .annotate(
            late=Case(When(due_date__lt=on, then=Value(True)), default=Value(False)),
            moving=Exists(moving),
        )
        .order_by()
        .values_list("currency", "late", "moving")
        .annotate(count=Count("pk"), amount=Sum("balance"))
    )
