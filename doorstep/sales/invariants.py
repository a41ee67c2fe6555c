"""Promises about what an invoice says. The frozen content is read in a stream: SQL knows no canonical JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from doorstep.documents.kinds import Kind, State
from doorstep.documents.models import Document
from doorstep.documents.totals import add_up, line_amounts
from doorstep.lib.invariants import SHOWN, Broken, Look, invariant
from doorstep.sales.freezing import hash_of

AMOUNTS = ("subtotal", "discount_total", "tax_total", "shipping", "adjustment", "total")
COLUMNS = ("pk", "number", "currency", "frozen", "frozen_hash", *AMOUNTS)
ROWS_AT_ONCE = 200


@invariant
def m1_the_rounding_rule_holds(look: Look) -> Iterator[Broken]:
    """Lines, taxes and totals of each issued invoice follow from quantities, prices and rates."""
    yield from _those(
        "invoices that do not follow the rounding rule", lambda row: not _adds_up(row)
    )


@invariant
def m13_issued_invoices_do_not_change(look: Look) -> Iterator[Broken]:
    """What is rendered has the hash that it had when it was issued, and the row says the same."""
    yield from _those("invoices that changed after issue", lambda row: not _is_intact(row))


@invariant
def m12_the_number_is_the_one_issued(look: Look) -> Iterator[Broken]:
    """The number of an issued invoice never changes."""
    yield from _those(
        "invoices with another number than at issue",
        lambda row: (row["frozen"] or {}).get("number") != row["number"],
    )


def _those(what: str, is_wrong: Callable[[dict[str, Any]], bool]) -> Iterator[Broken]:
    papers = Document.everything.filter(kind=Kind.INVOICE).exclude(state=State.DRAFT)
    issued = papers.values(*COLUMNS)
    first: list[int] = []
    count = 0
    for row in issued.iterator(chunk_size=ROWS_AT_ONCE):
        if is_wrong(row):
            count += 1
            if len(first) < SHOWN:
                first.append(row["pk"])
    if count:
        yield Broken(what, tuple(first), count)


def _is_intact(row: dict[str, Any]) -> bool:
    frozen = row["frozen"]
    if not frozen or hash_of(frozen) != row["frozen_hash"]:
        return False
    return all(frozen[name] == row[name] for name in (*AMOUNTS, "currency"))


def _adds_up(row: dict[str, Any]) -> bool:
    frozen = row["frozen"] or {"lines": [], "taxes": []}
    lines = [_line(line) for line in frozen["lines"]]
    if not all(_follows(line, row["currency"]) for line in lines):
        return False
    totals = add_up(lines, shipping=row["shipping"], adjustment=row["adjustment"])
    taxes = [
        (tax["name"], Decimal(tax["rate"]), tax["base"], tax["amount"]) for tax in frozen["taxes"]
    ]
    return (totals.subtotal, totals.tax_total, totals.total) == (
        row["subtotal"],
        row["tax_total"],
        row["total"],
    ) and [(tax.name, tax.rate, tax.base, tax.amount) for tax in totals.taxes] == taxes


def _line(line: dict[str, Any]) -> SimpleNamespace:
    decimals = ("quantity", "price", "discount_percent", "tax_rate")
    return SimpleNamespace(**line | {name: Decimal(line[name]) for name in decimals})


def _follows(line: SimpleNamespace, currency: str) -> bool:
    discount, net = line_amounts(
        quantity=line.quantity,
        price=line.price,
        discount_percent=line.discount_percent,
        currency=currency,
    )
    # A discount given as an amount has no percentage to follow from.
    given = line.discount if not line.discount_percent else discount
    return bool(line.discount == given and line.amount == net + discount - given)
