"""How many invoices a customer has, and what the open ones come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import Case, Count, QuerySet, Sum, Value, When

from doorstep.contacts.models import Contact
from doorstep.lib.statements import Given, Statement
from doorstep.sales.models import Invoice


@dataclass(frozen=True, slots=True)
class Tally:
    """`amounts` are the open balances by currency. Paid invoices are counted up to `MOST` only."""

    MOST: ClassVar[int] = 1000

    open: int
    overdue: int
    paid: int
    amounts: dict[str, int]

    @classmethod
    def of(cls, contact: Contact, *, on: date) -> Tally:
        given = {"organization": contact.organization_id, "contact": contact.pk}
        total, overdue = 0, 0
        amounts: dict[str, int] = {}
        for currency, late, count, amount in _OPEN.all(**given, on=on):
            total += count
            overdue += count if late else 0
            amounts[currency] = amounts.get(currency, 0) + amount
        paid = len(_PAID.all(**given))
        return cls(total, overdue, paid, dict(sorted(amounts.items())))


def _open() -> QuerySet[Invoice, tuple[Any, ...]]:
    return (
        Invoice.given()
        .open()
        .annotate(late=Case(When(due_date__lt=Given("on"), then=Value(True)), default=Value(False)))
        .order_by()
        .values_list("currency", "late")
        .annotate(count=Count("pk"), amount=Sum("balance"))
    )


def _paid() -> QuerySet[Invoice, tuple[Any, ...]]:
    return Invoice.given().paid().values_list("pk")[: Tally.MOST]


_OPEN = Statement(_open)
_PAID = Statement(_paid)
