"""What people and banks do in the tests about money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from doorstep.contacts.models import ContactPerson
from doorstep.payments.facts import PaymentFact
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.sales.models import Invoice
from tests.cast import NOON


def start(
    invoices: Sequence[Invoice], by: ContactPerson, *, method: str = "card", at: datetime = NOON
) -> Payment:
    """Pay the whole balances as they stand now."""
    total = sum(
        Invoice.objects.filter(pk__in=[i.pk for i in invoices]).values_list("balance", flat=True)
    )
    return Payment.start(invoices, by=by, method=method, seen_total=total, at=at)


def at_the_bank(payment: Payment, *, at: datetime = NOON) -> Payment:
    """The payer stands on the bank's page."""
    payment.go_to_gateway(
        return_url="http://testserver/portal/acme/back/",
        cancel_url="http://testserver/portal/acme/pay/",
        at=at,
    )
    payment.refresh_from_db()
    return payment


def fact(
    payment: Payment, state: PaymentState, *, at: datetime = NOON, **other: Any
) -> PaymentFact:
    """What the gateway says about a payment; `other` replaces what is true."""
    known: dict[str, Any] = {
        "gateway": payment.gateway,
        "attempt": payment.attempt,
        "reference": payment.provider_reference or f"ref-{payment.pk}",
        "state": state,
        "money": payment.money,
        "at": at,
    }
    return PaymentFact(**known | other)


def pay(invoices: Sequence[Invoice], by: ContactPerson, *, at: datetime = NOON) -> Payment:
    """From the click to the money."""
    return Payment.record(fact(start(invoices, by, at=at), PaymentState.SUCCEEDED, at=at))
