"""Payments that another system had booked: the same rules as for facts, many at a time.

Only imports call this. What `Payment.record` proves for one payment is proved here for each: the
invoices are locked in their order, nothing is settled beyond a balance, currencies and customers
agree, and what no invoice takes stays as credit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from doorstep.activity.models import Actor, Origin
from doorstep.documents.kinds import State
from doorstep.documents.models import Document, Settlement
from doorstep.lib.tokens import make_token
from doorstep.organizations.models import Curtain, Organization
from doorstep.payments.models import Allocation, CarriedOver, Payment
from doorstep.payments.states import PaymentState


@dataclass(frozen=True, slots=True)
class PastPayment:
    """Amounts in minor units; `shares` are document → amount; `at` is when the money came."""

    contact_id: int
    number: str
    foreign_id: str
    currency: str
    amount: int
    day: date
    at: datetime
    method: str
    method_label: str
    reference: str
    shares: dict[int, int] = field(default_factory=dict)


class DoesNotFit(ValueError):
    """An invoice cannot take what a payment claims to have paid of it."""


def book(
    past: Sequence[PastPayment], organization: Organization, *, by: Actor, curtain: Curtain | None
) -> list[Payment]:
    """Book them all or none; call it inside a transaction. Raises `DoesNotFit`."""
    invoices = _lock(past, organization)
    _check(past, invoices)
    _make_room(past, invoices)
    payments = Payment.everything.bulk_create(
        _payment(each, organization, by=by, curtain=curtain) for each in past
    )
    shares = [
        (payment, invoices[document], amount, each.at)
        for payment, each in zip(payments, past, strict=True)
        for document, amount in each.shares.items()
    ]
    settlements = Settlement.objects.bulk_create(
        Settlement(organization=organization, document=invoice, amount=amount, at=at)
        for _payment, invoice, amount, at in shares
    )
    Allocation.objects.bulk_create(
        Allocation(
            organization=organization,
            payment=payment,
            document=invoice,
            amount=amount,
            settlement=settlement,
        )
        for (payment, invoice, amount, _at), settlement in zip(shares, settlements, strict=True)
    )
    for _payment_row, invoice, amount, _at in shares:
        invoice.balance -= amount
    _save(invoices)
    return payments


def carry_over(documents: Sequence[tuple[Document, int]], *, at: datetime) -> None:
    """Another system had settled (paper, minor units) without a payment: keep that, and that it was so.

    The caller has already taken it off the balances; call it inside the same transaction.
    """
    settlements = Settlement.objects.bulk_create(
        Settlement(organization_id=paper.organization_id, document=paper, amount=amount, at=at)
        for paper, amount in documents
    )
    CarriedOver.objects.bulk_create(
        CarriedOver(
            organization_id=settlement.organization_id,
            document_id=settlement.document_id,
            settlement=settlement,
        )
        for settlement in settlements
    )


def state_of(paper: Document) -> str:
    """What an issued paper's state is by its balance."""
    if paper.balance == 0:
        return State.PAID
    return State.PARTLY_PAID if paper.balance < paper.total else State.SENT


def _lock(past: Sequence[PastPayment], organization: Organization) -> dict[int, Document]:
    wanted = {document for each in past for document in each.shares}
    rows = Document.everything.filter(organization=organization, pk__in=wanted).order_by("pk")
    found = rows.only("organization", "contact", "currency", "state", "total", "balance")
    return {paper.pk: paper for paper in found.select_for_update(of=("self",))}


def _check(past: Sequence[PastPayment], invoices: dict[int, Document]) -> None:
    for each in past:
        if sum(each.shares.values()) > each.amount or min(each.shares.values(), default=1) <= 0:
            raise DoesNotFit(each.number)
        for document in each.shares:
            paper = invoices.get(document)
            if (
                paper is None
                or paper.state in (State.DRAFT, State.VOID)
                or (paper.currency, paper.contact_id) != (each.currency, each.contact_id)
            ):
                raise DoesNotFit(each.number)


def _make_room(past: Sequence[PastPayment], invoices: dict[int, Document]) -> None:
    """The payment that explains what was carried over takes its place; what stays unexplained is carried again.

    Money that came before the papers did is what was carried over; later money reduces what is
    owed, and takes the place of what was carried over only when no more than that is left.
    """
    shares: dict[int, list[PastPayment]] = defaultdict(list)
    for each in past:
        for document in each.shares:
            shares[document].append(each)
    standing = CarriedOver.objects.standing().filter(document__in=shares)
    for carried in standing.select_related("settlement"):
        paper, paying = invoices[carried.document_id], shares[carried.document_id]
        amount = carried.settlement.amount
        earlier = sum(p.shares[paper.pk] for p in paying if p.at <= carried.settlement.at)
        short = sum(p.shares[paper.pk] for p in paying) - paper.balance
        if replaced := min(amount, max(earlier, short, 0)):
            _reverse(carried.settlement, at=paying[-1].at)
            paper.balance += replaced
            if rest := amount - replaced:
                carry_over([(paper, rest)], at=carried.settlement.at)
    for pk, paying in shares.items():
        if sum(p.shares[pk] for p in paying) > invoices[pk].balance:
            raise DoesNotFit(str(pk))


def _reverse(settlement: Settlement, *, at: datetime) -> None:
    Settlement.objects.create(
        organization_id=settlement.organization_id,
        document_id=settlement.document_id,
        amount=-settlement.amount,
        at=at,
        reverses=settlement,
    )


def _payment(
    past: PastPayment, organization: Organization, *, by: Actor, curtain: Curtain | None
) -> Payment:
    return Payment(
        organization=organization,
        contact_id=past.contact_id,
        number=past.number,
        foreign_id=past.foreign_id,
        state=PaymentState.SUCCEEDED,
        currency=past.currency,
        amount=past.amount,
        unallocated=past.amount - sum(past.shares.values()),
        date=past.day,
        gateway="import",
        method=past.method,
        method_label=past.method_label,
        attempt=make_token(),
        reference=past.reference,
        started_by_id=by.actor_account_id,
        started_by_name=by.actor_name,
        started_at=past.at,
        settled_at=past.at,
        ended_at=past.at,
        booked_from="import",
        origin=Origin.IMPORT,
        curtain=curtain,
    )


def _save(invoices: dict[int, Document]) -> None:
    for paper in invoices.values():
        paper.state = state_of(paper)
    Document.everything.bulk_update(invoices.values(), ["balance", "state"], batch_size=500)
