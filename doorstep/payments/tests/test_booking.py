"""Payments from start to booking, without a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from doorstep.lib.money import Money
from doorstep.payments.facts import PaymentFact
from doorstep.payments.models import Payment
from doorstep.payments.refusals import AnotherPayment, InvoicesChanged
from doorstep.payments.states import PaymentState
from doorstep.sales.models import Invoice
from tests.cast import NOON, Cast, an_invoice

pytestmark = pytest.mark.django_db


def fact(payment: Payment, state: PaymentState) -> PaymentFact:
    return PaymentFact(
        gateway=payment.gateway,
        attempt=payment.attempt,
        reference=f"ref-{payment.pk}",
        state=state,
        money=payment.money,
        at=NOON,
    )


@pytest.fixture
def invoices(cast: Cast) -> list[Invoice]:
    return [
        an_invoice(cast.coyote, amount, by=cast.olivia) for amount in ("10.00", "20.50", "30.00")
    ]


def start(cast: Cast, invoices: list[Invoice], by: str = "wile") -> Payment:
    total = sum(invoice.balance for invoice in invoices)
    return Payment.start(invoices, by=getattr(cast, by), method="card", seen_total=total, at=NOON)


def test_three_invoices_are_paid_by_one_payment(cast: Cast, invoices: list[Invoice]) -> None:
    payment = Payment.record(fact(start(cast, invoices), PaymentState.SUCCEEDED))

    assert payment.is_succeeded
    assert payment.money == Money(6050, "USD")
    assert {i.state for i in Invoice.of(cast.coyote)} == {"paid"}


def test_a_fact_told_twice_books_once(cast: Cast, invoices: list[Invoice]) -> None:
    payment = start(cast, invoices)
    for _again in range(3):
        payment = Payment.record(fact(payment, PaymentState.SUCCEEDED))

    assert sum(i.settlements.total() for i in invoices) == 6050


def test_a_double_click_is_one_attempt(cast: Cast, invoices: list[Invoice]) -> None:
    assert start(cast, invoices) == start(cast, invoices)


def test_wanda_is_told_that_wile_is_paying(cast: Cast, invoices: list[Invoice]) -> None:
    first = start(cast, invoices[:1])

    with pytest.raises(AnotherPayment) as refusal:
        start(cast, invoices, by="wanda")

    assert refusal.value.payment == first


def test_a_returned_debit_leaves_the_invoice_payable_again(
    cast: Cast, invoices: list[Invoice]
) -> None:
    payment = start(cast, invoices[:1])
    Payment.record(fact(payment, PaymentState.PENDING))
    Payment.record(fact(payment, PaymentState.FAILED))

    assert start(cast, invoices[:1], by="wanda").started_by_name == "Wanda Reyes"


def test_what_changed_since_the_page_was_opened_is_asked_again(
    cast: Cast, invoices: list[Invoice]
) -> None:
    with pytest.raises(InvoicesChanged):
        Payment.start(invoices, by=cast.wile, method="card", seen_total=1, at=NOON)


def test_money_for_an_invoice_voided_meanwhile_stays_as_credit(
    cast: Cast, invoices: list[Invoice]
) -> None:
    payment = start(cast, invoices[:2])
    Invoice.of(cast.coyote).filter(pk=invoices[0].pk).update(state="void", balance=0)

    payment = Payment.record(fact(payment, PaymentState.SUCCEEDED))

    assert payment.unallocated == 1000


def test_a_wrong_amount_is_set_aside(cast: Cast, invoices: list[Invoice]) -> None:
    payment = start(cast, invoices)
    wrong = PaymentFact(
        gateway=payment.gateway,
        attempt=payment.attempt,
        reference="x",
        state=PaymentState.SUCCEEDED,
        money=Money(1, "USD"),
        at=NOON,
    )

    assert Payment.record(wrong).is_open


def test_a_reference_of_another_payment_is_set_aside(cast: Cast, invoices: list[Invoice]) -> None:
    first, second = start(cast, invoices[:1]), start(cast, invoices[1:])
    Payment.record(fact(first, PaymentState.SUCCEEDED))
    taken = replace(fact(second, PaymentState.SUCCEEDED), reference=f"ref-{first.pk}")

    assert Payment.record(taken).is_open


def test_a_fact_without_our_key_is_found_by_the_gateways_reference(
    cast: Cast, invoices: list[Invoice]
) -> None:
    payment = Payment.record(
        fact(start(cast, invoices), PaymentState.PENDING),
    )
    later = replace(fact(payment, PaymentState.SUCCEEDED), attempt="")

    assert Payment.record(later).is_succeeded
