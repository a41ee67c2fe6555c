"""Money that has already arrived, recorded by a member of the staff."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from doorstep.contacts.models import Contact
from doorstep.lib.money import Money
from doorstep.lib.tokens import make_token
from doorstep.organizations.models import Member, NumberSeries
from doorstep.payments.facts import PaymentFact
from doorstep.payments.models.allocation import Allocation
from doorstep.payments.models.payment import Payment
from doorstep.payments.refusals import AlreadyRecorded, InvoicesChanged, NotThatMuch
from doorstep.payments.states import PaymentState
from doorstep.sales.models import Invoice


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
    key: str,
) -> Payment:
    """See `Payment.receive`."""
    by.require("payments.record")
    _check_sums(money, shares)
    attempt = key or make_token()
    try:
        return _receive(
            contact, money, shares,
            by=by, method=method, day=day, at=at, reference=reference, attempt=attempt,
        )  # fmt: skip
    except IntegrityError:
        # The same form at the same moment: the other one was first.
        if told_before := _told_before(contact, attempt, money):
            return told_before
        raise


def _told_before(contact: Contact, attempt: str, money: Money) -> Payment | None:
    """What this form recorded already. Raises `AlreadyRecorded` when it was other money."""
    found = Payment.of(contact).filter(attempt=attempt).first()
    if found and found.money != money:
        raise AlreadyRecorded(
            _("With this form you recorded %(number)s already. Open it again for other money.")
            % {"number": found.number}
        )
    return found


def _receive(
    contact: Contact,
    money: Money,
    shares: Sequence[tuple[Invoice, int]],
    *,
    by: Member,
    method: str,
    day: date,
    at: datetime,
    reference: str,
    attempt: str,
) -> Payment:
    with transaction.atomic():
        locked = _lock(contact, [invoice for invoice, _amount in shares])
        if told_before := _told_before(contact, attempt, money):
            return told_before
        for invoice, amount in shares:
            current = locked[invoice.pk]
            if (
                not current.is_open
                or amount > current.balance
                or current.currency != money.currency
            ):
                raise InvoicesChanged(
                    _("%(number)s owes less than you entered. Look again.")
                    % {"number": current.number}
                )
        payment = Payment.objects.create(
            organization_id=contact.organization_id,
            contact=contact,
            number=NumberSeries.take(contact.organization_id, "payment"),
            currency=money.currency,
            amount=money.amount,
            date=day,
            gateway="manual",
            method=method,
            attempt=attempt,
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
        return Payment.record(_arrived(payment, at), by=by)


def _check_sums(money: Money, shares: Sequence[tuple[Invoice, int]]) -> None:
    if money.amount <= 0 or any(amount <= 0 for _invoice, amount in shares):
        raise NotThatMuch(_("An amount received is more than nothing."))
    if sum(amount for _invoice, amount in shares) > money.amount:
        raise NotThatMuch(_("You have spread more than was received."))
    if len({invoice.pk for invoice, _amount in shares}) < len(shares):
        raise NotThatMuch(_("An invoice is named twice."))


def _lock(contact: Contact, invoices: list[Invoice]) -> dict[int, Invoice]:
    wanted = {invoice.pk for invoice in invoices}
    locked = {i.pk: i for i in Invoice.of(contact).filter(pk__in=wanted).locked()}
    if len(locked) != len(wanted):
        raise InvoicesChanged(_("An invoice is no longer there. Look again."))
    return locked


def _arrived(payment: Payment, at: datetime) -> PaymentFact:
    return PaymentFact(
        gateway="manual",
        attempt=payment.attempt,
        reference="",
        state=PaymentState.SUCCEEDED,
        money=payment.money,
        at=at,
        method=payment.method,
        source="staff",
    )
