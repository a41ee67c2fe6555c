"""Payments under way: who keeps whom from paying, in words, and how somebody else takes over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.activity.models import record
from doorstep.lib.words import moment, short_date
from doorstep.payments.events import PAYMENT_TAKEN_OVER
from doorstep.payments.gateways.base import GatewayError
from doorstep.payments.payer import Payer
from doorstep.payments.refusals import AnotherPayment, MayNotPay
from doorstep.payments.states import UNDER_WAY
from doorstep.sales.models import Invoice

if TYPE_CHECKING:
    from doorstep.payments.models import Payment


def under_way(invoices: Iterable[Invoice]) -> list[Payment]:
    """Payments that may still bring money for these invoices, those on their way first."""
    from doorstep.payments.models import Allocation, Payment

    wanted = [invoice.pk for invoice in invoices]
    shares = Allocation.objects.filter(document__in=wanted, payment__state__in=UNDER_WAY)
    return list(
        Payment.objects.filter(pk__in=shares.values("payment"))
        .select_related("organization")
        .order_by("-state", "pk")
    )


def refuse_because_of(holder: Payment, *, by: Payer) -> AnotherPayment:
    """The refusal that says who is paying, since when, how much, and what one may do."""
    return AnotherPayment(describe(holder, by=by), holder)


def describe(payment: Payment, *, by: Payer) -> str:
    """One payment under way, told to the person who would like to pay the same."""
    mine = payment.is_started_by(by)
    if not mine and not by.knows_colleagues:
        return _("A payment for this is already being processed.")
    if payment.is_pending and mine:
        words = _(
            "Your payment of %(amount)s from %(when)s is on its way. It is expected %(expected)s. "
            "If it does not arrive, you can pay again."
        )
    elif payment.is_pending:
        words = _(
            "A payment is already being processed: %(who)s paid %(amount)s on %(when)s. "
            "It is expected %(expected)s. If it does not arrive, you can pay again."
        )
    elif mine:
        words = _(
            "You began to pay %(amount)s on %(when)s and have not finished. "
            "Continue that payment, or start over."
        )
    else:
        words = _(
            "%(who)s began to pay %(amount)s on %(when)s and has not finished. "
            "You can take the payment over."
        )
    return words % _particulars(payment, by)


def payment_warning(invoices: Sequence[Invoice], *, by: Payer) -> str:
    """What a payer is told before a second payment where second payments are allowed; else empty."""
    if not (payments := under_way(invoices)):
        return ""
    first = payments[0]
    if not by.knows_colleagues and not first.is_started_by(by):
        return _("A payment for this is already being processed. What is too much stays as credit.")
    if first.is_started_by(by):
        words = _(
            "You began a payment of %(amount)s on %(when)s that may still arrive. "
            "If you pay again, what is too much stays as your credit."
        )
    else:
        words = _(
            "%(who)s began a payment of %(amount)s on %(when)s that may still arrive. "
            "If you pay as well, what is too much stays as your credit."
        )
    return words % _particulars(first, by)


def take_over(payment: Payment, *, by: Payer, at: datetime) -> None:
    """See `Payment.take_over`."""
    stranger = not by.knows_colleagues and not payment.is_started_by(by)
    if not by.may_pay or by.contact_id != payment.contact_id or stranger:
        raise MayNotPay(_("You can see this but not pay it. Ask a colleague who may."))
    if not payment.is_open:
        return
    ended = payment.give_up(at=at)
    if ended.is_under_way or ended.is_succeeded:
        raise AnotherPayment(
            _("This payment has just been made, so there is nothing to take over."), ended
        )
    with transaction.atomic():
        record(PAYMENT_TAKEN_OVER, ended, by=by, at=at, starter=ended.started_by_name)


def clear_abandoned(invoices: Sequence[Invoice], *, at: datetime) -> None:
    """Close attempts that nobody finished in time, so that they keep nobody out.

    The worker does so too; a payer should not have to wait for it.
    """
    for payment in under_way(invoices):
        if payment.is_abandoned(at=at):
            try:
                payment.give_up(at=at)
            except GatewayError:
                # Not confirmed: it may still be paid, and `start` will say so.
                continue


def _particulars(payment: Payment, by: Payer) -> dict[str, str]:
    locale, day = by.locale(), payment.expected_on
    return {
        "who": payment.started_by_name,
        "amount": payment.money.show(locale),
        "when": moment(payment.started_at, locale, payment.organization.time_zone),
        "expected": _("on %(day)s") % {"day": short_date(day, locale)} if day else _("soon"),
    }
