"""How a payment begins: everything is checked under lock, committed, and only then the gateway is called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from doorstep.activity.models import record
from doorstep.contacts.models import Contact
from doorstep.documents.models import Hold
from doorstep.lib.checkpoints import checkpoint
from doorstep.lib.tokens import make_token
from doorstep.organizations.models import NumberSeries, Organization, PortalPreferences
from doorstep.payments.events import PAYMENT_STARTED
from doorstep.payments.facts import PaymentFact
from doorstep.payments.gateways import gateway_named
from doorstep.payments.gateways.base import GatewayError
from doorstep.payments.payer import Payer
from doorstep.payments.refusals import (
    InvoicesChanged,
    MayNotPay,
    MixedCurrencies,
    NoGateway,
    NoSuchWay,
)
from doorstep.payments.states import PaymentState
from doorstep.payments.under_way import clear_abandoned, refuse_because_of, under_way
from doorstep.sales.models import Invoice

if TYPE_CHECKING:
    from doorstep.payments.models import Payment


def start(
    invoices: Sequence[Invoice], *, by: Payer, method: str, seen_total: int, at: datetime
) -> Payment:
    """See `Payment.start`."""
    if not by.may_pay:
        raise MayNotPay(_("You can see this but not pay it. Ask a colleague who may."))
    clear_abandoned(invoices, at=at)
    try:
        with transaction.atomic(durable=True):
            payment = _start(invoices, by=by, method=method, seen_total=seen_total, at=at)
            checkpoint("pay.before_commit")
    except IntegrityError:
        # Only the unique hold can say no here: somebody was quicker in a way no lock foresaw.
        if holders := under_way(invoices):
            raise refuse_because_of(holders[0], by=by) from None
        raise
    checkpoint("pay.after_commit")
    return payment


def _start(
    invoices: Sequence[Invoice], *, by: Payer, method: str, seen_total: int, at: datetime
) -> Payment:
    locked = _lock(invoices, by.contact)
    checkpoint("pay.after_lock")
    # Read after the locks: a preference switched while we waited already holds.
    organization = Organization.objects.with_preferences().get(pk=by.organization_id)
    preferences = organization.preferences.for_contact(by.contact)
    _check_way(organization, method)
    preferences.check_bulk_payment(locked)
    holders = under_way(locked)
    total_is_as_seen = sum(invoice.balance for invoice in locked) == seen_total
    if total_is_as_seen and (same := _same_attempt(holders, locked, by=by, method=method, at=at)):
        return same
    if holders and preferences.holds_are_exclusive():
        raise refuse_because_of(holders[0], by=by)
    _check_invoices(locked, preferences)
    if not total_is_as_seen:
        raise InvoicesChanged(
            _("What you owe has changed since you opened this page. Look at the new total.")
        )
    return _write(locked, organization, preferences, by=by, method=method, at=at)


def go_to_gateway(payment: Payment, *, return_url: str, cancel_url: str, at: datetime) -> str:
    """See `Payment.go_to_gateway`. Asking twice opens nothing twice: the gateway knows `attempt`."""
    if payment.checkout_url:
        return payment.checkout_url
    try:
        checkout = payment.through.begin(
            payment,
            description=_describe(payment),
            return_url=return_url,
            cancel_url=cancel_url,
            at=at,
        )
    except GatewayError as error:
        if error.permanent:
            _end_without_gateway(payment, error, at=at)
        raise
    checkpoint("pay.after_gateway")
    type(payment).objects.filter(pk=payment.pk).update(
        provider_reference=checkout.reference,
        checkout_url=checkout.url,
        expires_at=checkout.expires_at,
    )
    return checkout.url


def _lock(invoices: Sequence[Invoice], contact: Contact) -> list[Invoice]:
    wanted = {invoice.pk for invoice in invoices}
    locked = list(Invoice.of(contact).filter(pk__in=wanted).locked())
    if not locked or len(locked) != len(wanted):
        raise InvoicesChanged(_("An invoice is no longer there. Look again before you pay."))
    return locked


def _check_way(organization: Organization, method: str) -> None:
    if not organization.gateway:
        raise NoGateway(_("%(name)s takes no payments here yet.") % {"name": organization.name})
    ways = gateway_named(organization.gateway).ways_to_pay()
    if method not in {way.method for way in ways}:
        raise NoSuchWay(_("Choose one of the ways to pay."))


def _same_attempt(
    holders: list[Payment],
    invoices: list[Invoice],
    *,
    by: Payer,
    method: str,
    at: datetime,
) -> Payment | None:
    """A double click, or the same person coming back: the attempt that is already open."""
    wanted = {invoice.pk: invoice.balance for invoice in invoices}
    for payment in holders:
        if (
            payment.is_open
            and payment.is_started_by(by)
            and payment.method == method
            and not payment.is_abandoned(at=at)
            and dict(payment.allocations.values_list("document", "amount")) == wanted
        ):
            return payment
    return None


def _check_invoices(invoices: list[Invoice], preferences: PortalPreferences) -> None:
    if len({invoice.currency for invoice in invoices}) > 1:
        raise MixedCurrencies(_("Pay invoices in different currencies one currency at a time."))
    for invoice in invoices:
        preferences.check_no_payment_in_progress(invoice)
        if not invoice.is_open:
            raise InvoicesChanged(
                _("%(number)s has nothing left to pay. Look at the new total.")
                % {"number": invoice.number}
            )


def _write(
    invoices: list[Invoice],
    organization: Organization,
    preferences: PortalPreferences,
    *,
    by: Payer,
    method: str,
    at: datetime,
) -> Payment:
    from doorstep.payments.models import Allocation, Payment
    from doorstep.payments.models.payment import OPEN_FOR

    payment = Payment.objects.create(
        organization=organization,
        contact_id=by.contact_id,
        number=NumberSeries.take(organization.pk, "payment"),
        currency=invoices[0].currency,
        amount=sum(invoice.balance for invoice in invoices),
        date=organization.today(at),
        gateway=organization.gateway,
        method=method,
        attempt=make_token(),
        started_by_id=by.actor_account_id,
        started_by_name=by.actor_name,
        started_in=by.browser,
        link_id=by.link_id,
        started_at=at,
        expires_at=at + OPEN_FOR,
    )
    exclusive = preferences.holds_are_exclusive()
    holds: list[Hold] = [
        invoice.hold(
            invoice.balance,
            by=by.actor_account_id,
            by_name=by.actor_name,
            exclusive=exclusive,
            at=at,
        )
        for invoice in invoices
    ]
    Allocation.objects.bulk_create(
        Allocation(
            organization=organization,
            payment=payment,
            document=invoice,
            amount=hold.amount,
            hold=hold,
        )
        for invoice, hold in zip(invoices, holds, strict=True)
    )
    record(PAYMENT_STARTED, payment, by=by, at=at, invoices=[i.number for i in invoices])
    return payment


def _describe(payment: Payment) -> str:
    """One line for the gateway; the split stays with us."""
    numbers = list(payment.allocations.values_list("document__number", flat=True)[:2])
    if len(numbers) == 1:
        return str(numbers[0])
    return _("%(count)d invoices") % {"count": payment.allocations.count()}


def _end_without_gateway(payment: Payment, error: GatewayError, *, at: datetime) -> None:
    """The gateway will never open a checkout: the attempt must not keep others out."""
    fact = payment.through.look_up(payment, at=at) or PaymentFact(
        gateway=payment.gateway,
        attempt=payment.attempt,
        reference="",
        state=PaymentState.FAILED,
        money=payment.money,
        at=at,
        reason=str(error),
        source="asked",
    )
    type(payment).record(fact)
