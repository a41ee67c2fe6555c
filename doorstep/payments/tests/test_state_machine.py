"""Invoices, attempts, the bank and its notices in any order: always equal to the ledger, all invariants hold."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from doorstep.lib import clock
from doorstep.lib.errors import Refused
from doorstep.lib.invariants import Look, check_all
from doorstep.lib.money import Money
from doorstep.organizations.models import PortalPreferences
from doorstep.payments.gateways.sandbox.gateway import SandboxGateway
from doorstep.payments.gateways.sandbox.notices import SIGNATURE, sign
from doorstep.payments.models import Payment, SandboxNotice, SandboxSession
from doorstep.payments.tasks import expire_abandoned
from doorstep.payments.tests.ledger import HALF_AN_HOUR, Attempt, Ledger, Paper
from doorstep.payments.tests.steps import at_the_bank
from doorstep.sales.models import Invoice
from tests.cast import NOON, Cast, an_invoice, gather

PEOPLE = st.sampled_from(["wile", "wanda"])
ACTS: dict[str, Callable[[SandboxSession], Callable[..., None]]] = {
    "succeeded": lambda s: s.settle if s.is_pending else s.pay_by_card,
    "pending": lambda s: s.debit,
    "failed": lambda s: s.send_back,
    "cancelled": lambda s: s.cancel,
}


def refusal_of(act: Callable[[], object]) -> str:
    """The name of the refusal, empty when there was none."""
    try:
        act()
    except Refused as refused:
        return type(refused).__name__
    return ""


class MoneyMachine(RuleBasedStateMachine):
    """Every example runs in a transaction that is rolled back."""

    cast: ClassVar[Cast]
    invoices = Bundle("invoices")
    payments = Bundle("payments")

    def __init__(self) -> None:
        super().__init__()
        self.ledger, self.at, self.steps = Ledger(), NOON, 0
        self.frame = transaction.atomic()
        # Django then lets `durable` blocks run inside, as it does in its own test cases.
        self.frame._from_testcase = True  # type: ignore[attr-defined]
        self.frame.__enter__()

    def teardown(self) -> None:
        try:
            if sys.exception() is None:
                self.all_promises_hold(PROMISES)
        finally:
            transaction.set_rollback(True)
            self.frame.__exit__(None, None, None)

    @initialize(target=invoices, amounts=st.lists(st.integers(1, 500), min_size=2, max_size=4))
    def begin(self, amounts: list[int]) -> Any:
        return multiple(*[self.issue(amount) for amount in amounts])

    @rule(target=invoices, amount=st.integers(1, 500))
    def issue_one_more(self, amount: int) -> int:
        return self.issue(amount)

    @rule(invoice=invoices)
    def void(self, invoice: int) -> None:
        paper = self.ledger.papers[invoice]
        expected = "" if paper.state == "sent" else "HasPayments"
        found = Invoice.objects.get(pk=invoice)
        assert refusal_of(lambda: found.void(by=self.cast.olivia, at=self.at)) == expected
        if not expected:
            paper.void, paper.balance = True, 0

    @rule(invoice=invoices, amount=st.integers(1, 600), more=st.integers(0, 50))
    def receive(self, invoice: int, amount: int, more: int) -> None:
        paper = self.ledger.papers[invoice]
        expected = "" if paper.open and amount <= paper.balance else "InvoicesChanged"
        found = Invoice.objects.get(pk=invoice)

        def record_it() -> None:
            Payment.receive(
                self.cast.coyote,
                Money(amount + more, "USD"),
                [(found, amount)],
                by=self.cast.olivia,
                method="cash",
                date=self.at.date(),
                at=self.at,
            )

        assert refusal_of(record_it) == expected
        if not expected:
            paper.balance -= amount

    @rule(
        target=payments,
        wanted=st.lists(invoices, min_size=1, max_size=3, unique=True),
        by=PEOPLE,
        method=st.sampled_from(["card", "bank_debit"]),
    )
    def start(self, wanted: list[int], by: str, method: str) -> Any:
        expected = self.ledger.start(wanted, by, method, self.at)
        papers = list(Invoice.objects.filter(pk__in=wanted))
        started: list[Payment] = []

        def start_it() -> None:
            total = sum(paper.balance for paper in papers)
            person = getattr(self.cast, by)
            started.append(
                Payment.start(papers, by=person, method=method, seen_total=total, at=self.at)
            )

        refusal = refusal_of(start_it)
        if isinstance(expected, str):
            assert refusal == expected
            return multiple()
        assert refusal == ""
        number = started[0].pk
        if expected:
            assert number == expected
            return multiple()
        shares = {pk: self.ledger.papers[pk].balance for pk in sorted(wanted)}
        self.ledger.attempts[number] = Attempt(shares, by, method, self.at + HALF_AN_HOUR)
        return number

    @rule(
        target=payments,
        wanted=st.lists(invoices, min_size=1, max_size=2, unique=True),
        by=PEOPLE,
        method=st.sampled_from(["card", "bank_debit"]),
        state=st.sampled_from(sorted(ACTS)),
    )
    def pay_all_the_way(self, wanted: list[int], by: str, method: str, state: str) -> Any:
        """What most people do, as one step: so that few steps lead far."""
        number = self.start(wanted, by, method)
        if isinstance(number, int):
            self.go_to_the_bank(number)
            self.act_at_the_bank(number, state)
            self.deliver_any_notice(-1, 1)
        return number

    @rule(payment=payments)
    def go_to_the_bank(self, payment: int) -> None:
        found = Payment.objects.get(pk=payment)
        if found.checkout_url or not found.is_open:
            return
        expected = self.ledger.begin(self.ledger.attempts[payment], self.at)
        assert refusal_of(lambda: at_the_bank(found, at=self.at)) == expected

    @rule(payment=payments, state=st.sampled_from(sorted(ACTS)))
    def act_at_the_bank(self, payment: int, state: str) -> None:
        session = SandboxSession.objects.filter(key=Payment.objects.get(pk=payment).attempt).first()
        if session is not None:
            expected = self.ledger.act(self.ledger.attempts[payment], state, self.at)
            assert refusal_of(lambda: ACTS[state](session)(at=self.at)) == expected

    @rule(which=st.integers(0, 30), times=st.integers(1, 3))
    def deliver_any_notice(self, which: int, times: int) -> None:
        notices = list(SandboxNotice.objects.order_by("pk"))
        if notices:
            notice = notices[which % len(notices)].body
            body = json.dumps(notice).encode()
            headers = {SIGNATURE: sign(body, at=self.at)}
            for _again in range(times):
                for fact in SandboxGateway().read_notice(body, headers, at=self.at):
                    payment = Payment.record(fact)
            self.ledger.book(self.ledger.attempts[payment.pk], notice["state"])

    @rule(payment=payments)
    def ask_the_gateway(self, payment: int) -> None:
        self.ledger.ask(self.ledger.attempts[payment], self.at)
        Payment.objects.get(pk=payment).ask_gateway(at=self.at)

    @rule(payment=payments, by=PEOPLE)
    def take_over(self, payment: int, by: str) -> None:
        attempt = self.ledger.attempts[payment]
        was_open = attempt.state == "open"
        self.ledger.give_up(attempt)
        made = was_open and attempt.state in ("pending", "succeeded")
        found = Payment.objects.get(pk=payment)
        refusal = refusal_of(lambda: found.take_over(by=getattr(self.cast, by), at=self.at))
        assert refusal == ("AnotherPayment" if made else "")

    @rule(minutes=st.sampled_from([1, 29, 31]))
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        self.ledger.sweep(self.at)
        with clock.shifted_to(self.at):
            expire_abandoned.func()

    @rule()
    def switch_the_preference(self) -> None:
        self.ledger.prevent = not self.ledger.prevent
        preferences = PortalPreferences.objects.get(organization=self.cast.acme.organization)
        preferences.change(
            by=self.cast.olivia, at=self.at, prevent_duplicate_payments=self.ledger.prevent
        )

    @invariant()
    def database_and_ledger_agree(self) -> None:
        papers = {
            pk: (state, balance)
            for pk, state, balance in Invoice.objects.values_list("pk", "state", "balance")
        }
        assert papers == {pk: (p.state, p.balance) for pk, p in self.ledger.papers.items()}
        payments = {
            pk: (state, credit)
            for pk, state, credit in Payment.objects.exclude(gateway="manual").values_list(
                "pk", "state", "unallocated"
            )
        }
        assert payments == {pk: (a.state, a.credit) for pk, a in self.ledger.attempts.items()}

    @invariant()
    def promises_hold(self) -> None:
        """Now and then: asking all of them costs ten times what a step does."""
        self.steps += 1
        if self.steps % NOW_AND_THEN == 0:
            self.all_promises_hold(OF_MONEY)

    def all_promises_hold(self, numbers: list[str]) -> None:
        look = Look(at=self.at)
        assert [verdict for verdict in check_all(look, only=numbers) if verdict.broken] == []

    def issue(self, amount: int) -> int:
        made = an_invoice(self.cast.coyote, f"{amount / 100:.2f}", by=self.cast.olivia, at=self.at)
        self.ledger.papers[made.pk] = Paper(amount, amount)
        return int(made.pk)


NOW_AND_THEN = 6
OF_MONEY = ["M2", "M3", "M4", "M5", "M6", "M8", "M14"]
# The rest does not heal: it is enough to ask at the end. D1 alone looks at every foreign key there is.
PROMISES = [*OF_MONEY, "M1", "M7", "M10", "M12", "M13", "D1"]


def explore(examples: int, steps: int) -> None:
    MoneyMachine.cast = gather()
    run_state_machine_as_test(
        MoneyMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_money_in_any_order() -> None:
    explore(examples=12, steps=20)


@pytest.mark.long
@pytest.mark.django_db
def test_money_in_any_order_for_long() -> None:
    """In two minutes; whoever has longer sets DOORSTEP_EXAMPLES."""
    explore(examples=int(os.environ.get("DOORSTEP_EXAMPLES", "120")), steps=30)
