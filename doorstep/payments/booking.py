"""The one place where money is booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from doorstep.activity.models import System
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

_EVENTS = {
    PaymentState.PENDING: PAYMENT_PENDING,
    PaymentState.SUCCEEDED: PAYMENT_SUCCEEDED,
    PaymentState.FAILED: PAYMENT_FAILED,
    PaymentState.EXPIRED: PAYMENT_EXPIRED,
    PaymentState.CANCELLED: PAYMENT_CANCELLED,
}


def record(fact: PaymentFact) -> Payment:
    """See `Payment.record`."""
    with transaction.atomic():
        payment = _lock(fact)
        checkpoint("book.after_lock")
        if fact.money != payment.money:
            return _set_aside(payment, fact, "wrong amount")
        if fact.state == payment.state or fact.state == PaymentState.OPEN:
            return payment
        if fact.state not in NEXT[payment.state]:
            # A late hint about an earlier state says nothing new; money after the end does.
            if fact.state == PaymentState.SUCCEEDED:
                return _set_aside(payment, fact, f"paid after {payment.state}")
            return payment
        _move(payment, fact)
        checkpoint("book.before_commit")
    return payment


def _lock(fact: PaymentFact) -> Payment:
    from doorstep.payments.models import Payment

    known = Q(attempt=fact.attempt)
    if fact.reference:
        known |= Q(provider_reference=fact.reference)
    return (
        Payment.objects.filter(known, gateway=fact.gateway)
        .select_related("organization", "contact")
        .select_for_update(of=("self",))
        .get()
    )


def _move(payment: Payment, fact: PaymentFact) -> None:
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
        _EVENTS[fact.state],
        payment,
        by=System(),
        at=fact.at,
        origin=payment.origin,
        source=fact.source,
    )


def _settle(payment: Payment, fact: PaymentFact) -> int:
    """Settle the invoices in their lock order; what one cannot take any more stays as credit."""
    shares = {share.document_id: share for share in payment.allocations.all()}
    settled = 0
    for invoice in Invoice.objects.filter(pk__in=shares).locked():  # type: ignore[attr-defined]
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
    """Money that does not fit is never booked silently and never lost: staff see the event."""
    record_event(
        PAYMENT_QUARANTINED,
        payment,
        by=System(),
        at=fact.at,
        why=why,
        claimed=[fact.money.amount, fact.money.currency, fact.state, fact.reference],
    )
    return payment


