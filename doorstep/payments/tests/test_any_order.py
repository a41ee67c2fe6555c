"""Stories told by notices in every order, and with each notice once more: the end is always the same. T46, T47."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

import pytest

from doorstep.payments.facts import PaymentFact
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.payments.tests.steps import fact, start
from doorstep.sales.models import Invoice
from tests.cast import Cast, an_invoice

pytestmark = pytest.mark.django_db

OPEN, PENDING, SUCCEEDED = PaymentState.OPEN, PaymentState.PENDING, PaymentState.SUCCEEDED
FAILED, EXPIRED, CANCELLED = PaymentState.FAILED, PaymentState.EXPIRED, PaymentState.CANCELLED

STORIES: dict[str, tuple[Sequence[PaymentState], PaymentState]] = {
    "card": ([OPEN, SUCCEEDED], SUCCEEDED),
    "declined, then a good card": ([OPEN, OPEN, SUCCEEDED], SUCCEEDED),
    "debit": ([OPEN, PENDING, SUCCEEDED], SUCCEEDED),
    "debit that the bank returned": ([OPEN, PENDING, FAILED], FAILED),
    "abandoned": ([OPEN, EXPIRED], EXPIRED),
    "turned back": ([OPEN, CANCELLED], CANCELLED),
}


def orders(states: Sequence[PaymentState]) -> Iterator[tuple[PaymentState, ...]]:
    for again in (None, *states):
        told = [*states] if again is None else [*states, again]
        yield from sorted(set(permutations(told)))


@pytest.mark.parametrize("story", STORIES)
def test_the_order_of_notices_does_not_matter(cast: Cast, story: str) -> None:
    states, end = STORIES[story]
    for order in orders(states):
        papers = [an_invoice(cast.coyote, amount, by=cast.olivia) for amount in ("70.00", "30.00")]
        payment = start(papers, cast.wile)
        for state in order:
            payment = Payment.record(fact(payment, state, source="notice"))
        assert payment.state == end, order
        owed = sum(
            Invoice.objects.filter(pk__in=[p.pk for p in papers]).values_list("balance", flat=True)
        )
        assert owed == (0 if end == SUCCEEDED else 10000), order


def test_two_attempts_told_in_every_order_bring_one_payment_and_one_credit(cast: Cast) -> None:
    preferences = cast.acme.organization.preferences
    preferences.change(
        by=cast.olivia, at=cast.acme.organization.created_at, prevent_duplicate_payments=False
    )
    for order in permutations([(0, PENDING), (0, SUCCEEDED), (1, SUCCEEDED), (1, SUCCEEDED)]):
        paper = an_invoice(cast.coyote, "100.00", by=cast.olivia)
        attempts = [start([paper], cast.wile), start([paper], cast.wanda)]
        for which, state in order:
            told: PaymentFact = fact(attempts[which], state, source="notice")
            Payment.record(told)
        ended = Payment.objects.filter(pk__in=[a.pk for a in attempts])
        assert sorted(p.unallocated for p in ended) == [0, 10000], order
        assert paper.settlements.total() == 10000
