"""Promises about papers, their balances and numbers. They look behind every curtain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.apps import apps
from django.db.models import Exists, F, ForeignKey, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from doorstep.activity.models import Event
from doorstep.documents.events import PAPER_SENT, PAPER_VIEWED
from doorstep.documents.kinds import Kind, State
from doorstep.documents.models import Document, Hold, Line, Settlement
from doorstep.lib.invariants import Broken, Look, invariant
from doorstep.organizations.models import NumberSeries

ISSUED = (State.SENT, State.PARTLY_PAID, State.PAID)


@invariant
def m1_totals_add_up(look: Look) -> Iterator[Broken]:
    """Subtotal is the sum of the lines; total is subtotal, taxes, shipping and adjustment."""
    papers = Document.everything.all()
    parts = F("subtotal") + F("tax_total") + F("shipping") + F("adjustment")
    yield from Broken.rows_of(
        "totals that are not the sum of their parts", papers.exclude(total=parts)
    )
    lines = _sum(Line.objects.all(), "amount")
    wrong = papers.annotate(of_lines=lines).exclude(subtotal=F("of_lines"))
    yield from Broken.rows_of("subtotals that are not the sum of their lines", wrong)


@invariant
def m2_settled_within_total(look: Look) -> Iterator[Broken]:
    """What was settled of an invoice is never negative and never above its total."""
    papers = Document.everything.filter(kind=Kind.INVOICE).annotate(settled=_settled())
    wrong = papers.filter(Q(settled__lt=0) | Q(settled__gt=F("total")))
    yield from Broken.rows_of("invoices settled beyond their total", wrong)


@invariant
def m4_balance_follows_from_settlements(look: Look) -> Iterator[Broken]:
    """Balance is total less what was settled, and the state follows from it."""
    papers = Document.everything.filter(kind=Kind.INVOICE).annotate(settled=_settled())
    issued = papers.filter(state__in=ISSUED)
    yield from Broken.rows_of(
        "balances that do not follow", issued.exclude(balance=F("total") - F("settled"))
    )
    unlike = (
        Q(state=State.SENT) & ~(Q(balance=F("total")) & Q(total__gt=0))
        | Q(state=State.PARTLY_PAID) & ~Q(balance__gt=0, balance__lt=F("total"))
        | Q(state=State.PAID) & ~Q(balance=0)
    )
    yield from Broken.rows_of("states that do not follow", issued.filter(unlike))
    idle = papers.filter(state__in=[State.DRAFT, State.VOID])
    yield from Broken.rows_of("drafts and void invoices with money", idle.exclude(settled=0))
    owing = papers.filter(state=State.VOID).exclude(balance=0)
    yield from Broken.rows_of("void invoices that owe", owing)


@invariant
def m7_money_goes_back_once(look: Look) -> Iterator[Broken]:
    """A reversal takes back exactly one settlement of the same paper, whole."""
    wrong = Settlement.objects.exclude(reverses=None).exclude(
        amount=-F("reverses__amount"), document=F("reverses__document")
    )
    yield from Broken.rows_of("reversals unlike what they reverse", wrong)
    twice = Settlement.objects.exclude(reverses__reverses=None)
    yield from Broken.rows_of("reversals of reversals", twice)


@invariant
def m6_one_exclusive_hold(look: Look) -> Iterator[Broken]:
    """A hold that keeps others out began when nothing else was under way for its invoice."""
    earlier = Hold.objects.unreleased().filter(document=OuterRef("document"), pk__lt=OuterRef("pk"))
    wrong = Hold.objects.unreleased().filter(Exists(earlier), exclusive=True)
    yield from Broken.rows_of("exclusive holds beside an earlier one", wrong)


@invariant
def m12_numbers_come_from_the_series(look: Look) -> Iterator[Broken]:
    """No number of an invoice lies ahead of its series, so none is given twice."""
    for series in NumberSeries.objects.filter(kind__in=Kind.values).iterator(chunk_size=500):
        papers = Document.everything.filter(organization=series.organization_id, kind=series.kind)
        yield from Broken.rows_of(f"numbers ahead of series {series.pk}", ahead_of(series, papers))


def ahead_of[Q: QuerySet](series: NumberSeries, rows: Q) -> Q:  # type: ignore[type-arg]
    """Those of the rows whose `number` the series has still to give."""
    pattern = rf"^{re.escape(series.prefix)}[0-9]{{{series.digits}}}$"
    return rows.filter(number__gte=series.number(series.next_value), number__regex=pattern)


@invariant
def d1_keys_find_their_kind(look: Look) -> Iterator[Broken]:
    """A foreign key to one kind of paper points to that kind."""
    for model in apps.get_models():
        for key in model._meta.concrete_fields:
            target = key.related_model if isinstance(key, ForeignKey) else None
            if isinstance(target, type) and issubclass(target, Document) and target._meta.proxy:
                kind = {f"{key.name}__kind": target.KIND}
                strays = model._base_manager.filter(~Q(**kind), **{f"{key.name}__isnull": False})
                yield from Broken.rows_of(f"{model._meta.label}.{key.name} of another kind", strays)


@invariant
def d3_customers_know_no_drafts(look: Look) -> Iterator[Broken]:
    """A draft has neither number given out nor been sent, viewed or told of."""
    drafts = Document.everything.filter(state=State.DRAFT)
    gone_out = Q(viewed_at__isnull=False) | Q(sent_at__isnull=False) | Q(issued_at__isnull=False)
    yield from Broken.rows_of("drafts that went out", drafts.filter(gone_out))
    told = Event.objects.filter(
        kind__in=[PAPER_SENT, PAPER_VIEWED],
        subject_id=OuterRef("pk"),
        subject_kind=OuterRef("kind"),
        organization=OuterRef("organization"),
    )
    yield from Broken.rows_of("drafts that were told of", drafts.filter(Exists(told)))


def _settled() -> Coalesce:
    return _sum(Settlement.objects.all(), "amount")


def _sum(rows: QuerySet, column: str) -> Coalesce:  # type: ignore[type-arg]
    """The sum of a column over the rows of a paper, 0 when there is none."""
    of_paper = rows.filter(document=OuterRef("pk")).order_by().values("document")
    return Coalesce(Subquery(of_paper.annotate(sum=Sum(column)).values("sum")), 0)
