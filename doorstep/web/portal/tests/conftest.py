"""Coyote's papers, as most tests of the portal want them; it is noon of 20 November 2026 for everybody."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client

from doorstep.lib.clock import shifted_to
from doorstep.payments.facts import PaymentFact
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.sales.models import Invoice
from tests.cast import NOON, TODAY, Cast, an_invoice

type Make = Callable[..., Invoice]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with shifted_to(NOON):
        yield


@pytest.fixture
def wile(cast: Cast, signed_in: Callable[[object], Client]) -> Client:
    return signed_in(cast.wile)


@pytest.fixture
def wanda(cast: Cast, signed_in: Callable[[object], Client]) -> Client:
    return signed_in(cast.wanda)


@pytest.fixture
def bill(cast: Cast) -> Make:
    """`bill("100.00", due=-7)`: an invoice to Coyote that was due seven days ago."""

    def make(
        amount: str = "100.00", *, due: int = 14, currency: str = "USD", **details: object
    ) -> Invoice:
        day = TODAY + timedelta(days=due - 30)
        customer = copy.copy(cast.coyote)
        customer.currency = currency
        return an_invoice(
            customer, amount, by=cast.olivia, day=day, due=TODAY + timedelta(days=due), **details
        )

    return make


@pytest.fixture
def begin(cast: Cast) -> Callable[..., Payment]:
    """`begin(invoice, by=cast.wanda)`: an attempt that is open at the bank's page."""

    def make(*invoices: Invoice, by: object = None, method: str = "card") -> Payment:
        total = sum(invoice.balance for invoice in invoices)
        who = by or cast.wile
        return Payment.start(list(invoices), by=who, method=method, seen_total=total, at=NOON)  # type: ignore[arg-type]

    return make


def tell(payment: Payment, state: PaymentState, **details: object) -> Payment:
    """What the bank says about a payment."""
    fact = PaymentFact(
        gateway=payment.gateway,
        attempt=payment.attempt,
        reference=f"ref-{payment.pk}",
        state=state,
        money=payment.money,
        at=NOON,
        **details,  # type: ignore[arg-type]
    )
    return Payment.record(fact)
