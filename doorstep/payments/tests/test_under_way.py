"""One payment at a time: open attempts are resumed, started over or taken over; pending ones block."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from doorstep.activity.models import Event
from doorstep.lib import clock
from doorstep.lib.money import Money
from doorstep.organizations.models import Organization, PortalPreferences
from doorstep.payments.events import PAYMENT_TAKEN_OVER
from doorstep.payments.gateways.base import GatewayError
from doorstep.payments.gateways.sandbox.gateway import SandboxGateway
from doorstep.payments.models import Payment, SandboxSession
from doorstep.payments.refusals import (
    AnotherPayment,
    InvoicesChanged,
    MayNotPay,
    NoGateway,
    NoSuchWay,
    NotThatMuch,
)
from doorstep.payments.states import PaymentState
from doorstep.payments.tasks import expire_abandoned, reconcile
from doorstep.payments.tests.steps import at_the_bank, fact, start
from doorstep.payments.under_way import payment_warning
from doorstep.sales.models import Invoice
from tests.cast import NOON, Cast, an_invoice

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    return an_invoice(cast.coyote, "100.00", by=cast.olivia)


@pytest.fixture
def second(cast: Cast) -> Invoice:
    return an_invoice(cast.coyote, "40.00", by=cast.olivia)


def session_of(payment: Payment) -> SandboxSession:
    return SandboxSession.objects.get(key=payment.attempt)


def prevent(cast: Cast, on: bool) -> None:
    preferences = PortalPreferences.objects.get(organization=cast.acme.organization)
    preferences.change(by=cast.olivia, at=NOON, prevent_duplicate_payments=on)


def pending(invoices: list[Invoice], cast: Cast) -> Payment:
    payment = at_the_bank(start(invoices, cast.wile, method="bank_debit"))
    return Payment.record(
        fact(payment, PaymentState.PENDING, expected_on=date(2026, 11, 26), source="notice")
    )


class TestAnOpenAttempt:
    def test_is_resumed_by_its_starter(self, cast: Cast, invoice: Invoice) -> None:
        first = at_the_bank(start([invoice], cast.wile))
        again = start([invoice], cast.wile, at=NOON + timedelta(minutes=5))
        assert again == first
        assert at_the_bank(again).checkout_url == first.checkout_url

    def test_is_told_to_a_colleague_by_name(self, cast: Cast, invoice: Invoice) -> None:
        first = start([invoice], cast.wile)
        with pytest.raises(AnotherPayment, match=r"Wile Tanner began to pay \$100.00") as refusal:
            start([invoice], cast.wanda)
        assert refusal.value.payment == first

    def test_is_not_continued_in_another_way_or_for_other_invoices(
        self, cast: Cast, invoice: Invoice, second: Invoice
    ) -> None:
        start([invoice], cast.wile)
        for invoices, method in (([invoice], "bank_debit"), ([invoice, second], "card")):
            with pytest.raises(AnotherPayment, match="start over"):
                start(invoices, cast.wile, method=method)

    def test_is_taken_over_once_the_gateway_has_closed_it(
        self, cast: Cast, invoice: Invoice
    ) -> None:
        first = at_the_bank(start([invoice], cast.wile))
        first.take_over(by=cast.wanda, at=NOON)
        mine = start([invoice], cast.wanda)
        assert session_of(first).state == "expired"
        assert (Payment.objects.get(pk=first.pk).state, mine.state) == ("expired", "open")
        assert Event.objects.get(kind=PAYMENT_TAKEN_OVER).actor_name == "Wanda Reyes"

    def test_is_not_taken_over_unless_the_gateway_confirms(
        self, cast: Cast, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def silent(*args: object, **kwargs: object) -> None:
            raise GatewayError("no answer")

        first = at_the_bank(start([invoice], cast.wile))
        monkeypatch.setattr(SandboxGateway, "expire", silent)
        with pytest.raises(GatewayError):
            first.take_over(by=cast.wanda, at=NOON)
        with pytest.raises(AnotherPayment):
            start([invoice], cast.wanda, at=NOON + HALF_AN_HOUR)
        assert Payment.objects.get().is_open

    def test_paid_at_the_last_moment_is_not_taken_over(self, cast: Cast, invoice: Invoice) -> None:
        first = at_the_bank(start([invoice], cast.wile))
        session_of(first).pay_by_card(at=NOON)
        with pytest.raises(AnotherPayment, match="just been made"):
            first.take_over(by=cast.wanda, at=NOON)
        assert Payment.objects.get().is_succeeded
        assert Invoice.objects.get().state == "paid"

    def test_is_not_taken_over_by_a_stranger(self, cast: Cast, invoice: Invoice) -> None:
        first = start([invoice], cast.wile)
        with pytest.raises(MayNotPay):
            first.take_over(by=cast.rita, at=NOON)

    def test_abandoned_keeps_nobody_out(self, cast: Cast, invoice: Invoice) -> None:
        first = at_the_bank(start([invoice], cast.wile))
        mine = start([invoice], cast.wanda, at=NOON + HALF_AN_HOUR)
        assert Payment.objects.get(pk=first.pk).state == "expired"
        assert mine.started_by_name == "Wanda Reyes"

    def test_abandoned_is_swept(self, cast: Cast, invoice: Invoice) -> None:
        start([invoice], cast.wile)
        with clock.shifted_to(NOON + timedelta(minutes=29)):
            expire_abandoned.func()
        assert Payment.objects.get().is_open
        with clock.shifted_to(NOON + HALF_AN_HOUR):
            expire_abandoned.func()
        assert Payment.objects.get().state == "expired"

    def test_that_never_reached_the_gateway_never_will(self, cast: Cast, invoice: Invoice) -> None:
        first = start([invoice], cast.wile)
        first.take_over(by=cast.wile, at=NOON)
        first.refresh_from_db()
        with pytest.raises(GatewayError):
            at_the_bank(first)

    def test_is_closed_when_its_invoice_was_paid_otherwise(
        self, cast: Cast, invoice: Invoice
    ) -> None:
        at_the_bank(start([invoice], cast.wile))
        Payment.receive(
            cast.coyote,
            invoice.balance_money,
            [(invoice, 10000)],
            by=cast.olivia,
            method="cash",
            date=NOON.date(),
            at=NOON,
        )
        with clock.shifted_to(NOON):
            expire_abandoned.func()
        assert {p.state for p in Payment.objects.all()} == {"expired", "succeeded"}


class TestAPendingPayment:
    def test_says_who_when_how_much_and_until_when(self, cast: Cast, invoice: Invoice) -> None:
        pending([invoice], cast)
        with pytest.raises(AnotherPayment) as refusal:
            start([invoice], cast.wanda)
        for words in ("Wile Tanner", "$100.00", "Fri 20 Nov, 12:00", "on Thu 26 Nov"):
            assert words in str(refusal.value)

    def test_is_not_taken_over(self, cast: Cast, invoice: Invoice) -> None:
        payment = pending([invoice], cast)
        payment.take_over(by=cast.wanda, at=NOON)
        with pytest.raises(AnotherPayment):
            start([invoice], cast.wanda)

    def test_is_left_out_of_what_can_be_paid(
        self, cast: Cast, invoice: Invoice, second: Invoice
    ) -> None:
        pending([invoice], cast)
        assert list(Invoice.of(cast.coyote).payable()) == [second]

    def test_of_a_part_blocks_the_rest(self, cast: Cast, invoice: Invoice) -> None:
        payment = pending([invoice], cast)
        payment.allocations.update(amount=1)
        with pytest.raises(AnotherPayment):
            start([invoice], cast.wanda)
        payment.allocations.update(amount=10000)

    def test_that_came_back_lets_others_pay(self, cast: Cast, invoice: Invoice) -> None:
        payment = pending([invoice], cast)
        Payment.record(fact(payment, PaymentState.FAILED, source="notice"))
        assert start([invoice], cast.wanda).is_open

    def test_for_a_voided_invoice_arrives_as_credit(self, cast: Cast, invoice: Invoice) -> None:
        payment = pending([invoice], cast)
        invoice.void(by=cast.olivia, at=NOON)
        payment = Payment.record(fact(payment, PaymentState.SUCCEEDED, source="notice"))
        assert payment.unallocated == 10000

    def test_warns_but_does_not_block_staff(self, cast: Cast, invoice: Invoice) -> None:
        payment = pending([invoice], cast)
        Payment.receive(
            cast.coyote,
            invoice.balance_money,
            [(invoice, 10000)],
            by=cast.olivia,
            method="cheque",
            date=NOON.date(),
            at=NOON,
        )
        payment = Payment.record(fact(payment, PaymentState.SUCCEEDED, source="notice"))
        assert payment.unallocated == 10000

    def test_pays_only_what_is_still_owed(self, cast: Cast, invoice: Invoice) -> None:
        payment = pending([invoice], cast)
        Payment.receive(
            cast.coyote,
            Money(4000, "USD"),
            [(invoice, 4000)],
            by=cast.olivia,
            method="cash",
            date=NOON.date(),
            at=NOON,
        )
        payment = Payment.record(fact(payment, PaymentState.SUCCEEDED, source="notice"))
        assert (payment.unallocated, Invoice.objects.get().balance) == (4000, 0)

    def test_whose_notice_was_lost_is_found_by_asking(self, cast: Cast, invoice: Invoice) -> None:
        payment = pending([invoice], cast)
        session_of(payment).debit(at=NOON)
        session_of(payment).settle(at=NOON)
        with clock.shifted_to(NOON):
            reconcile.func()
        assert Payment.objects.get().is_succeeded


class TestWhereSecondPaymentsAreAllowed:
    @pytest.fixture(autouse=True)
    def allowed(self, cast: Cast) -> None:
        prevent(cast, False)

    def test_the_payer_is_warned_and_the_surplus_is_credit(
        self, cast: Cast, invoice: Invoice
    ) -> None:
        first, second = start([invoice], cast.wile), start([invoice], cast.wanda)
        assert "Wile Tanner began a payment" in payment_warning([invoice], by=cast.wanda)
        for payment in (second, first):
            Payment.record(fact(payment, PaymentState.SUCCEEDED, source="notice"))
        first.refresh_from_db()
        second.refresh_from_db()
        assert (second.unallocated, first.unallocated) == (0, 10000)

    def test_a_double_click_is_still_one_attempt(self, cast: Cast, invoice: Invoice) -> None:
        assert start([invoice], cast.wile) == start([invoice], cast.wile)

    def test_switching_it_on_again_counts_what_began_before(
        self, cast: Cast, invoice: Invoice
    ) -> None:
        start([invoice], cast.wile)
        start([invoice], cast.wanda)
        prevent(cast, True)
        with pytest.raises(AnotherPayment):
            start([invoice], cast.wile, method="bank_debit")
        for payment in Payment.objects.all():
            payment.give_up(at=NOON)
        assert start([invoice], cast.wile).allocations.get().hold.exclusive

    def test_the_setting_is_read_when_the_payment_starts(
        self, cast: Cast, invoice: Invoice
    ) -> None:
        """The request of Wanda began while second payments were allowed."""
        start([invoice], cast.wile)
        assert not cast.wanda.organization.preferences.holds_are_exclusive()
        prevent(cast, True)
        with pytest.raises(AnotherPayment):
            start([invoice], cast.wanda)


class TestStarting:
    def test_needs_the_total_that_was_seen_even_to_resume(
        self, cast: Cast, invoice: Invoice
    ) -> None:
        start([invoice], cast.wile)
        with pytest.raises((AnotherPayment, InvoicesChanged)):
            Payment.start([invoice], by=cast.wile, method="card", seen_total=1, at=NOON)

    def test_needs_a_way_that_the_gateway_knows(self, cast: Cast, invoice: Invoice) -> None:
        with pytest.raises(NoSuchWay):
            start([invoice], cast.wile, method="cheque")

    def test_needs_a_gateway_now_not_when_the_page_was_opened(
        self, cast: Cast, invoice: Invoice
    ) -> None:
        Organization.objects.update(gateway="")
        with pytest.raises(NoGateway):
            start([invoice], cast.wile)

    def test_two_people_without_accounts_do_not_share_an_attempt(
        self, cast: Cast, invoice: Invoice
    ) -> None:
        start([invoice], cast.wile)
        Payment.objects.update(started_by=None)
        with pytest.raises(AnotherPayment):
            start([invoice], cast.wanda)

    def test_nobody_pays_what_others_owe(self, cast: Cast, invoice: Invoice) -> None:
        theirs = an_invoice(cast.globex_customer, by=cast.greta)
        for invoices in ([theirs], [invoice, theirs]):
            with pytest.raises(InvoicesChanged):
                start(invoices, cast.wile)
        assert not Payment.objects.exists()

    def test_is_for_those_who_may(self, cast: Cast, invoice: Invoice) -> None:
        cast.wile.may_pay = False
        with pytest.raises(MayNotPay):
            start([invoice], cast.wile)

    def test_the_database_itself_refuses_a_second_exclusive_hold(
        self, cast: Cast, invoice: Invoice
    ) -> None:
        start([invoice], cast.wile)
        with pytest.raises(IntegrityError), transaction.atomic():
            invoice.hold(1, by=None, by_name="Nobody", exclusive=True, at=NOON)

    def test_a_draft_or_paid_invoice_cannot_be_paid(self, cast: Cast) -> None:
        draft = an_invoice(cast.coyote, by=cast.olivia, issued=False)
        with pytest.raises(InvoicesChanged):
            start([draft], cast.wile)


class TestReceiving:
    def receive(self, cast: Cast, shares: list[tuple[Invoice, int]], **other: str) -> Payment:
        money = type(shares[0][0].balance_money)(10000, "USD") if shares else None
        return Payment.receive(
            cast.coyote,
            money or Invoice(total=10000, currency="USD").money,
            shares,
            by=cast.olivia,
            method="cheque",
            date=NOON.date(),
            at=NOON,
            **other,
        )

    def test_names_the_member_in_its_history(self, cast: Cast, invoice: Invoice) -> None:
        payment = self.receive(cast, [(invoice, 10000)])
        assert Event.objects.about(payment).first().actor_name == "Olivia Ortiz"

    def test_without_an_invoice_is_credit(self, cast: Cast) -> None:
        assert self.receive(cast, []).unallocated == 10000

    def test_sending_the_form_twice_records_once(self, cast: Cast, invoice: Invoice) -> None:
        first, again = (self.receive(cast, [(invoice, 5000)], key="form-1") for _ in range(2))
        assert first == again

    @pytest.mark.parametrize("amounts", [[0], [-5], [10001], [5000, 5000]])
    def test_refuses_amounts_that_make_no_sense(
        self, cast: Cast, invoice: Invoice, amounts: list[int]
    ) -> None:
        with pytest.raises(NotThatMuch):
            self.receive(cast, [(invoice, amount) for amount in amounts])

    def test_refuses_a_draft_and_another_customers_invoice(self, cast: Cast) -> None:
        draft = an_invoice(cast.coyote, by=cast.olivia, issued=False)
        foreign = an_invoice(cast.globex_customer, by=cast.greta)
        for invoice in (draft, foreign):
            with pytest.raises(InvoicesChanged):
                self.receive(cast, [(invoice, 100)])
