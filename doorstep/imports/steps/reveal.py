"""The curtain goes up: everything new is seen at once. What changes things that were in sight goes with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.activity.models import Origin, Subject, record, record_many
from doorstep.contacts.events import CONTACT_CHANGED
from doorstep.contacts.models import Contact, ContactPerson, Invitation, PortalAccess
from doorstep.documents.events import PAPER_CHANGED
from doorstep.documents.models import Line
from doorstep.imports.entries.contact import ContactEntry
from doorstep.imports.entries.invoice import InvoiceEntry
from doorstep.imports.events import IMPORT_COMPLETED
from doorstep.imports.models import Outcome, Sighting, Staged, StagedKind
from doorstep.imports.steps.owners import contacts_of
from doorstep.imports.steps.take import lines_for, past_payments
from doorstep.imports.steps.work import CONTACT_KINDS, Part, Work, odd
from doorstep.organizations.models import NumberSeries
from doorstep.payments.events import PAYMENT_SUCCEEDED
from doorstep.payments.importing import DoesNotFit, PastPayment, book
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice


def reveal(work: Work, cursor: int) -> Iterator[Part]:
    """One row changes. The first changes of what was in sight, mostly all of them, are in the same transaction."""
    if not cursor:
        first = list(_changes(work, 0, most=work.pace.size))
        yield Part(
            lambda: _raise(work, first), cursor=first[-1].cursor if first else 1, done=len(first)
        )
        cursor = work.batch.cursor
    if cursor > 1:
        yield from _changes(work, cursor)


def _raise(work: Work, first: list[Part]) -> None:
    work.curtain.raise_it(at=work.at)
    for part in first:
        part.write()
    # What came in has gone out to customers from the old system: play money must not pay it.
    if Invoice.of(work.organization).visible().exists():
        work.organization.note_live(at=work.at)
    record(
        IMPORT_COMPLETED,
        work.batch,
        by=work.batch.actor,
        at=work.at,
        origin=Origin.IMPORT,
        **work.batch.tally,
    )


def _changes(work: Work, cursor: int, most: int | None = None) -> Iterator[Part]:
    """Changed contacts, then drafts, then payments of invoices in sight; the cursor names the kind first."""
    shift = 10**13
    kinds: list[tuple[tuple[str, ...], dict[str, Any], Callable[[Work, list[Staged]], Part]]] = [
        (CONTACT_KINDS, {"outcome": Outcome.CHANGED}, _change_contacts),
        ((StagedKind.INVOICE,), {"outcome": Outcome.CHANGED}, _change_drafts),
        ((StagedKind.PAYMENT,), {"outcome": Outcome.NEW, "in_sight": True}, _late_payments),
    ]
    for number, (which, more, change) in enumerate(kinds, start=1):
        done_kind, behind = divmod(cursor, shift)
        if number < done_kind:
            continue
        start = behind if number == done_kind else 0
        for chunk in work.staged(start, *which, **more):
            part = change(work, chunk)
            part.cursor = number * shift + chunk[-1].pk
            yield part
            if most is not None:
                most -= len(chunk)
                if most <= 0:
                    return


def _change_contacts(work: Work, chunk: list[Staged]) -> Part:
    entries = {(s.kind, s.key): work.contact_of(s)[0] for s in chunk}

    def write() -> None:
        here = Contact.objects.filter(
            organization=work.organization, foreign_id__in=[staged.key for staged in chunk]
        )
        for contact in here.order_by("pk").select_for_update(of=("self",)):
            if entry := entries.get((contact.role, contact.foreign_id)):
                _change_contact(work, contact, entry)

    return Part(write, cursor=0, done=len(chunk))


def _change_contact(work: Work, contact: Contact, entry: ContactEntry) -> None:
    changes = {
        name: [str(getattr(contact, name) or ""), str(value or "")]
        for name, value in entry.details.items()
        if getattr(contact, name) != value
    }
    for name, value in entry.details.items():
        setattr(contact, name, value)
    contact.save()
    _change_person(contact, entry)
    Sighting.objects.update_or_create(
        contact=contact,
        defaults={"organization_id": contact.organization_id, "digest": entry.digest},
    )
    record(
        CONTACT_CHANGED,
        contact,
        by=work.batch.actor,
        at=work.at,
        origin=Origin.IMPORT,
        changes=changes,
    )


def _change_person(contact: Contact, entry: ContactEntry) -> None:
    """The primary person follows; an address that somebody was invited at does not change behind their back."""
    if entry.person is None:
        return
    person = ContactPerson.objects.filter(contact=contact, is_primary=True).first()
    same_address = ContactPerson.objects.filter(
        contact=contact, email=entry.person["email"]
    ).exclude(email="")
    if person is None:
        if not same_address.exists():
            ContactPerson.objects.create(
                organization_id=contact.organization_id,
                contact=contact,
                is_primary=True,
                created_at=contact.created_at,
                **entry.person,
            )
        return
    bound = (
        PortalAccess.objects.filter(contact_person=person).exists()
        or Invitation.objects.filter(contact_person=person).open().exists()
        or same_address.exclude(pk=person.pk).exists()
    )
    for name, value in entry.person.items():
        if name != "email" or not bound:
            setattr(person, name, value)
    person.save()


def _change_drafts(work: Work, chunk: list[Staged]) -> Part:
    entries = {staged.key: (staged, work.invoice_of(staged)[0]) for staged in chunk}
    owners = contacts_of(work, [staged.owner for staged in chunk])

    def write() -> None:
        drafts = Invoice.of(work.organization).filter(foreign_id__in=list(entries)).drafts()
        for draft in drafts.locked():
            staged, entry = entries[draft.foreign_id]
            if entry is not None:
                draft.contact = owners[staged.owner]
                _change_draft(work, draft, entry)

    return Part(write, cursor=0, done=len(chunk))


def _change_draft(work: Work, draft: Invoice, entry: InvoiceEntry) -> None:
    draft.organization = work.organization
    for name, value in entry.fields().items():
        setattr(draft, name, value)
    draft.lines.all().delete()
    Line.objects.bulk_create(lines_for(draft, entry))
    if entry.status != "draft":
        entry.issue(draft, work.organization)
    draft.save()
    record(PAPER_CHANGED, draft, by=work.batch.actor, at=work.at, origin=Origin.IMPORT)


def _late_payments(work: Work, chunk: list[Staged]) -> Part:
    past = past_payments(work, chunk)

    def write() -> None:
        NumberSeries.skip_past(work.organization.pk, "payment", [each.number for each in past])
        for each, staged in zip(past, chunk, strict=True):
            _record(work, PAYMENT_SUCCEEDED, _book_what_fits(work, each, staged))

    return Part(write, cursor=0, done=len(chunk))


def _book_what_fits(work: Work, past: PastPayment, staged: Staged) -> list[Payment]:
    """Since the check somebody may have paid the invoice here: the money then stays as credit."""
    by = work.batch.actor
    try:
        with transaction.atomic():
            return book([past], work.organization, by=by, curtain=None)
    except DoesNotFit:
        odd(staged, _("An invoice was paid here meanwhile: the payment is kept as credit.")).save()
        return book([replace(past, shares={})], work.organization, by=by, curtain=None)


def _record(work: Work, kind: str, subjects: Sequence[Subject]) -> None:
    record_many(kind, subjects, by=work.batch.actor, at=work.at, origin=Origin.IMPORT)
