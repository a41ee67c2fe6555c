"""What is known of a payment from outside: the only thing that books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from doorstep.lib.money import Money
from doorstep.payments.states import PaymentState


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """A verified statement by a gateway, a member or an import about one payment.

    `attempt` is our own key, which the gateway carried for us; `reference` is the gateway's.
    """

    gateway: str
    attempt: str
    reference: str
    state: PaymentState
    money: Money
    at: datetime
    method: str = ""
    method_label: str = ""
    expected_on: date | None = None
    reason: str = ""
    source: str = "notice"
