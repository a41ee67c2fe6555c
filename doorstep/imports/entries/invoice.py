"""An invoice as the export has it: one row a line, the head repeated on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from doorstep.activity.models import Origin
from doorstep.contacts.models import Contact
from doorstep.documents.kinds import State
from doorstep.documents.models import Line
from doorstep.documents.totals import Totals, add_up
from doorstep.imports.cells import LARGEST_MINOR, BadCell, Cells
from doorstep.imports.entries.entry import (
    LONGEST_KEY,
    Flaw,
    Flaws,
    Reference,
    check_same,
    customer_in,
    start_of,
)
from doorstep.imports.entries.line import line_in
from doorstep.lib.money import show
from doorstep.organizations.models import Curtain, Organization
from doorstep.sales.freezing import content_of, hash_of
from doorstep.sales.models import Invoice

_HEAD = (
    *(
        "Invoice Number",
        "Invoice Date",
        "Invoice Status",
        "Customer ID",
        "Customer Name",
        "Due Date",
    ),
    *("PurchaseOrder", "Currency Code", "SubTotal", "Total", "Balance", "Shipping Charge"),
    *("Adjustment", "Entity Discount Amount"),
)
_STATES = {
    **dict.fromkeys(("draft", "pendingapproval", "approved"), "draft"),
    **dict.fromkeys(
        (
            "sent",
            "viewed",
            "overdue",
            "unpaid",
            "open",
            "partiallypaid",
            "partlypaid",
            "paid",
            "closed",
        ),
        "issued",
    ),
    "void": "void",
}
# An issued paper that differs in one of these is another paper.
COMPARED = (
    *("number", "date", "due_date", "currency", "reference", "lines", "subtotal", "discount_total"),
    *("tax_total", "shipping", "adjustment", "total", "notes", "terms"),
)


@dataclass(slots=True)
class InvoiceEntry:
    """Amounts in minor units; `status` is draft, issued or void; `balance` what the file says, if it does."""

    line: int
    foreign_id: str
    number: str
    customer: Reference
    said_status: str
    status: str
    day: date
    due: date
    currency: str
    head: dict[str, Any]
    lines: list[Line]
    totals: Totals
    balance: int | None
    billing: list[str]
    contradictions: list[str] = field(default_factory=list)

    @classmethod
    def read(
        cls, rows: Sequence[Cells], *, key: str, organization: Organization
    ) -> tuple[InvoiceEntry | None, list[Flaw]]:
        flaws = Flaws()
        first = rows[0]
        lines: list[Line] = []
        for cells in rows:
            with flaws.at(cells):
                lines.append(line_in(cells, cells.currency("Currency Code", organization.currency)))
        entry = None
        with flaws.at(first):
            check_same(rows, _HEAD)
            currency = first.currency("Currency Code", organization.currency)
            entry = cls(
                line=first.line,
                foreign_id=first.required(key, LONGEST_KEY),
                number=first.required("Invoice Number", 40),
                customer=customer_in(first),
                said_status=first.raw("Invoice Status").strip(),
                status=_status(first),
                day=first.date("Invoice Date"),
                due=first.date("Due Date" if first.raw("Due Date").strip() else "Invoice Date"),
                currency=currency,
                head=_head(first, currency),
                lines=lines,
                totals=add_up((), shipping=0, adjustment=0),
                balance=first.money("Balance", currency) if first.raw("Balance").strip() else None,
                billing=_billing(first),
            )
            if not flaws.found:
                entry._add_up(first)
        return (entry if not flaws.found else None), flaws.found

    @property
    def is_issued(self) -> bool:
        return self.status == "issued"

    def invoice(
        self,
        contact: Contact,
        organization: Organization,
        *,
        at: datetime,
        curtain: Curtain | None,
        settled: int = 0,
    ) -> Invoice:
        """Not saved: as issued on its day, or as a draft. `settled` was paid where it comes from."""
        invoice = Invoice(
            organization=organization,
            contact=contact,
            foreign_id=self.foreign_id,
            origin=Origin.IMPORT,
            created_at=at,
            curtain=curtain,
            **self.fields(),
        )
        if self.status != "draft":
            self.issue(invoice, organization, settled=settled)
        return invoice

    def fields(self) -> dict[str, Any]:
        """What a draft of it holds."""
        return {
            "number": self.number,
            "date": self.day,
            "due_date": self.due,
            "currency": self.currency,
            "subtotal": self.totals.subtotal,
            "discount_total": self.totals.discount_total,
            "tax_total": self.totals.tax_total,
            "total": self.totals.total,
            "balance": self.totals.total,
            **self.head,
        }

    def issue(self, invoice: Invoice, organization: Organization, *, settled: int = 0) -> None:
        """Frozen as it went out: with the address that it had then."""
        began = start_of(self.day, organization)
        invoice.issued_at = invoice.sent_at = began
        invoice.frozen = content_of(invoice, self.lines)
        if self.billing:
            invoice.frozen["recipient"]["lines"] = self.billing
        invoice.frozen_hash = hash_of(invoice.frozen)
        if self.status == "void":
            invoice.state, invoice.balance, invoice.voided_at = State.VOID, 0, began
            return
        invoice.balance -= settled
        if invoice.balance == 0:
            invoice.state = State.PAID
        else:
            invoice.state = State.PARTLY_PAID if settled else State.SENT

    def differences(self, invoice: Invoice, lines: Sequence[Line] | None = None) -> list[str]:
        """In what an invoice that is here already differs from the file."""
        contact, organization = invoice.contact, invoice.organization
        here = invoice.frozen or content_of(invoice, lines)
        twin = Invoice(organization=organization, contact=contact, **self.fields())
        there = content_of(twin, self.lines)
        return [name for name in COMPARED if here.get(name) != there[name]]

    def _add_up(self, first: Cells) -> None:
        """Lines are facts; what the file's total differs from them becomes an adjustment with its name."""
        shipping, adjustment = self.head["shipping"], self.head["adjustment"]
        discount = first.money("Entity Discount Amount", self.currency)
        if discount:
            adjustment -= discount
            self._label(_("Discount"))
        self.totals = add_up(self.lines, shipping=shipping, adjustment=adjustment)
        if first.raw("Total").strip():
            said = first.money("Total", self.currency)
            difference = said - self.totals.total
            if difference:
                adjustment += difference
                self._explain(said, difference)
                self.totals = add_up(self.lines, shipping=shipping, adjustment=adjustment)
        self.head["adjustment"] = adjustment
        if abs(self.totals.total) > LARGEST_MINOR:
            raise BadCell("Total", _("Too large."))
        if self.status != "draft" and self.totals.total < 0:
            raise BadCell("Total", _("Below zero: an invoice cannot owe the customer money."))

    def _explain(self, said: int, difference: int) -> None:
        rounding = abs(difference) <= len(self.lines)
        self._label(_("Rounding") if rounding else _("Difference to the original total"))
        self.contradictions.append(
            _(
                "Lines, taxes and shipping add up to %(sum)s, Total says %(said)s: "
                "the difference of %(difference)s is kept as an adjustment."
            )
            % {
                "sum": show(said - difference, self.currency),
                "said": show(said, self.currency),
                "difference": show(difference, self.currency),
            }
        )

    def _label(self, more: str) -> None:
        before = self.head["adjustment_label"]
        self.head["adjustment_label"] = (f"{before}, {more}" if before else more)[:80]


def _status(cells: Cells) -> str:
    said = cells.required("Invoice Status", 60)
    known = _STATES.get(said.casefold().replace(" ", "").replace("_", ""))
    if known is None:
        raise BadCell(
            "Invoice Status", _("“%(text)s” is not a known status.") % {"text": said[:40]}
        )
    return known


def _head(cells: Cells, currency: str) -> dict[str, Any]:
    adjustment = cells.money("Adjustment", currency)
    label = cells.text("Adjustment Description", 80)
    return {
        "reference": cells.text("PurchaseOrder", 80),
        "shipping": cells.money("Shipping Charge", currency),
        "adjustment": adjustment,
        "adjustment_label": (label or _("Adjustment")) if adjustment else "",
        "notes": cells.text("Notes", 4000),
        "terms": cells.text("Terms & Conditions", 4000),
    }


def _billing(cells: Cells) -> list[str]:
    part = {
        name: cells.text(f"Billing {name}", 200)
        for name in ("Address", "City", "State", "Code", "Country")
    }
    town = " ".join(filter(None, (part["City"], part["State"], part["Code"])))
    return [line for line in (part["Address"], town, part["Country"]) if line]
