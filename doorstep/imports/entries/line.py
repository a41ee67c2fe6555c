"""One line of an invoice as the export has it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from doorstep.documents.models import Line
from doorstep.imports.cells import LARGEST_MINOR, BadCell, Cells
from doorstep.lib.money import round_half_up, to_minor

_MILLIONTH = Decimal("0.000001")
_PERCENT = Decimal("0.0001")


def line_in(cells: Cells, currency: str) -> Line:
    """Added up by the rounding rule. Raises `BadCell`."""
    quantity = cells.number("Quantity", empty=Decimal(1)).quantize(_MILLIONTH, ROUND_HALF_UP)
    price = cells.number("Item Price")
    rate = cells.number("Item Tax %").quantize(_PERCENT, ROUND_HALF_UP)
    if not 0 <= rate <= 1000:
        raise BadCell("Item Tax %", _("“%(text)s” is not a tax rate.") % {"text": str(rate)})
    if cells.raw("Is Inclusive Tax").strip().casefold() == "true":
        price = price / (1 + rate / 100)
    price = price.quantize(_MILLIONTH, ROUND_HALF_UP)
    gross = to_minor(quantity * price, currency)
    if abs(gross) > LARGEST_MINOR:
        raise BadCell("Item Price", _("Quantity times price is too large."))
    description = cells.text("Item Desc", 2000)
    line = Line(
        name=cells.text("Item Name", 200) or description[:200] or _("Item"),
        sku=cells.text("SKU", 80) or cells.text("Product ID", 80),
        description=description,
        unit=cells.text("Usage unit", 40),
        quantity=quantity,
        price=price,
        discount_percent=_discount(cells, gross, currency),
        tax_name=cells.text("Item Tax", 60),
        tax_rate=rate,
    )
    line.add_up(currency)
    return line


def _discount(cells: Cells, gross: int, currency: str) -> Decimal:
    """In percent, as lines keep it; an export may say an amount instead."""
    percent = cells.number("Discount").quantize(_PERCENT, ROUND_HALF_UP)
    amount = cells.money("Discount Amount", currency)
    if amount and gross and round_half_up(gross * percent / 100) != amount:
        percent = (Decimal(amount) * 100 / gross).quantize(_PERCENT, ROUND_HALF_UP)
    if not 0 <= percent <= 100:
        raise BadCell(
            "Discount",
            _("“%(text)s” is not a discount from 0 to 100 percent.") % {"text": str(percent)},
        )
    return percent
