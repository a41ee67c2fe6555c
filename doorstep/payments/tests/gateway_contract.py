"""What every gateway is held to. A gateway's test inherits this and says how its payers and its bank act."""

from __future__ import annotations

from datetime import timedelta

import pytest

from doorstep.payments.gateways.base import BadNotice, Gateway, GatewayError
from doorstep.payments.models import Payment
from doorstep.payments.states import Method, PaymentState
from doorstep.payments.tests.steps import at_the_bank, start
from doorstep.sales.models import Invoice
from tests.cast import NOON, Cast, an_invoice

LATER = NOON + timedelta(minutes=3)


class GatewayContract:
    gateway: Gateway

    def pays(self, payment: Payment) -> None:
        """The payer pays by a method that is final at once."""
        raise NotImplementedError

    def debits(self, payment: Payment) -> None:
        """The payer starts a transfer that takes days."""
        raise NotImplementedError

    def notice_about(self, payment: Payment) -> tuple[bytes, dict[str, str]]:
        """The newest notice that the gateway sends about the payment at LATER: body and headers."""
        raise NotImplementedError

    @pytest.fixture
    def invoice(self, cast: Cast) -> Invoice:
        return an_invoice(cast.coyote, "120.00", by=cast.olivia)

    @pytest.fixture
    def begun(self, cast: Cast, invoice: Invoice) -> Payment:
        return at_the_bank(start([invoice], cast.wile))

    def begin(self, payment: Payment) -> str:
        checkout = self.gateway.begin(
            payment, description="x", return_url="http://a/", cancel_url="http://b/", at=LATER
        )
        return f"{checkout.reference} {checkout.url}"

    def test_its_ways_to_pay_are_known(self) -> None:
        ways = [way.method for way in self.gateway.ways_to_pay()]
        assert ways and len(set(ways)) == len(ways) and set(ways) <= set(Method.values)

    def test_the_same_payment_gets_the_same_checkout(self, begun: Payment) -> None:
        assert (
            self.begin(begun)
            == self.begin(begun)
            == f"{begun.provider_reference} {begun.checkout_url}"
        )

    def test_nothing_has_happened_yet(self, begun: Payment) -> None:
        assert self.gateway.look_up(begun, at=LATER) is None

    def test_a_payment_is_told_as_it_was_meant(self, begun: Payment) -> None:
        self.pays(begun)
        fact = self.gateway.look_up(begun, at=LATER)
        assert fact is not None
        assert (fact.state, fact.money, fact.attempt, fact.reference) == (
            PaymentState.SUCCEEDED,
            begun.money,
            begun.attempt,
            begun.provider_reference,
        )

    def test_a_transfer_says_when_the_money_is_expected(self, begun: Payment) -> None:
        self.debits(begun)
        fact = self.gateway.look_up(begun, at=LATER)
        assert fact is not None and fact.state == PaymentState.PENDING
        assert fact.expected_on is not None and fact.expected_on > NOON.date()

    def test_what_is_closed_takes_no_money(self, begun: Payment) -> None:
        assert self.gateway.expire(begun, at=LATER).state == PaymentState.EXPIRED
        assert self.gateway.expire(begun, at=LATER).state == PaymentState.EXPIRED
        with pytest.raises(Exception, match="closed"):
            self.pays(begun)
        with pytest.raises(GatewayError) as refusal:
            self.begin(begun)
        assert refusal.value.permanent

    def test_what_was_closed_before_it_opened_never_opens(
        self, cast: Cast, invoice: Invoice
    ) -> None:
        payment = start([invoice], cast.wile)
        assert self.gateway.expire(payment, at=LATER).state == PaymentState.EXPIRED
        with pytest.raises(GatewayError):
            self.begin(payment)

    def test_closing_comes_too_late_for_what_was_paid(self, begun: Payment) -> None:
        self.pays(begun)
        assert self.gateway.expire(begun, at=LATER).state == PaymentState.SUCCEEDED

    def test_closing_does_not_stop_a_transfer(self, begun: Payment) -> None:
        self.debits(begun)
        assert self.gateway.expire(begun, at=LATER).state == PaymentState.PENDING

    def test_a_signed_notice_is_a_fact(self, begun: Payment) -> None:
        self.pays(begun)
        body, headers = self.notice_about(begun)
        (fact,) = self.gateway.read_notice(body, headers, at=LATER)
        assert (fact.state, fact.money) == (PaymentState.SUCCEEDED, begun.money)
        assert (fact.attempt, fact.reference) == (begun.attempt, begun.provider_reference)

    def test_an_altered_notice_is_refused(self, begun: Payment) -> None:
        self.pays(begun)
        body, headers = self.notice_about(begun)
        with pytest.raises(BadNotice):
            self.gateway.read_notice(body.replace(b"12000", b"12001"), headers, at=LATER)

    def test_an_unsigned_notice_is_refused(self, begun: Payment) -> None:
        self.pays(begun)
        body, _headers = self.notice_about(begun)
        with pytest.raises(BadNotice):
            self.gateway.read_notice(body, {}, at=LATER)

    @pytest.mark.parametrize("seconds", [-301, 301])
    def test_an_old_notice_or_one_from_the_future_is_refused(
        self, begun: Payment, seconds: int
    ) -> None:
        self.pays(begun)
        body, headers = self.notice_about(begun)
        with pytest.raises(BadNotice):
            self.gateway.read_notice(body, headers, at=LATER - timedelta(seconds=seconds))
