"""Why a payment did not start, in the payer's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import Promise

from doorstep.lib.errors import Refused
from doorstep.organizations.preferences import PaymentInProgress

if TYPE_CHECKING:
    from doorstep.payments.models import Payment


class InvoicesChanged(Refused):
    """What is to be paid is not what the payer saw; the page totals again and asks again."""


class MixedCurrencies(Refused):
    """One payment moves one currency."""


class MayNotPay(Refused):
    """The contact person sees papers but does not pay them."""


class NoGateway(Refused):
    """The business takes no payments here; its bank details are shown instead."""


class NotThatMuch(Refused):
    """The amounts of money received do not add up."""


class AlreadyRecorded(Refused):
    """The form was used before, for other money."""


class NoSuchWay(Refused):
    """The gateway does not know this way to pay."""


class AnotherPayment(PaymentInProgress):
    """Somebody's payment holds an invoice. `payment` is theirs; open ones may be taken over."""

    def __init__(self, words: str | Promise, payment: Payment) -> None:
        super().__init__(words)
        self.payment = payment
