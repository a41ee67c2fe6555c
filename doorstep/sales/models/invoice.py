"""Invoice: what a customer owes, from draft to paid or void."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import transaction
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Actor, Origin, record
from doorstep.contacts.models import Contact, ContactPerson
from doorstep.contacts.models.person import people_addressed
from doorstep.documents.events import (
    PAPER_CHANGED,
    PAPER_CREATED,
    PAPER_DELETED,
    PAPER_ISSUED,
    PAPER_SENT,
    PAPER_VIEWED,
    PAPER_VOIDED,
)
from doorstep.documents.kinds import OPEN_STATES, Kind, State
from doorstep.documents.models import (
    Document,
    DocumentQuerySet,
    Hold,
    Line,
    PaperManager,
    Settlement,
)
from doorstep.documents.models.hold import HoldStage
from doorstep.documents.totals import add_up
from doorstep.lib.errors import Refused
from doorstep.lib.statements import Given
from doorstep.organizations.models import Member, NumberSeries, Organization
from doorstep.sales.events import INVOICE_MARKED_SENT
from doorstep.sales.freezing import freeze


class NotADraft(Refused):
    """An issued invoice does not change."""


class NothingToIssue(Refused):
    """An invoice needs at least one line and a total that is not negative."""


class NobodyToSendTo(Refused):
    """Nobody at the customer has an address."""


class NotPayable(Refused):
    """Draft, void or paid: there is nothing to pay."""


class HasPayments(Refused):
    """Money was received for this invoice."""


class InvoiceQuerySet(DocumentQuerySet["Invoice"]):
    def drafts(self) -> Self:
        return self.filter(state=State.DRAFT)

    def open(self) -> Self:
        """Issued with a balance left."""
        return self.filter(state__in=OPEN_STATES)

    def overdue(self, *, on: date) -> Self:
        """Derived, never stored: open and due before `on`."""
        return self.open().filter(due_date__lt=on)

    def paid(self) -> Self:
        return self.filter(state=State.PAID)

    def payable(self) -> Self:
        """Open, and no money for it is on its way: what bulk payment offers while a second
        payment is prevented. Attempts that nobody has finished do not count; they can be taken over.
        """
        held = Hold.objects.filter(document=OuterRef("pk"), stage=HoldStage.PENDING).unreleased()
        return self.open().exclude(Exists(held))

    def by_due_date(self) -> Self:
        return self.order_by("due_date", "pk")

    def with_holds(self) -> Self:
        """Adds who is paying it now, if anybody: `hold_stage`, `hold_by`, `hold_by_id`, `hold_expected`.

        Where second payments are allowed an invoice may have several holds, and then comes once for each.
        """
        return self.annotate(
            held=FilteredRelation("holds", condition=Q(holds__released_at=None)),
            hold_stage=F("held__stage"),
            hold_by=F("held__by_name"),
            hold_by_id=F("held__by_id"),
            hold_expected=F("held__expected_on"),
        )

    def with_transfer(self) -> Self:
        """Adds the bank transfer that is on its way, if any: `transfer` and when it is `expected_on`."""
        pending = (
            Hold.objects.filter(
                organization=OuterRef("organization"),
                document=OuterRef("pk"),
                stage=HoldStage.PENDING,
            )
            .unreleased()
            .order_by("-pk")
        )
        return self.annotate(
            transfer=Subquery(pending.values("pk")[:1]),
            expected_on=Subquery(pending.values("expected_on")[:1]),
        )

    def with_settled_at(self) -> Self:
        """Adds `settled_at`, the instant of the latest money for it."""
        latest = Settlement.objects.filter(
            organization=OuterRef("organization"), document=OuterRef("pk")
        ).order_by("-at")
        return self.annotate(settled_at=Subquery(latest.values("at")[:1]))


class Invoice(Document):
    KIND: ClassVar[Kind] = Kind.INVOICE

    objects: ClassVar[PaperManager[Invoice]] = PaperManager.from_queryset(InvoiceQuerySet)()  # type: ignore[assignment]

    class Meta:
        proxy = True

    @classmethod
    def of(cls, owner: Organization | Contact) -> InvoiceQuerySet:
        return cls.objects.all().of(owner)  # type: ignore[attr-defined, no-any-return]

    @classmethod
    def given(cls) -> InvoiceQuerySet:
        """For a `Statement`: of the `contact` of the `organization` that are given when it is asked."""
        return cls.objects.filter(organization=Given("organization"), contact=Given("contact"))  # type: ignore[return-value]

    @classmethod
    def draft(
        cls,
        contact: Contact,
        *,
        by: Actor,
        at: datetime,
        day: date,
        lines: Sequence[Line] = (),
        origin: str = Origin.ACT,
        **details: Any,
    ) -> Invoice:
        """A draft for the customer, due after the contact's payment terms unless said otherwise."""
        details.setdefault("due_date", day + timedelta(days=contact.payment_terms_days))
        invoice = cls(
            organization_id=contact.organization_id,
            contact=contact,
            currency=contact.currency,
            date=day,
            created_at=at,
            origin=origin,
            **details,
        )
        with transaction.atomic():
            invoice.save()
            invoice._write(lines)
            record(PAPER_CREATED, invoice, by=by, at=at, origin=origin)
        return invoice

    def rewrite(self, lines: Sequence[Line], *, by: Actor, at: datetime, **details: Any) -> None:
        """Replace lines and details of a draft. Raises `NotADraft`."""
        with transaction.atomic():
            self._lock()
            self._check_draft()
            for name, value in details.items():
                setattr(self, name, value)
            self._write(lines)
            record(PAPER_CHANGED, self, by=by, at=at)

    def delete_draft(self, *, by: Actor, at: datetime) -> None:
        with transaction.atomic():
            self._lock()
            self._check_draft()
            record(PAPER_DELETED, self, by=by, at=at)
            self.delete()

    def issue(self, *, by: Actor, at: datetime, origin: str = Origin.ACT) -> None:
        """Give it its number and freeze it. Raises `NotADraft`, `NothingToIssue`."""
        with transaction.atomic():
            self._lock()
            self._check_draft()
            if not self.lines.exists() or self.total < 0:
                raise NothingToIssue(_("Add at least one line, and a total that is not negative."))
            if not self.number:
                self.number = NumberSeries.take(self.organization_id, self.kind)
            self.issued_at, self.state = at, State.SENT
            self.due_date = self.due_date or self.date
            self._settle_state()
            freeze(self)
            self.save()
            record(PAPER_ISSUED, self, by=by, at=at, origin=origin)

    def send(
        self, *, by: Member, at: datetime, to: Iterable[ContactPerson] | None = None, note: str = ""
    ) -> None:
        """Issue it if need be and mail it to the persons, or to the primary one.

        Raises `NobodyToSendTo`, `NothingToIssue`, `NotAllowed`, `NotPayable` (void).
        """
        by.require("invoices.edit")
        people = list(people_addressed(self.contact) if to is None else to)
        if not people:
            raise NobodyToSendTo(
                _("Nobody at %(name)s has an e-mail address yet.") % {"name": self.contact.name}
            )
        with transaction.atomic():
            self._lock()
            if self.state == State.VOID:
                raise NotPayable(_("A void invoice is not sent."))
            if self.is_draft:
                self.issue(by=by, at=at)
            self.sent_at = at
            self.save(update_fields=["sent_at"])
            self.organization.note_live(at=at)
            record(PAPER_SENT, self, by=by, at=at, people=[p.pk for p in people], note=note)

    def mark_sent(self, *, by: Member, at: datetime) -> None:
        """It went out another way: issue it and mail nobody."""
        by.require("invoices.edit")
        with transaction.atomic():
            self._lock()
            if self.is_draft:
                self.issue(by=by, at=at)
            self.sent_at = at
            self.save(update_fields=["sent_at"])
            self.organization.note_live(at=at)
            record(INVOICE_MARKED_SENT, self, by=by, at=at)

    def void(self, *, by: Member, at: datetime, reason: str = "") -> None:
        """Take it out of the world; its number stays taken. Money on its way arrives as credit.

        Raises `HasPayments` once something was settled.
        """
        by.require("invoices.edit")
        with transaction.atomic():
            self._lock()
            if self.state != State.SENT:
                raise HasPayments(_("Only an invoice without payments can be voided."))
            self.state, self.voided_at, self.balance = State.VOID, at, 0
            self.save(update_fields=["state", "voided_at", "balance"])
            record(PAPER_VOIDED, self, by=by, at=at, reason=reason)

    def view(self, *, by: Actor, at: datetime) -> None:
        """The customer opened it; only the first time is an event."""
        if self.viewed_at is None:
            with transaction.atomic():
                if Document.papers.filter(pk=self.pk, viewed_at=None).update(viewed_at=at):
                    self.viewed_at = at
                    record(PAPER_VIEWED, self, by=by, at=at)

    def settle(self, amount: int, *, at: datetime) -> Settlement:
        """Reduce the balance by `amount` minor units; call it with the row locked.

        Raises ValueError when the balance is smaller.
        """
        if not 0 < amount <= self.balance:
            raise ValueError(f"{amount} does not fit a balance of {self.balance}")
        settlement = Settlement.make(self, amount, at=at)
        self.balance -= amount
        self._settle_state()
        self.save(update_fields=["balance", "state"])
        return settlement

    def unsettle(self, settlement: Settlement, *, at: datetime) -> Settlement:
        """Money that was counted did not stay: the balance is owed again."""
        reversal = Settlement.objects.create(
            organization_id=self.organization_id,
            document_id=self.pk,
            amount=-settlement.amount,
            at=at,
            reverses=settlement,
        )
        self.balance += settlement.amount
        self._settle_state()
        self.save(update_fields=["balance", "state"])
        return reversal

    def settle_anew(self) -> None:
        """Owe what the settlements that are there leave over; call it with the row locked."""
        self.balance = self.total - self.settlements.total()
        self._settle_state()
        self.save(update_fields=["balance", "state"])

    def hold(
        self, amount: int, *, by: int | None, by_name: str, exclusive: bool, at: datetime
    ) -> Hold:
        """A payment is being made; call it with the row locked and the preferences asked."""
        if not self.is_open or amount > self.balance:
            raise NotPayable(_("%(number)s has nothing left to pay.") % {"number": self.number})
        return Hold.objects.create(
            organization_id=self.organization_id,
            document_id=self.pk,
            amount=amount,
            stage=HoldStage.OPEN,
            exclusive=exclusive,
            by_id=by,
            by_name=by_name,
            since=at,
        )

    def _write(self, lines: Sequence[Line]) -> None:
        for position, line in enumerate(lines, start=1):
            line.organization_id, line.document_id = self.organization_id, self.pk
            line.position = position
            line.add_up(self.currency)
        self.lines.all().delete()
        Line.objects.bulk_create(lines)
        totals = add_up(lines, shipping=self.shipping, adjustment=self.adjustment)
        self.subtotal, self.discount_total = totals.subtotal, totals.discount_total
        self.tax_total, self.total, self.balance = totals.tax_total, totals.total, totals.total
        self.save()

    def _settle_state(self) -> None:
        if self.balance == 0:
            self.state = State.PAID
        elif self.balance < self.total:
            self.state = State.PARTLY_PAID
        else:
            self.state = State.SENT

    def _lock(self) -> None:
        """Wait for whoever changes this invoice now, then see what they left."""
        fresh = Invoice.objects.select_for_update(of=("self",)).get(pk=self.pk)
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(fresh, field.attname))

    def _check_draft(self) -> None:
        if not self.is_draft:
            raise NotADraft(
                _("%(number)s is issued and does not change any more.") % {"number": self.number}
            )
