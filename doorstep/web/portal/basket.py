"""What somebody is about to pay, and what of it cannot be paid now and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from doorstep.documents.models.hold import HoldStage
from doorstep.lib.money import Money
from doorstep.lib.statements import Given, Statement
from doorstep.lib.words import short_date
from doorstep.organizations.preferences import MOST_INVOICES_AT_ONCE
from doorstep.sales.models import Invoice, InvoiceQuerySet
from doorstep.web.askers import Customer
from doorstep.web.portal.rows import first


@dataclass(frozen=True, slots=True)
class LeftOut:
    number: str
    why: str


@dataclass(frozen=True, slots=True)
class Basket:
    """`taken` is what the button pays; `shared` are those that somebody else is paying as well."""

    taken: list[Invoice]
    left_out: list[LeftOut]
    shared: list[Invoice]

    @classmethod
    def asked(cls, customer: Customer, query: QueryDict, *, today: date) -> Basket:
        """`?invoice=INV-1&invoice=INV-2`, or `?overdue=USD`. Nothing of this customer's there: 404."""
        currency, numbers = (
            query.get("overdue", "").replace("\0", ""),
            query.getlist("invoice")[:MOST_ASKED],
        )
        if currency:
            found = LATE.all(**customer.given, currency=currency[:3], on=today)
        elif len(numbers) == 1:
            found = ONE.all(**customer.given, number=numbers[0].replace("\0", ""))
        else:
            found = _named(customer, numbers)
        once = list({invoice.pk: invoice for invoice in found}.values())
        if not once:
            raise Http404
        basket = cls._sorted(once, customer)
        if currency:
            return cls(basket.taken[:MOST_INVOICES_AT_ONCE], basket.left_out, basket.shared)
        return basket

    @classmethod
    def _sorted(cls, invoices: Sequence[Any], customer: Customer) -> Basket:
        taken: list[Invoice] = []
        left_out: list[LeftOut] = []
        shared: list[Invoice] = []
        me, prevents = customer.person.actor_account_id, customer.preferences.holds_are_exclusive()
        for invoice in invoices:
            others = invoice.hold_stage and not (
                invoice.hold_stage == HoldStage.OPEN and invoice.hold_by_id == me
            )
            if not invoice.is_open:
                left_out.append(LeftOut(invoice.number, _("already paid")))
            elif others and prevents:
                left_out.append(LeftOut(invoice.number, _who_pays(invoice, customer)))
            elif taken and invoice.currency != taken[0].currency:
                why = _("in %(currency)s, to be paid by itself") % {"currency": invoice.currency}
                left_out.append(LeftOut(invoice.number, why))
            else:
                taken.append(invoice)
                if others:
                    shared.append(invoice)
        return cls(taken, left_out, shared)

    @property
    def total(self) -> Money:
        currency = self.taken[0].currency if self.taken else ""
        return Money(sum(invoice.balance for invoice in self.taken), currency)

    @property
    def currency(self) -> str:
        return self.total.currency


def _who_pays(invoice: Any, customer: Customer) -> str:
    name = first(invoice.hold_by)
    if invoice.hold_stage == HoldStage.OPEN:
        return _("%(name)s is paying it now") % {"name": name}
    if invoice.hold_expected is None:
        return _("bank transfer in progress, started by %(name)s") % {"name": name}
    return _("bank transfer in progress, started by %(name)s, arrives %(day)s") % {
        "name": name,
        "day": short_date(invoice.hold_expected, customer.locale),
    }


def _named(customer: Customer, numbers: list[str]) -> list[Invoice]:
    """By a statement for so many numbers; those for which there is none are filled up with the last."""
    if not numbers:
        return []
    size = next(size for size in SIZES if size >= len(numbers))
    filled = numbers + numbers[-1:] * (size - len(numbers))
    given = {f"number_{n}": number.replace("\0", "") for n, number in enumerate(filled)}
    return SEVERAL[size].all(**customer.given, **given)


def shown(invoices: InvoiceQuerySet) -> InvoiceQuerySet:
    """With who is paying them, and without what only the paper itself needs."""
    return invoices.with_holds().defer("frozen", "notes", "terms")


def _late() -> QuerySet[Invoice, Invoice]:
    late = Invoice.given().overdue(on=Given("on")).filter(currency=Given("currency"))  # type: ignore[arg-type]
    return shown(late).by_due_date()[:MOST_ASKED]


def _one() -> QuerySet[Invoice, Invoice]:
    return shown(Invoice.given().visible().filter(number=Given("number"))).by_due_date()


def _several(size: int) -> Statement[Invoice, Invoice]:
    def build() -> QuerySet[Invoice, Invoice]:
        numbers = [Given(f"number_{n}") for n in range(size)]
        return shown(Invoice.given().visible().filter(number__in=numbers)).by_due_date()

    return Statement(build)


# A few more than fit into one payment, since some may be left out.
MOST_ASKED = MOST_INVOICES_AT_ONCE + 50
LATE = Statement(_late)
ONE = Statement(_one)
SIZES = (4, 16, 64, MOST_ASKED)
SEVERAL = {size: _several(size) for size in SIZES}
