"""The one place where money is booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from doorstep.activity.models import Actor, Event, System
from doorstep.activity.models import record as record_event
from doorstep.documents.models import Hold
from doorstep.documents.models.hold import HoldQuerySet, HoldStage
from doorstep.lib.checkpoints import checkpoint
from doorstep.payments.events import (
    PAYMENT_CANCELLED,
    PAYMENT_EXPIRED,
    PAYMENT_FAILED,
    PAYMENT_PENDING,
    PAYMENT_QUARANTINED,
    PAYMENT_SUCCEEDED,
)
from doorstep.payments.facts import PaymentFact
from doorstep.payments.states import NEXT, PaymentState
from doorstep.sales.models import Invoice

if TYPE_CHECKING:
    from doorstep.payments.models import Payment

EVENTS = {
    PaymentState.PENDING: PAYMENT_PENDING,
    PaymentState.SUCCEEDED: PAYMENT_SUCCEEDED,
    PaymentState.FAILED: PAYMENT_FAILED,
    PaymentState.EXPIRED: PAYMENT_EXPIRED,
    PaymentState.CANCELLED: PAYMENT_CANCELLED,
}


def record(fact: PaymentFact, *, by: Actor | None = None) -> Payment:
    """See `Payment.record`."""
    with transaction.atomic():
        payment = _lock(fact)
        checkpoint("book.after_lock")
        if why := _does_not_fit(payment, fact):
            return _set_aside(payment, fact, why)
        if fact.state in NEXT[payment.state]:
            _move(payment, fact, by or System())
            checkpoint("book.before_commit")
    return payment


def _lock(fact: PaymentFact) -> Payment:
    """By our own key; by the gateway's reference only when the gateway did not carry ours."""
    from doorstep.payments.models import Payment

    payments = Payment.objects.filter(gateway=fact.gateway)
    if fact.attempt:
        payments = payments.filter(attempt=fact.attempt)
    elif fact.reference:
        payments = payments.filter(provider_reference=fact.reference)
    else:
        raise Payment.DoesNotExist
    return payments.select_related("organization", "contact").select_for_update(of=("self",)).get()


def _does_not_fit(payment: Payment, fact: PaymentFact) -> str:
    """Why a person must look at this, or nothing."""
    if fact.money != payment.money:
        return "wrong amount"
    if fact.reference and payment.provider_reference not in ("", fact.reference):
        return "another reference"
    if fact.reference and _is_taken(payment, fact.reference):
        return "reference of another payment"
    # A late hint about an earlier state says nothing new; money after the end does.
    is_after_the_end = fact.state not in (payment.state, *NEXT[payment.state])
    if fact.state == PaymentState.SUCCEEDED and is_after_the_end:
        return f"paid after {payment.state}"
    return ""


def _is_taken(payment: Payment, reference: str) -> bool:
    return (
        type(payment)
        .objects.filter(
            organization=payment.organization_id,
            gateway=payment.gateway,
            provider_reference=reference,
        )
        .exclude(pk=payment.pk)
        .exists()
    )


def _move(payment: Payment, fact: PaymentFact, by: Actor) -> None:
    payment.state = fact.state
    payment.provider_reference = fact.reference or payment.provider_reference
    payment.method = fact.method or payment.method
    payment.method_label = fact.method_label or payment.method_label
    payment.booked_from = fact.source
    if fact.state == PaymentState.PENDING:
        payment.pending_at, payment.expected_on = fact.at, fact.expected_on
        _holds(payment).update(stage=HoldStage.PENDING, expected_on=fact.expected_on)
    elif fact.state == PaymentState.SUCCEEDED:
        payment.settled_at = payment.ended_at = fact.at
        if payment.gateway != "manual":
            payment.date = payment.organization.today(fact.at)
        payment.unallocated = payment.amount - _settle(payment, fact)
        _holds(payment).update(released_at=fact.at)
    else:
        payment.ended_at, payment.failure_reason = fact.at, fact.reason[:300]
        _holds(payment).update(released_at=fact.at)
    payment.save()
    record_event(
        EVENTS[fact.state], payment, by=by, at=fact.at, origin=payment.origin, source=fact.source
    )


def _settle(payment: Payment, fact: PaymentFact) -> int:
    """Settle the invoices in their lock order; what one cannot take any more stays as credit."""
    shares = {share.document_id: share for share in payment.allocations.all()}
    settled = 0
    invoices = list(Invoice.objects.filter(pk__in=shares).locked())  # type: ignore[attr-defined]
    checkpoint("book.after_invoices")
    for invoice in invoices:
        share = shares[invoice.pk]
        takes = min(share.amount, invoice.balance) if invoice.is_open else 0
        if takes:
            share.settlement = invoice.settle(takes, at=fact.at)
            share.save(update_fields=["settlement"])
            settled += takes
    return settled


def _holds(payment: Payment) -> HoldQuerySet:
    return Hold.objects.filter(pk__in=payment.allocations.values("hold")).unreleased()


def _set_aside(payment: Payment, fact: PaymentFact, why: str) -> Payment:
    """Money that does not fit is never booked silently and never lost: staff see the event, once."""
    claimed = [fact.money.amount, fact.money.currency, str(fact.state), fact.reference]
    told = Event.objects.about(payment).filter(kind=PAYMENT_QUARANTINED)
    if not any(event.data.get("claimed") == claimed for event in told):
        record_event(
            PAYMENT_QUARANTINED, payment, by=System(), at=fact.at, why=why, claimed=claimed
        )
    return payment
