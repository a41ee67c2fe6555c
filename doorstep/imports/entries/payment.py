"""A payment as the export has it: one row for each invoice that it was applied to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from doorstep.imports.cells import LARGEST_MINOR, BadCell, Cells
from doorstep.imports.entries.entry import (
    LONGEST_KEY,
    Flaw,
    Flaws,
    Reference,
    check_same,
    customer_in,
)
from doorstep.lib.money import show
from doorstep.organizations.models import Organization
from doorstep.payments.states import Method

_HEAD = (
    *("Payment Number", "Date", "Amount", "Currency Code", "Customer ID", "Customer Name"),
    *("Mode", "Reference Number", "Unused Amount"),
)
_METHODS = {
    "cash": Method.CASH,
    "check": Method.CHEQUE,
    "cheque": Method.CHEQUE,
    "credit card": Method.CARD,
    "creditcard": Method.CARD,
    "card": Method.CARD,
    "bank transfer": Method.BANK_TRANSFER,
    "banktransfer": Method.BANK_TRANSFER,
    "bank remittance": Method.BANK_TRANSFER,
    "bankremittance": Method.BANK_TRANSFER,
    "ach": Method.BANK_DEBIT,
}


@dataclass(frozen=True, slots=True)
class Share:
    """Minor units of one invoice, and the line that says so."""

    line: int
    number: str
    amount: int


@dataclass(frozen=True, slots=True)
class PaymentEntry:
    """Amounts in minor units. `unused` is what the file says, None when it does not."""

    line: int
    foreign_id: str
    number: str
    customer: Reference
    day: date
    currency: str
    amount: int
    unused: int | None
    method: str
    method_label: str
    reference: str
    shares: tuple[Share, ...]

    @classmethod
    def read(
        cls, rows: Sequence[Cells], *, key: str, organization: Organization
    ) -> tuple[PaymentEntry | None, list[Flaw]]:
        flaws = Flaws()
        first = rows[0]
        shares: list[Share] = []
        for cells in rows:
            with flaws.at(cells):
                shares += _share(cells, cells.currency("Currency Code", organization.currency))
        entry = None
        with flaws.at(first):
            check_same(rows, _HEAD)
            currency = first.currency("Currency Code", organization.currency)
            mode = first.text("Mode", 80)
            entry = cls(
                line=first.line,
                foreign_id=first.required(key, LONGEST_KEY),
                number=first.required("Payment Number", 40),
                customer=customer_in(first),
                day=first.date("Date"),
                currency=currency,
                amount=first.money("Amount", currency),
                unused=first.money("Unused Amount", currency)
                if first.raw("Unused Amount").strip()
                else None,
                method=_METHODS.get(mode.casefold(), Method.OTHER),
                method_label=mode,
                reference=first.text("Reference Number", 120),
                shares=_together(shares),
            )
            entry.check()
        return (entry if not flaws.found else None), flaws.found

    @property
    def applied(self) -> int:
        return sum(share.amount for share in self.shares)

    def check(self) -> None:
        """Raises `BadCell`."""
        if not 0 < self.amount <= LARGEST_MINOR:
            raise BadCell("Amount", _("A payment is more than zero."))
        if self.applied > self.amount:
            raise BadCell(
                "Amount Applied to Invoice",
                _("%(applied)s is applied to invoices, more than the payment of %(amount)s.")
                % {
                    "applied": show(self.applied, self.currency),
                    "amount": show(self.amount, self.currency),
                },
            )

    def contradiction(self) -> str:
        """Where the file disagrees with itself, in words."""
        left = self.amount - self.applied
        if self.unused is None or self.unused == left:
            return ""
        return _(
            "Unused Amount says %(said)s, but amount less what is applied leaves %(left)s, which is kept as credit."
        ) % {"said": show(self.unused, self.currency), "left": show(left, self.currency)}


def _share(cells: Cells, currency: str) -> list[Share]:
    number = cells.text("Invoice Number", 40)
    amount = cells.money("Amount Applied to Invoice", currency)
    if amount < 0:
        raise BadCell("Amount Applied to Invoice", _("Below zero."))
    if not number and amount:
        raise BadCell("Invoice Number", _("Empty, though an amount is applied."))
    return [Share(cells.line, number, amount)] if amount else []


def _together(shares: Sequence[Share]) -> tuple[Share, ...]:
    """One share an invoice, though an export may split it."""
    merged: dict[str, Share] = {}
    for share in shares:
        earlier = merged.get(share.number)
        amount = share.amount + (earlier.amount if earlier else 0)
        merged[share.number] = Share(earlier.line if earlier else share.line, share.number, amount)
    return tuple(merged.values())
