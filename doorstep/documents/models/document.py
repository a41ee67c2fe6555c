"""The paper: one table for every kind; each kind's verbs stand in its proxy class."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Origin
from doorstep.contacts.models import Contact
from doorstep.documents.kinds import OPEN_STATES, VISIBLE_STATES, Kind, State
from doorstep.lib.money import Money
from doorstep.organizations.models import Organization
from doorstep.organizations.models.curtain import CurtainField, SeenManager, curtain_index


class DocumentQuerySet[D: "Document"](models.QuerySet[D]):
    def of(self, owner: Organization | Contact) -> Self:
        """The papers of one organisation, or of one contact."""
        if isinstance(owner, Contact):
            return self.filter(organization=owner.organization_id, contact=owner)
        return self.filter(organization=owner)

    def visible(self) -> Self:
        """What a customer may know of: issued and not void."""
        return self.filter(state__in=VISIBLE_STATES)

    def newest_first(self) -> Self:
        return self.order_by("-date", "-pk")

    def before(self, day: date, pk: int) -> Self:
        """Rows behind (day, pk) in `newest_first()`; this form seeks on both databases."""
        return self.filter(date__lte=day).exclude(date=day, pk__gte=pk)

    def after(self, day: date, pk: int) -> Self:
        """Rows ahead of (day, pk) in `newest_first()`, nearest first."""
        return self.filter(date__gte=day).exclude(date=day, pk__lte=pk).order_by("date", "pk")

    def matching(self, words: str) -> Self:
        """Number or reference contains what was typed."""
        return self.filter(Q(number__icontains=words) | Q(reference__icontains=words))

    def locked(self) -> Self:
        """In the one order in which papers are locked."""
        return self.order_by("pk").select_for_update(of=("self",))


# Inside a paper `date` is its own.
type Day = date


class PaperManager[D: "Document"](SeenManager[D]):
    """Of a proxy it finds only its own kind."""

    def get_queryset(self) -> models.QuerySet[D]:
        papers = super().get_queryset()
        kind = getattr(self.model, "KIND", None)
        return papers.filter(kind=kind) if kind else papers


class Document(models.Model):
    KIND: ClassVar[Kind]

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    number = models.CharField(max_length=40, blank=True)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    date = models.DateField(_("Date"))
    due_date = models.DateField(_("Due date"), null=True, blank=True)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    reference = models.CharField(_("Your PO or reference"), max_length=80, blank=True)
    subtotal = models.BigIntegerField(default=0)
    discount_total = models.BigIntegerField(default=0)
    tax_total = models.BigIntegerField(default=0)
    shipping = models.BigIntegerField(default=0)
    adjustment = models.BigIntegerField(default=0)
    adjustment_label = models.CharField(max_length=80, blank=True)
    total = models.BigIntegerField(default=0)
    balance = models.BigIntegerField(default=0)
    notes = models.TextField(_("Notes"), max_length=4000, blank=True)
    terms = models.TextField(_("Terms"), max_length=4000, blank=True)
    foreign_id = models.CharField(max_length=80, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.ACT)
    created_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    viewed_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    # What is rendered from the day of issue on, with the hash that proves it.
    frozen = models.JSONField(null=True)
    frozen_hash = models.CharField(max_length=64, blank=True)
    curtain = CurtainField()

    papers: ClassVar[PaperManager[Document]] = PaperManager.from_queryset(DocumentQuerySet)()  # type: ignore[assignment]
    everything: ClassVar[models.Manager[Document]] = models.Manager()

    if TYPE_CHECKING:
        settlements: Any
        lines: Any

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "number"],
                condition=~Q(number=""),
                name="document_number_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "kind", "foreign_id"],
                condition=~Q(foreign_id=""),
                name="document_foreign_id_once",
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT) | ~Q(number=""), name="document_issued_has_number"
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.INVOICE)
                | Q(state__in=[State.DRAFT, State.VOID])
                | (Q(balance__gte=0) & Q(total__gte=models.F("balance"))),
                name="document_balance_within_total",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PAID) | Q(balance=0), name="document_paid_owes_nothing"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PARTLY_PAID) | Q(balance__gt=0),
                name="document_partly_paid_owes",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "contact", "kind", "-date", "-id"],
                name="document_portal_list",
            ),
            models.Index(
                fields=["organization", "kind", "-date", "-id"], name="document_office_list"
            ),
            models.Index(
                fields=["organization", "contact", "-date", "-id"], name="document_statement"
            ),
            models.Index(
                fields=["organization", "contact", "kind", "due_date", "id"],
                condition=Q(state__in=OPEN_STATES),
                name="document_open",
            ),
            models.Index(
                fields=["organization", "kind", "due_date", "id"],
                condition=Q(state__in=OPEN_STATES),
                name="document_open_office",
            ),
            curtain_index("document_behind_curtain"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = getattr(type(self), "KIND", None)
        if own and not self.kind:
            self.kind = own

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_visible(self) -> bool:
        return self.state in VISIBLE_STATES

    def is_overdue(self, today: Day) -> bool:
        """Issued, due date passed, balance left."""
        return self.is_open and self.due_date is not None and self.due_date < today

    @property
    def money(self) -> Money:
        return Money(self.total, self.currency)

    @property
    def balance_money(self) -> Money:
        return Money(self.balance, self.currency)

    def has_exclusive_hold(self) -> bool:
        """Somebody's payment keeps all others out. True only under lock of this row."""
        return self.holds.filter(exclusive=True, released_at=None).exists()

    @property
    def subject_kind(self) -> str:
        return self.kind

    @property
    def subject_label(self) -> str:
        return str(self)

    @property
    def subject_contact_id(self) -> int:
        return self.contact_id
