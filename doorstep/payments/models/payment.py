"""Payment: money on its way from a customer, from the first click to the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from doorstep.activity.models import Actor, Origin
from doorstep.contacts.models import Contact
from doorstep.documents.kinds import OPEN_STATES
from doorstep.identity.models import Account
from doorstep.lib.money import Money
from doorstep.lib.statements import Given
from doorstep.organizations.models import Organization
from doorstep.organizations.models.curtain import CurtainField, SeenManager, curtain_index
from doorstep.payments import booking, starting, under_way
from doorstep.payments.facts import PaymentFact
from doorstep.payments.gateways import gateway_named
from doorstep.payments.gateways.base import Gateway
from doorstep.payments.payer import Payer
from doorstep.payments.states import UNDER_WAY, Method, PaymentState
from doorstep.sharing.models import Link

if TYPE_CHECKING:
    from datetime import date

    from doorstep.organizations.models import Member
    from doorstep.sales.models import Invoice

    # Inside a payment `date` is its own.
    type Day = date

OPEN_FOR = timedelta(minutes=30)


class PaymentQuerySet(models.QuerySet["Payment"]):
    def of(self, owner: Organization | Contact) -> Self:
        if isinstance(owner, Contact):
            return self.filter(organization=owner.organization_id, contact=owner)
        return self.filter(organization=owner)

    def succeeded(self) -> Self:
        return self.filter(state=PaymentState.SUCCEEDED)

    def worth_showing(self) -> Self:
        """What people look for in a list: money that moved, moves, or came back."""
        return self.filter(
            state__in=[PaymentState.SUCCEEDED, PaymentState.PENDING, PaymentState.FAILED]
        )

    def under_way(self) -> Self:
        """Open or pending: money may still come."""
        return self.filter(state__in=UNDER_WAY)

    def stale(self, *, at: datetime) -> Self:
        """Open attempts that nobody finished in time, or whose invoices owe less by now."""
        from doorstep.payments.models.allocation import Allocation

        shares = Allocation.objects.filter(payment=OuterRef("pk"))
        outdated = shares.exclude(document__state__in=OPEN_STATES) | shares.filter(
            document__balance__lt=F("amount")
        )
        return self.filter(Q(expires_at__lte=at) | Exists(outdated), state=PaymentState.OPEN)

    def unknown(self) -> Self:
        """Payments that a gateway may know more about than we do, oldest first."""
        return self.under_way().exclude(gateway="manual").order_by("pk")

    def matching(self, words: str) -> Self:
        """Number, reference or the customer's name contains what was typed."""
        own = Q(number__icontains=words) | Q(reference__icontains=words)
        return self.filter(own | Q(contact__name__icontains=words))

    def newest_first(self) -> Self:
        return self.order_by("-date", "-pk")

    def before(self, day: date, pk: int) -> Self:
        return self.filter(date__lte=day).exclude(date=day, pk__gte=pk)

    def after(self, day: date, pk: int) -> Self:
        return self.filter(date__gte=day).exclude(date=day, pk__lte=pk).order_by("date", "pk")


class Payment(models.Model):
    """Amounts in minor units of `currency`. `attempt` is our key at the gateway, made once."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=PaymentState, default=PaymentState.OPEN)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    unallocated = models.BigIntegerField(default=0)
    date = models.DateField()
    gateway = models.CharField(max_length=20)
    method = models.CharField(max_length=20, choices=Method, blank=True)
    method_label = models.CharField(max_length=80, blank=True)
    attempt = models.CharField(max_length=64, unique=True)
    provider_reference = models.CharField(max_length=120, blank=True)
    checkout_url = models.URLField(max_length=500, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    started_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    started_by_name = models.CharField(max_length=200)
    # For whoever pays from a link: the link, and their browser's hash.
    started_in = models.CharField(max_length=64, blank=True)
    link = models.ForeignKey(Link, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    pending_at = models.DateTimeField(null=True)
    expected_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    failure_reason = models.CharField(max_length=300, blank=True)
    booked_from = models.CharField(max_length=20, blank=True)
    foreign_id = models.CharField(max_length=80, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.ACT)
    curtain = CurtainField()

    objects = SeenManager.from_queryset(PaymentQuerySet)()
    everything = models.Manager["Payment"]()

    if TYPE_CHECKING:
        allocations: Any

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="payment_number_once"),
            models.UniqueConstraint(
                fields=["organization", "gateway", "provider_reference"],
                condition=~Q(provider_reference=""),
                name="payment_provider_reference_once",
            ),
            models.UniqueConstraint(
                fields=["organization", "foreign_id"],
                condition=~Q(foreign_id=""),
                name="payment_foreign_id_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, unallocated__gte=0, unallocated__lte=models.F("amount")),
                name="payment_amounts",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "contact", "-date", "-id"], name="payment_portal_list"
            ),
            models.Index(fields=["organization", "-date", "-id"], name="payment_office_list"),
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="payment_open"),
            curtain_index("payment_behind_curtain"),
        ]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def of(cls, owner: Organization | Contact) -> PaymentQuerySet:
        return cls.objects.all().of(owner)

    @classmethod
    def given(cls) -> PaymentQuerySet:
        """For a `Statement`: of the `contact` of the `organization` that are given when it is asked."""
        return cls.objects.filter(organization=Given("organization"), contact=Given("contact"))

    @classmethod
    def start(
        cls,
        invoices: Sequence[Invoice],
        *,
        by: Payer,
        method: str,
        seen_total: int,
        at: datetime,
    ) -> Payment:
        """Begin to pay the full balances of these invoices, all or nothing.

        `seen_total` (minor units) is what the payer agreed to. A double click returns the same
        attempt. Commits before it returns; then call `go_to_gateway`. Raises `InvoicesChanged`,
        `AnotherPayment` (whose `payment` may be continued, or taken over while it is open),
        `BulkPaymentOff`, `TooManyInvoices`, `MixedCurrencies`, `MayNotPay`, `NoGateway`, `NoSuchWay`.
        """
        return starting.start(invoices, by=by, method=method, seen_total=seen_total, at=at)

    def go_to_gateway(self, *, return_url: str, cancel_url: str, at: datetime) -> str:
        """The address of the gateway's page for this attempt. Raises `GatewayError`."""
        return starting.go_to_gateway(self, return_url=return_url, cancel_url=cancel_url, at=at)

    def take_over(self, *, by: Payer, at: datetime) -> None:
        """End an open attempt so that `by` may start their own: a colleague's, or their own to start over.

        Closes it at the gateway first. Raises `AnotherPayment` when it has just been paid,
        `MayNotPay`, and `GatewayError` when the gateway does not confirm.
        """
        under_way.take_over(self, by=by, at=at)

    def give_up(self, *, at: datetime) -> Payment:
        """Close an open attempt at the gateway, then here, so that another may begin.

        It may turn out to have been paid just now. Raises `GatewayError` when the gateway
        does not confirm.
        """
        return Payment.record(self.through.expire(self, at=at)) if self.is_open else self

    def ask_gateway(self, *, at: datetime) -> Payment:
        """Find out where the money is, for pages that no notice can reach."""
        fact = self.through.look_up(self, at=at) if self.is_under_way else None
        return Payment.record(fact) if fact else self

    @classmethod
    def receive(
        cls,
        contact: Contact,
        money: Money,
        shares: Sequence[tuple[Invoice, int]],
        *,
        by: Member,
        method: str,
        date: Day,
        at: datetime,
        reference: str = "",
        key: str = "",
    ) -> Payment:
        """Money that has already arrived, recorded by a member; the rest stays as credit.

        `shares` are (invoice, minor units). The same `key` (the form's) records the same payment once.
        Never blocked by payments under way. Raises `InvoicesChanged`, `NotThatMuch`,
        `AlreadyRecorded`, `NotAllowed`.
        """
        from doorstep.payments.receiving import receive

        return receive(
            contact,
            money,
            shares,
            by=by,
            method=method,
            day=date,
            at=at,
            reference=reference,
            key=key,
        )

    @classmethod
    def record(cls, fact: PaymentFact, *, by: Actor | None = None) -> Payment:
        """Book what is known: the only way in which a payment changes its state.

        Facts may come late, twice or out of order; states only move forward. A fact that
        does not fit is kept aside with an event. `by` is who says so, else Doorstep itself.
        Raises `Payment.DoesNotExist`.
        """
        return booking.record(fact, by=by)

    @property
    def through(self) -> Gateway:
        return gateway_named(self.gateway)

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def is_open(self) -> bool:
        return self.state == PaymentState.OPEN

    @property
    def is_pending(self) -> bool:
        return self.state == PaymentState.PENDING

    @property
    def is_succeeded(self) -> bool:
        return self.state == PaymentState.SUCCEEDED

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    def is_abandoned(self, *, at: datetime) -> bool:
        """Open, and its time is over."""
        return self.is_open and self.expires_at is not None and self.expires_at <= at

    def is_started_by(self, payer: Payer) -> bool:
        account = payer.actor_account_id
        if account is not None:
            return account == self.started_by_id
        return bool(payer.browser) and payer.browser == self.started_in

    subject_kind = "payment"

    @property
    def subject_label(self) -> str:
        return self.number

    @property
    def subject_contact_id(self) -> int:
        return self.contact_id
