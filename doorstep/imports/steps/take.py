"""What is new is written behind the curtain, where nobody sees it yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doorstep.contacts.models import Contact, ContactPerson
from doorstep.documents.kinds import Kind
from doorstep.documents.models import Document, Line
from doorstep.imports.entries.contact import ContactEntry
from doorstep.imports.entries.entry import start_of
from doorstep.imports.entries.invoice import InvoiceEntry
from doorstep.imports.models import Outcome, Sighting, Staged, StagedKind
from doorstep.imports.steps.owners import contacts_of
from doorstep.imports.steps.work import CONTACT_KINDS, Part, Work
from doorstep.organizations.models import Curtain, NumberSeries
from doorstep.payments.importing import PastPayment, book, carry_over


def take_contacts(work: Work, cursor: int) -> Iterator[Part]:
    for chunk in work.staged(cursor, *CONTACT_KINDS, outcomes=[Outcome.NEW]):
        entries = [_sure(work.contact_of(staged)[0]) for staged in chunk]
        yield _contacts_part(work, chunk, entries)


def _contacts_part(work: Work, chunk: list[Staged], entries: list[ContactEntry]) -> Part:
    def write() -> None:
        contacts = Contact.everything.bulk_create(
            [e.contact(work.organization, at=work.at, curtain=work.curtain) for e in entries],
            batch_size=500,
        )
        people = [entry.primary(contact) for entry, contact in zip(entries, contacts, strict=True)]
        ContactPerson.everything.bulk_create(
            [person for person in people if person], batch_size=500
        )
        Sighting.objects.bulk_create(
            [
                Sighting(organization=work.organization, contact=contact, digest=entry.digest)
                for entry, contact in zip(entries, contacts, strict=True)
            ],
            batch_size=500,
        )

    return Part(write, cursor=chunk[-1].pk, done=len(chunk))


def take_invoices(work: Work, cursor: int) -> Iterator[Part]:
    """Issued as they were, frozen; drafts as drafts. The series goes on behind their numbers."""
    for chunk in work.staged(cursor, StagedKind.INVOICE, outcomes=[Outcome.NEW]):
        owners = contacts_of(work, [staged.owner for staged in chunk])
        entries = [_sure(work.invoice_of(staged)[0]) for staged in chunk]
        invoices = [
            entry.invoice(
                owners[staged.owner],
                work.organization,
                at=work.at,
                curtain=work.curtain,
                settled=staged.settled,
            )
            for staged, entry in zip(chunk, entries, strict=True)
        ]
        yield _invoices_part(work, chunk, entries, invoices)


def _invoices_part(
    work: Work, chunk: list[Staged], entries: list[InvoiceEntry], invoices: Sequence[Document]
) -> Part:
    def write() -> None:
        NumberSeries.skip_past(work.organization.pk, Kind.INVOICE, [e.number for e in entries])
        Document.everything.bulk_create(invoices, batch_size=500)
        Line.objects.bulk_create(
            [
                line
                for invoice, entry in zip(invoices, entries, strict=True)
                for line in lines_for(invoice, entry)
            ],
            batch_size=1000,
        )
        carried = [
            (i, staged.settled) for i, staged in zip(invoices, chunk, strict=True) if staged.settled
        ]
        if carried:
            carry_over(carried, at=work.at)

    return Part(write, cursor=chunk[-1].pk, done=len(chunk))


def lines_for(invoice: Document, entry: InvoiceEntry) -> list[Line]:
    """The entry's lines, ready to be saved with this invoice."""
    for position, line in enumerate(entry.lines, start=1):
        line.organization_id, line.document_id = invoice.organization_id, invoice.pk
        line.position = position
    return entry.lines


def take_payments(work: Work, cursor: int) -> Iterator[Part]:
    """Those whose invoices nobody sees yet; the others follow once the curtain is up."""
    for chunk in work.staged(cursor, StagedKind.PAYMENT, outcomes=[Outcome.NEW], in_sight=False):
        yield payments_part(work, chunk, curtain=work.curtain)


def payments_part(work: Work, chunk: list[Staged], *, curtain: Curtain | None) -> Part:
    past = past_payments(work, chunk)

    def write() -> None:
        NumberSeries.skip_past(work.organization.pk, "payment", [each.number for each in past])
        book(past, work.organization, by=work.batch.actor, curtain=curtain)

    return Part(write, cursor=chunk[-1].pk, done=len(chunk))


def past_payments(work: Work, chunk: list[Staged]) -> list[PastPayment]:
    """What the booking function takes."""
    owners = contacts_of(work, [staged.owner for staged in chunk])
    entries = [_sure(work.payment_of(staged)[0]) for staged in chunk]
    numbers = {share.number for entry in entries for share in entry.shares}
    invoices = dict(
        Document.everything.filter(
            organization=work.organization, kind=Kind.INVOICE, number__in=numbers
        ).values_list("number", "pk")
    )
    return [
        PastPayment(
            contact_id=owners[staged.owner].pk,
            number=entry.number,
            foreign_id=entry.foreign_id,
            currency=entry.currency,
            amount=entry.amount,
            day=entry.day,
            at=start_of(entry.day, work.organization),
            method=entry.method,
            method_label=entry.method_label,
            reference=entry.reference,
            shares={invoices[share.number]: share.amount for share in entry.shares},
        )
        for staged, entry in zip(chunk, entries, strict=True)
    ]


def _sure[E](entry: E | None) -> E:
    """It was read without a flaw when it was checked."""
    assert entry is not None
    return entry
