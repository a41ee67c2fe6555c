"""How a payment begins: everything is checked under lock, committed, and only then the gateway is called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.activity.models import Actor, record
from doorstep.contacts.models import Contact, ContactPerson
from doorstep.documents.models import Hold
from doorstep.lib.checkpoints import checkpoint
from doorstep.lib.money import Money
from doorstep.lib.tokens import make_token
from doorstep.organizations.models import Member, NumberSeries, Organization
from doorstep.payments.events import PAYMENT_STARTED
from doorstep.payments.facts import PaymentFact
from doorstep.payments.refusals import (
    AnotherPayment,
    InvoicesChanged,
    MayNotPay,
    MixedCurrencies,
    NoGateway,
)
from doorstep.payments.states import PaymentState
from doorstep.sales.models import Invoice

if TYPE_CHECKING:
    from doorstep.payments.models import Payment


def start(
    invoices: Sequence[Invoice], *, by: ContactPerson, method: str, seen_total: int, at: datetime
) -> Payment:
    """See `Payment.start`."""
    organization = by.organization
    if not by.may_pay:
        raise MayNotPay(_("You can see this but not pay it. Ask a colleague who may."))
    if not organization.gateway:
        raise NoGateway(_("%(name)s takes no payments here yet.") % {"name": organization.name})
    with transaction.atomic(durable=True):
        locked = _lock(invoices, by.contact)
        checkpoint("pay.after_lock")
        if same := _same_attempt(locked, by, at):
            return same
        _check(locked, organization, seen_total)
        payment = _write(locked, organization, by=by, method=method, at=at)
    checkpoint("pay.after_commit")
    return payment


def go_to_gateway(payment: Payment, *, return_url: str, cancel_url: str, at: datetime) -> str:
    """See `Payment.go_to_gateway`. Asking twice opens nothing twice: the gateway knows `attempt`."""
    if payment.checkout_url:
        return payment.checkout_url
    checkout = payment.through.begin(
        payment,
        description=_describe(payment),
        return_url=return_url,
        cancel_url=cancel_url,
        at=at,
    )
    checkpoint("pay.after_gateway")
    type(payment).objects.filter(pk=payment.pk).update(
        provider_reference=checkout.reference,
        checkout_url=checkout.url,
        expires_at=checkout.expires_at,
    )
    return checkout.url


def receive(
    contact: Contact,
    money: Money,
    shares: Sequence[tuple[Invoice, int]],
    *,
    by: Member,
    method: str,
    day: date,
    at: datetime,
    reference: str,
) -> Payment:
    """See `Payment.receive`."""
    from doorstep.payments.models import Allocation, Payment

    by.require("payments.record")
    if sum(amount for _invoice, amount in shares) > money.amount:
        raise InvoicesChanged(_("You have spread more than was received."))
    with transaction.atomic():
        locked = {i.pk: i for i in _lock([invoice for invoice, _amount in shares], contact)}
        if any(amount > locked[i.pk].balance or i.currency != money.currency for i, amount in shares):
            raise InvoicesChanged(_("An invoice owes less than you entered. Look again."))
        payment = Payment.objects.create(
            organization_id=contact.organization_id,
            contact=contact,
            number=NumberSeries.take(contact.organization_id, "payment"),
            currency=money.currency,
            amount=money.amount,
            date=day,
            gateway="manual",
            method=method,
            attempt=make_token(),
            reference=reference,
            started_by_id=by.account_id,
            started_by_name=by.actor_name,
            started_at=at,
        )
        Allocation.objects.bulk_create(
            Allocation(
                organization_id=payment.organization_id,
                payment=payment,
                document=locked[invoice.pk],
                amount=amount,
            )
            for invoice, amount in shares
        )
        return Payment.record(
            PaymentFact(
                gateway="manual",
                attempt=payment.attempt,
                reference="",
                state=PaymentState.SUCCEEDED,
                money=money,
                at=at,
                method=method,
                source="staff",
            )
        )


def _lock(invoices: Sequence[Invoice], contact: Contact) -> list[Invoice]:
    wanted = {invoice.pk for invoice in invoices}
    locked = list(Invoice.of(contact).filter(pk__in=wanted).locked())
    if not locked or len(locked) != len(wanted):
        raise InvoicesChanged(_("An invoice is no longer there. Look again before you pay."))
    return locked


def _same_attempt(invoices: list[Invoice], by: ContactPerson, at: datetime) -> Payment | None:
    """A double click, or the same person coming back: the attempt that is already open."""
    from doorstep.payments.models import Allocation, Payment

    wanted = {invoice.pk for invoice in invoices}
    mine = Payment.objects.filter(
        pk__in=Allocation.objects.filter(
            organization=by.organization_id, document__in=wanted
        ).values("payment"),
        state=PaymentState.OPEN,
        started_by=by.actor_account_id,
        expires_at__gt=at,
    ).order_by("-pk")
    for payment in mine:
        shares = dict(payment.allocations.values_list("document", "amount"))
        if shares == {invoice.pk: invoice.balance for invoice in invoices}:
            return payment
    return None


def _check(invoices: list[Invoice], organization: Organization, seen_total: int) -> None:
    preferences = organization.preferences.for_contact(invoices[0].contact)
    preferences.check_bulk_payment(invoices)
    if len({invoice.currency for invoice in invoices}) > 1:
        raise MixedCurrencies(_("Pay invoices in different currencies one currency at a time."))
    for invoice in invoices:
        if preferences.holds_are_exclusive() and (holder := _holder(invoice)):
            raise AnotherPayment(
                _("A payment for %(number)s is already being processed.")
                % {"number": invoice.number},
                holder,
            )
        preferences.check_no_payment_in_progress(invoice)
    unpayable = any(not invoice.is_open for invoice in invoices)
    if unpayable or sum(invoice.balance for invoice in invoices) != seen_total:
        raise InvoicesChanged(
            _("What you owe has changed since you opened this page. Look at the new total.")
        )


def _holder(invoice: Invoice) -> Payment | None:
    """Whose payment is under way, whether or not it began while second payments were allowed."""
    from doorstep.payments.models import Payment

    return (
        Payment.objects.filter(
            allocations__document=invoice.pk,
            state__in=[PaymentState.OPEN, PaymentState.PENDING],
        )
        .order_by("-state", "pk")
        .first()
    )


def _write(
    invoices: list[Invoice], organization: Organization, *, by: ContactPerson, method: str, at: datetime
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
        started_by_name=by.name,
        started_at=at,
        expires_at=at + OPEN_FOR,
    )
    exclusive = organization.preferences.for_contact(by.contact).holds_are_exclusive()
    holds: list[Hold] = [
        invoice.hold(
            invoice.balance, by=by.actor_account_id, by_name=by.name, exclusive=exclusive, at=at
        )
        for invoice in invoices
    ]
    Allocation.objects.bulk_create(
        Allocation(
            organization=organization, payment=payment, document=invoice, amount=hold.amount, hold=hold
        )
        for invoice, hold in zip(invoices, holds, strict=True)
    )
    starter: Actor = by
    record(PAYMENT_STARTED, payment, by=starter, at=at, invoices=[i.number for i in invoices])
    return payment


def _describe(payment: Payment) -> str:
    """One line for the gateway; the split stays with us."""
    numbers = list(payment.allocations.values_list("document__number", flat=True)[:2])
    if len(numbers) == 1:
        return str(numbers[0])
    return _("%(count)d invoices") % {"count": payment.allocations.count()}
