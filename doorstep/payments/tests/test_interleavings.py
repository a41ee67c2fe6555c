"""What happens when somebody else, or a crash, comes exactly in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event as Gate
from threading import Thread

import pytest
from django.db import close_old_connections, connection

from doorstep.lib import checkpoints
from doorstep.lib.errors import Refused
from doorstep.payments.gateways.base import GatewayError
from doorstep.payments.models import Payment, SandboxSession
from doorstep.payments.states import PaymentState
from doorstep.payments.tests.steps import at_the_bank, fact, start
from doorstep.sales.models import Invoice
from tests.cast import NOON, Cast, an_invoice


class Crash(Exception):
    """The process dies here."""


@pytest.fixture
def crash_at() -> Iterator[Callable[[str], None]]:
    def set_trap(name: str) -> None:
        def watcher(passed: str) -> None:
            if passed == name:
                raise Crash

        checkpoints.watch(watcher)

    yield set_trap
    checkpoints.watch(None)


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    return an_invoice(cast.coyote, "100.00", by=cast.olivia)


@pytest.mark.django_db
class TestACrash:
    @pytest.mark.parametrize("place", ["pay.after_lock", "pay.before_commit"])
    def test_before_the_commit_leaves_nothing(
        self, cast: Cast, invoice: Invoice, crash_at: Callable[[str], None], place: str
    ) -> None:
        crash_at(place)
        with pytest.raises(Crash):
            start([invoice], cast.wile)
        checkpoints.watch(None)
        assert not Payment.objects.exists()
        assert start([invoice], cast.wanda).number == "PAY-000001"

    @pytest.mark.parametrize("place", ["pay.after_commit", "pay.after_gateway"])
    def test_on_the_way_to_the_gateway_is_resumed_with_one_checkout(
        self, cast: Cast, invoice: Invoice, crash_at: Callable[[str], None], place: str
    ) -> None:
        crash_at(place)
        with pytest.raises(Crash):
            at_the_bank(start([invoice], cast.wile))
        checkpoints.watch(None)
        at_the_bank(start([invoice], cast.wile))
        assert (Payment.objects.count(), SandboxSession.objects.count()) == (1, 1)

    @pytest.mark.parametrize("place", ["book.after_lock", "book.before_commit"])
    def test_while_booking_is_booked_by_the_next_notice(
        self, cast: Cast, invoice: Invoice, crash_at: Callable[[str], None], place: str
    ) -> None:
        told = fact(
            at_the_bank(start([invoice], cast.wile)), PaymentState.SUCCEEDED, source="notice"
        )
        crash_at(place)
        with pytest.raises(Crash):
            Payment.record(told)
        checkpoints.watch(None)
        assert Invoice.objects.get().balance == 10000
        assert Payment.record(told).is_succeeded
        assert Invoice.objects.get().balance == 0

    def test_of_the_worker_while_taking_over_lets_the_next_try_finish(
        self, cast: Cast, invoice: Invoice, crash_at: Callable[[str], None]
    ) -> None:
        first = at_the_bank(start([invoice], cast.wile))
        crash_at("book.after_lock")  # closed at the bank, not yet known here
        with pytest.raises(Crash):
            first.take_over(by=cast.wanda, at=NOON)
        checkpoints.watch(None)
        first.take_over(by=cast.wanda, at=NOON)
        assert start([invoice], cast.wanda).is_open


@pytest.mark.django_db
def test_a_payer_who_was_overtaken_on_the_way_to_the_bank_is_told(
    cast: Cast, invoice: Invoice
) -> None:
    slow = start([invoice], cast.wile)
    slow.take_over(by=cast.wanda, at=NOON)
    mine = at_the_bank(start([invoice], cast.wanda))
    with pytest.raises(GatewayError, match="closed"):
        at_the_bank(slow)
    assert mine.is_open


class Interleaving:
    """`act` runs until it passes a checkpoint; then `other` begins; then `act` goes on. What both said."""

    def __init__(self, place: str, act: Callable[[], object], other: Callable[[], object]) -> None:
        self.place, self.reached, self.go_on = place, Gate(), Gate()
        self.said: dict[str, object] = {}
        first = Thread(target=self.run, args=("act", act))
        second = Thread(target=self.run, args=("other", other))
        checkpoints.watch(self.watch)
        first.start()
        assert self.reached.wait(20)
        second.start()
        # Either the other is done before us, or it waits for our lock and we must not wait for it.
        second.join(0.5)
        self.go_on.set()
        first.join(30)
        second.join(30)
        checkpoints.watch(None)

    def watch(self, passed: str) -> None:
        if passed == self.place and not self.reached.is_set():
            self.reached.set()
            assert self.go_on.wait(20)

    def run(self, name: str, act: Callable[[], object]) -> None:
        close_old_connections()
        try:
            self.said[name] = act()
        except Refused as refused:
            self.said[name] = type(refused).__name__
        finally:
            connection.close()


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_the_second_payer_waits_and_then_sees_the_first(
        self, cast: Cast, invoice: Invoice
    ) -> None:
        both = Interleaving(
            "pay.after_lock",
            lambda: start([invoice], cast.wile).started_by_name,
            lambda: start([invoice], cast.wanda).started_by_name,
        )
        assert both.said == {"act": "Wile Tanner", "other": "AnotherPayment"}

    def test_a_double_click_finds_the_first_one(self, cast: Cast, invoice: Invoice) -> None:
        both = Interleaving(
            "pay.before_commit",
            lambda: start([invoice], cast.wile).pk,
            lambda: start([invoice], cast.wile).pk,
        )
        assert both.said["act"] == both.said["other"]

    def test_two_bulk_payments_in_opposite_order_do_not_hang(self, cast: Cast) -> None:
        papers = [an_invoice(cast.coyote, "10.00", by=cast.olivia) for _ in range(3)]
        both = Interleaving(
            "pay.after_lock",
            lambda: start(papers[:2], cast.wile).started_by_name,
            lambda: start(papers[:0:-1], cast.wanda).started_by_name,
        )
        assert both.said == {"act": "Wile Tanner", "other": "AnotherPayment"}

    def test_the_same_notice_at_two_workers_books_once(self, cast: Cast, invoice: Invoice) -> None:
        told = fact(
            at_the_bank(start([invoice], cast.wile)), PaymentState.SUCCEEDED, source="notice"
        )
        both = Interleaving(
            "book.after_lock",
            lambda: Payment.record(told).unallocated,
            lambda: Payment.record(told).unallocated,
        )
        assert both.said == {"act": 0, "other": 0}
        assert Invoice.objects.get().settlements.total() == 10000

    def test_voiding_while_money_is_booked_loses_nothing(
        self, cast: Cast, invoice: Invoice
    ) -> None:
        told = fact(
            at_the_bank(start([invoice], cast.wile)), PaymentState.SUCCEEDED, source="notice"
        )
        both = Interleaving(
            "book.after_lock",
            lambda: Payment.record(told).unallocated,
            lambda: invoice.void(by=cast.olivia, at=NOON),
        )
        # Whoever locks the invoice first decides; the other one sees it.
        assert (both.said["act"], both.said["other"]) in [(0, "HasPayments"), (10000, None)]

    def test_two_payers_of_two_invoices_get_two_numbers(self, cast: Cast, invoice: Invoice) -> None:
        another = an_invoice(cast.coyote, "10.00", by=cast.olivia)
        both = Interleaving(
            "pay.before_commit",
            lambda: start([invoice], cast.wile).number,
            lambda: start([another], cast.wanda).number,
        )
        assert set(both.said.values()) == {"PAY-000001", "PAY-000002"}

    @pytest.mark.parametrize("place", ["book.after_lock", "book.after_invoices"])
    def test_two_credits_meet_one_balance(self, cast: Cast, invoice: Invoice, place: str) -> None:
        told = fact(
            at_the_bank(start([invoice], cast.wile)), PaymentState.SUCCEEDED, source="notice"
        )
        both = Interleaving(
            place,
            lambda: Payment.record(told).unallocated,
            lambda: (
                Payment.receive(
                    cast.coyote,
                    invoice.balance_money,
                    [(invoice, 10000)],
                    by=cast.olivia,
                    method="cash",
                    date=NOON.date(),
                    at=NOON,
                ).unallocated
            ),
        )
        assert (both.said["act"], both.said["other"]) in [(0, "InvoicesChanged"), (10000, 0)]
        assert Invoice.objects.get().settlements.total() == 10000
