"""What every gateway can do. `tests/gateway_contract.py` holds each of them to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from django.utils.functional import Promise

from doorstep.lib.errors import Refused
from doorstep.payments.facts import PaymentFact

if TYPE_CHECKING:
    from doorstep.payments.models import Payment


class GatewayError(Refused):
    """The gateway could not be asked or said no; `permanent` means asking again is useless."""

    def __init__(self, words: str | Promise, *, permanent: bool = False) -> None:
        super().__init__(words)
        self.permanent = permanent


class BadNotice(Exception):
    """Not signed by the gateway, too old, or not a notice at all."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """Where the payer goes to pay, and how the gateway calls it."""

    reference: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class WayToPay:
    """One row of *Ways to pay*: what it is called and when the money arrives."""

    method: str
    label: str | Promise
    arrives: str | Promise


class Gateway(Protocol):
    slug: str

    def ways_to_pay(self) -> list[WayToPay]:
        """What the payer may choose from, quickest first."""

    def begin(
        self, payment: Payment, *, description: str, return_url: str, cancel_url: str, at: datetime
    ) -> Checkout:
        """Open a checkout. The same payment always gets the same one. Raises `GatewayError`."""

    def look_up(self, payment: Payment, *, at: datetime) -> PaymentFact | None:
        """Ask for the truth about a payment; None while nothing has happened."""

    def expire(self, payment: Payment, *, at: datetime) -> PaymentFact:
        """Close the checkout for good and say how it ended (it may just have been paid).

        Raises `GatewayError` when the gateway does not confirm.
        """

    def read_notice(
        self, body: bytes, headers: Mapping[str, str], *, at: datetime
    ) -> list[PaymentFact]:
        """The facts of a signed notice. Raises `BadNotice`."""
