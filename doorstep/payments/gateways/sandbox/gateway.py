"""The sandbox bank as a gateway. It is asked in this process: see docs/adr/ on why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.lib.money import Money
from doorstep.organizations.models import Organization
from doorstep.payments.facts import PaymentFact
from doorstep.payments.gateways.base import BadNotice, Checkout, GatewayError, WayToPay
from doorstep.payments.gateways.sandbox.bank import SandboxSession, SessionState
from doorstep.payments.gateways.sandbox.notices import SIGNATURE, check_signature
from doorstep.payments.states import PaymentState

if TYPE_CHECKING:
    from doorstep.payments.models import Payment

LONGEST_NOTICE = 64_000


class SandboxGateway:
    slug = "sandbox"

    def ways_to_pay(self) -> list[WayToPay]:
        return [
            WayToPay("card", gettext_lazy("Card"), gettext_lazy("Arrives at once")),
            WayToPay(
                "bank_debit", gettext_lazy("Bank debit"), gettext_lazy("Takes about 4 working days")
            ),
        ]

    def begin(
        self, payment: Payment, *, description: str, return_url: str, cancel_url: str, at: datetime
    ) -> Checkout:
        check_play_money(payment.organization)
        session = self._session(
            payment, description, return_url=return_url, cancel_url=cancel_url, at=at
        )
        session.lapse(at=at)
        if session.state in (SessionState.EXPIRED, SessionState.CANCELLED):
            raise GatewayError(_("This payment is closed. Start again."), permanent=True)
        return Checkout(
            session.reference, f"/sandbox-bank/{session.reference}/", session.expires_at
        )

    def look_up(self, payment: Payment, *, at: datetime) -> PaymentFact | None:
        session = SandboxSession.objects.filter(key=payment.attempt).first()
        if session is None:
            return None
        session.lapse(at=at)
        return None if session.is_open else _fact(session, source="asked")

    def expire(self, payment: Payment, *, at: datetime) -> PaymentFact:
        # A checkout that never opened is opened closed, so that a late `begin` finds it so.
        session = self._session(payment, "", return_url="", cancel_url="", at=at)
        session.close(at=at)
        return _fact(session, source="asked")

    def read_notice(
        self, body: bytes, headers: Mapping[str, str], *, at: datetime
    ) -> list[PaymentFact]:
        if len(body) > LONGEST_NOTICE:
            raise BadNotice("too long")
        check_signature(body, headers.get(SIGNATURE, ""), at=at)
        try:
            return [_read(json.loads(body))]
        except (ValueError, KeyError, TypeError) as error:
            raise BadNotice(f"not a notice: {error!r}") from error

    def _session(
        self, payment: Payment, description: str, *, return_url: str, cancel_url: str, at: datetime
    ) -> SandboxSession:
        return SandboxSession.open_by_key(
            payment.attempt,
            at=at,
            organization=payment.organization,
            amount=payment.amount,
            currency=payment.currency,
            description=description[:200],
            method=payment.method,
            return_url=return_url,
            cancel_url=cancel_url,
            expires_at=payment.expires_at or at,
        )


def check_play_money(organization: Organization) -> None:
    """Raises `GatewayError` where money is real."""
    if not organization.is_test or organization.went_live_at is not None:
        raise GatewayError(_("The test bank is closed: money is real here."), permanent=True)


def _fact(session: SandboxSession, *, source: str) -> PaymentFact:
    return PaymentFact(
        gateway=SandboxGateway.slug,
        attempt=session.key,
        reference=session.reference,
        state=PaymentState(session.state),
        money=session.money,
        at=session.changed_at,
        method=session.method,
        method_label=session.method_label,
        expected_on=session.expected_on,
        reason=session.failure_reason,
        source=source,
    )


def _read(notice: dict[str, Any]) -> PaymentFact:
    amount, at = notice["amount"], datetime.fromisoformat(notice["at"])
    if type(amount) is not int or at.tzinfo is None:
        raise TypeError("amounts are whole numbers, instants have a zone")
    expected_on = notice["expected_on"]
    return PaymentFact(
        gateway=SandboxGateway.slug,
        attempt=str(notice["key"]),
        reference=str(notice["session"]),
        state=PaymentState(notice["state"]),
        money=Money(amount, str(notice["currency"])),
        at=at,
        method=str(notice["method"]),
        method_label=str(notice["method_label"]),
        expected_on=date.fromisoformat(expected_on) if expected_on else None,
        reason=str(notice["reason"]),
        source="notice",
    )
