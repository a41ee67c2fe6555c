"""What a paper adds up to. The rounding rule of Doorstep is here and nowhere else:

* a line is quantity × price, rounded half up to the minor unit once, less its discount;
* a discount in percent is rounded half up to the minor unit once, on the line;
* tax is taken per rate on the sum of its lines, rounded half up to the minor unit once a rate;
* total = lines + taxes + shipping + adjustment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from doorstep.lib.money import round_half_up, to_minor


class TaxedLine(Protocol):
    tax_name: str
    tax_rate: Decimal
    discount: int
    amount: int


@dataclass(frozen=True, slots=True)
class Tax:
    """One rate's tax on a paper, amounts in minor units."""

    name: str
    rate: Decimal
    base: int
    amount: int


@dataclass(frozen=True, slots=True)
class Totals:
    """All in minor units. `subtotal` is net of line discounts."""

    subtotal: int
    discount_total: int
    taxes: tuple[Tax, ...]
    tax_total: int
    total: int


def line_amounts(
    *, quantity: Decimal, price: Decimal, discount_percent: Decimal, currency: str
) -> tuple[int, int]:
    """(discount, amount net of it) of a line in minor units; price in major units."""
    gross = to_minor(quantity * price, currency)
    discount = round_half_up(gross * discount_percent / 100)
    return discount, gross - discount


def add_up(lines: Iterable[TaxedLine], *, shipping: int, adjustment: int) -> Totals:
    """Totals of a paper by the rounding rule."""
    bases: dict[tuple[str, Decimal], int] = defaultdict(int)
    subtotal = discounts = 0
    for line in lines:
        subtotal += line.amount
        discounts += line.discount
        if line.tax_rate:
            bases[line.tax_name, line.tax_rate.normalize()] += line.amount
    taxes = tuple(
        Tax(name, rate, base, round_half_up(base * rate / 100))
        for (name, rate), base in sorted(bases.items())
    )
    tax_total = sum(tax.amount for tax in taxes)
    return Totals(
        subtotal=subtotal,
        discount_total=discounts,
        taxes=taxes,
        tax_total=tax_total,
        total=subtotal + tax_total + shipping + adjustment,
    )
