"""How things stand between a business and one customer: what is owed, by when, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Sum, Value, When

from doorstep.contacts.models import Contact
from doorstep.documents.models import Hold
from doorstep.documents.models.hold import HoldStage
from doorstep.lib.statements import Given, Statement
from doorstep.sales.models import Invoice

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
    def of(cls, contact: Contact, *, on: date) -> Standing:
        """One query; two for a customer with more than `MOST` open invoices."""
        given = {"organization": contact.organization_id, "contact": contact.pk}
        found = list({row[0]: OpenInvoice(*row) for row in _FIRST.all(**given)}.values())
        groups = _GROUPS.all(**given, on=on) if len(found) > MOST else _by_hand(found, on)
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


def _first() -> QuerySet[Invoice, tuple[Any, ...]]:
    due = Invoice.given().open().with_holds().by_due_date()
    return due.values_list(*OpenInvoice._fields)[: MOST + 1]


def _groups() -> QuerySet[Invoice, tuple[Any, ...]]:
    moving = Hold.objects.filter(document=OuterRef("pk"), stage=HoldStage.PENDING).unreleased()
    return (
        Invoice.given()
        .open()
        .annotate(
            late=Case(When(due_date__lt=Given("on"), then=Value(True)), default=Value(False)),
            moving=Exists(moving),
        )
        .order_by()
        .values_list("currency", "late", "moving")
        .annotate(count=Count("pk"), amount=Sum("balance"))
    )


def _by_hand(invoices: list[OpenInvoice], on: date) -> Iterable[_Group]:
    return ((i.currency, i.is_overdue(on), i.is_moving, 1, i.balance) for i in invoices)


_FIRST = Statement(_first)
_GROUPS = Statement(_groups)
