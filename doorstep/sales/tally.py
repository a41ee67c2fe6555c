"""How many invoices a customer has, and what the open ones come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db.models import Case, Count, Sum, Value, When

if TYPE_CHECKING:
    from doorstep.sales.models import InvoiceQuerySet


@dataclass(frozen=True, slots=True)
class Tally:
    """`amounts` are the open balances by currency. Paid invoices are counted up to `MOST` only."""

    MOST: ClassVar[int] = 1000

    open: int
    overdue: int
    paid: int
    amounts: dict[str, int]

    @classmethod
    def of(cls, invoices: InvoiceQuerySet, *, on: date) -> Tally:
        groups = (
            invoices.open()
            .annotate(late=Case(When(due_date__lt=on, then=Value(True)), default=Value(False)))
            .order_by()
            .values_list("currency", "late")
            .annotate(count=Count("pk"), amount=Sum("balance"))
        )
        total, overdue = 0, 0
        amounts: dict[str, int] = {}
        for currency, late, count, amount in groups:
            total += count
            overdue += count if late else 0
            amounts[currency] = amounts.get(currency, 0) + amount
        paid = invoices.paid()[: cls.MOST].count()
        return cls(total, overdue, paid, dict(sorted(amounts.items())))
