"""Promises about money received. They look behind every curtain."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from doorstep.activity.models import Event
from doorstep.documents.invariants import ahead_of
from doorstep.documents.models import Hold, Settlement
from doorstep.lib.invariants import Broken, Look, invariant
from doorstep.organizations.models import NumberSeries
from doorstep.payments.booking import EVENTS
from doorstep.payments.models import Allocation, Payment, SandboxSession
from doorstep.payments.states import ENDED_WITHOUT_MONEY, UNDER_WAY, PaymentState

SUCCEEDED, PENDING, OPEN = PaymentState.SUCCEEDED, PaymentState.PENDING, PaymentState.OPEN
BOOKED_BY_PEOPLE = ("manual", "import")
FROM_GATEWAYS = ("notice", "asked")


@invariant
def m2_shares_speak_one_currency(look: Look) -> Iterator[Broken]:
    """Payment and invoice of a share have one currency and one customer; it settles no more than meant."""
    shares = Allocation.objects.all()
    yield from Broken.rows_of(
        "shares in another currency", shares.exclude(payment__currency=F("document__currency"))
    )
    yield from Broken.rows_of(
        "shares of another customer", shares.exclude(payment__contact=F("document__contact"))
    )
    settled = shares.exclude(settlement=None)
    yield from Broken.rows_of(
        "shares that settle more than meant", settled.filter(settlement__amount__gt=F("amount"))
    )
    yield from Broken.rows_of(
        "shares that settle another invoice",
        settled.exclude(settlement__document=F("document")),
    )


@invariant
def m3_received_is_settled_or_credit(look: Look) -> Iterator[Broken]:
    """What was settled by a payment and what is left as credit are together what was received."""
    payments = Payment.everything.annotate(settled=_settled())
    received = payments.filter(state=SUCCEEDED)
    yield from Broken.rows_of(
        "payments that do not add up", received.exclude(amount=F("settled") + F("unallocated"))
    )
    nothing = payments.exclude(state=SUCCEEDED)
    spent = nothing.filter(Q(unallocated__gt=0) | Q(allocations__settlement__isnull=False))
    yield from Broken.rows_of("payments that settled without money", spent)
    shares = payments.annotate(meant=_sum("amount")).filter(meant__gt=F("amount"))
    yield from Broken.rows_of("payments that promise more than they bring", shares)


@invariant
def m5_one_payment_for_one_checkout(look: Look) -> Iterator[Broken]:
    """One payment for a gateway's reference, one checkout for an attempt."""
    named = Payment.everything.exclude(provider_reference="")
    twice = (
        named.values("organization", "gateway", "provider_reference")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
    )
    yield from Broken.rows_of("references of several payments", twice, "provider_reference")
    session = SandboxSession.objects.filter(key=OuterRef("attempt"))
    unlike = session.exclude(amount=OuterRef("amount"), currency=OuterRef("currency"))
    asked = Payment.everything.filter(gateway="sandbox").filter(Exists(unlike))
    yield from Broken.rows_of("payments whose checkout asks another amount", asked)
    strange = session.exclude(reference=OuterRef("provider_reference"))
    other = named.filter(gateway="sandbox").filter(Exists(strange))
    yield from Broken.rows_of("payments whose checkout has another reference", other)


@invariant
def m6_holds_tell_what_is_under_way(look: Look) -> Iterator[Broken]:
    """An invoice is held exactly while a payment for it is under way, in the same stage."""
    under_way = Allocation.objects.filter(payment__state__in=UNDER_WAY)
    free = under_way.filter(Q(hold=None) | Q(hold__released_at__isnull=False))
    yield from Broken.rows_of("payments under way that hold nothing", free, "payment")
    stages = under_way.exclude(hold__stage=F("payment__state"))
    yield from Broken.rows_of("holds in another stage than their payment", stages, "hold")
    theirs = Allocation.objects.filter(hold=OuterRef("pk"), payment__state__in=UNDER_WAY)
    left = Hold.objects.unreleased().exclude(Exists(theirs))
    yield from Broken.rows_of("holds that nobody will release", left)


@invariant
def m8_states_move_forward_once(look: Look) -> Iterator[Broken]:
    """The moments of a payment fit its state, and it ended at most once."""
    unlike = (
        Q(state=OPEN) & Q(pending_at__isnull=False)
        | Q(state=PENDING) & Q(pending_at=None)
        | Q(state__in=UNDER_WAY) & (Q(ended_at__isnull=False) | Q(settled_at__isnull=False))
        | Q(state=SUCCEEDED) & (Q(settled_at=None) | Q(ended_at=None))
        | Q(state__in=ENDED_WITHOUT_MONEY) & (Q(ended_at=None) | Q(settled_at__isnull=False))
    )
    yield from Broken.rows_of(
        "payments whose moments do not fit", Payment.everything.filter(unlike)
    )
    ends = [kind for state, kind in EVENTS.items() if state != PENDING]
    twice = (
        Event.objects.filter(subject_kind="payment", kind__in=ends)
        .values("subject_id")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
    )
    yield from Broken.rows_of("payments that ended twice", twice, "subject_id")


@invariant
def m10_money_has_a_source(look: Look) -> Iterator[Broken]:
    """Nothing is booked without a gateway's fact, a named member, or an import; no play money is real."""
    real = Payment.everything.filter(organization__is_demo=False, organization__test_mode=False)
    play = real.filter(gateway="sandbox", state=SUCCEEDED)
    yield from Broken.rows_of("play money that counts as real", play)
    booked = Payment.everything.filter(state__in=[SUCCEEDED, PENDING])
    by_people = Q(gateway="manual", booked_from="staff") | Q(gateway="import", booked_from="import")
    by_gateway = ~Q(gateway__in=BOOKED_BY_PEOPLE) & Q(booked_from__in=FROM_GATEWAYS)
    sourced = (by_people & ~Q(started_by_name="")) | (by_gateway & ~Q(provider_reference=""))
    yield from Broken.rows_of("payments that nobody vouches for", booked.exclude(sourced))
    causeless = Settlement.objects.filter(reverses=None, allocation=None, carried_over=None)
    yield from Broken.rows_of("settlements without a payment behind them", causeless)
    doubled = Settlement.objects.filter(allocation__isnull=False, carried_over__isnull=False)
    yield from Broken.rows_of("settlements with two causes", doubled)


@invariant
def m12_receipts_come_from_the_series(look: Look) -> Iterator[Broken]:
    """No number of a payment lies ahead of its series."""
    for series in NumberSeries.objects.filter(kind="payment").iterator(chunk_size=500):
        payments = Payment.everything.filter(organization=series.organization_id)
        yield from Broken.rows_of(
            f"numbers ahead of series {series.pk}", ahead_of(series, payments)
        )


@invariant
def m14_all_invoices_of_a_payment_or_none(look: Look) -> Iterator[Broken]:
    """A payment settles each of its invoices as far as they still owed, and none of them without the rest."""
    gateways = Payment.everything.exclude(gateway__in=BOOKED_BY_PEOPLE)
    bare = gateways.filter(allocations=None)
    yield from Broken.rows_of("payments for nothing", bare)
    whole = gateways.annotate(meant=_sum("amount")).exclude(amount=F("meant"))
    yield from Broken.rows_of("payments that lost an invoice", whole)
    # An invoice that took less than its share had nothing left then; only a reversal makes it owe again.
    owed_again = Settlement.objects.filter(document=OuterRef("document")).exclude(reverses=None)
    left_out = Allocation.objects.filter(
        Q(settlement=None) | Q(settlement__amount__lt=F("amount")),
        payment__state=SUCCEEDED,
        document__balance__gt=0,
    ).exclude(Exists(owed_again))
    yield from Broken.rows_of("shares left out although their invoice owes", left_out)


def _settled() -> Combinable:
    """What the payment's shares took, less what was taken back."""
    return Coalesce(_column("settlement__amount"), 0) + Coalesce(
        _column("settlement__reversal__amount"), 0
    )


def _sum(column: str) -> Coalesce:
    return Coalesce(_column(column), 0)


def _column(column: str) -> Subquery:
    shares: QuerySet[Allocation] = Allocation.objects.filter(payment=OuterRef("pk")).order_by()
    return Subquery(shares.values("payment").annotate(sum=Sum(column)).values("sum"))
