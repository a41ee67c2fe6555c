"""The page *Customer Portal preferences*: each field with the rule that it switches.

One row per organisation, fields in the order of the page. Nobody else reads the raw fields:
`check_…` refuses, `allows_…` answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from doorstep.activity.models import Actor, record
from doorstep.lib.errors import Refused
from doorstep.lib.markup import clean_banner
from doorstep.organizations.events import PREFERENCES_CHANGED
from doorstep.organizations.models.organization import Organization

RESERVED_NAMES = frozenset(
    "account accounts admin api app auth billing demo doorstep gateways healthz help login logout "
    "mail new office portal public readyz root s sandbox-bank set-up setup sign-in sign-up static "
    "status support system test verify welcome www".split()
)
NAME_PATTERN = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38})[a-z0-9]")
REDIRECTED_FOR = timedelta(days=90)
MOST_INVOICES_AT_ONCE = 200
VERIFIED_KINDS = frozenset({"invoice", "retainer_invoice", "estimate"})


class PaymentInProgress(Refused):
    """Another payment for the same invoice is on its way or being made."""


class BulkPaymentOff(Refused):
    """Several invoices at once are not allowed here."""


class TooManyInvoices(Refused):
    """More invoices than one payment may hold."""


class UploadsOff(Refused):
    """*Allow customers to upload documents and edit their information* is off."""


class EditsOff(Refused):
    """The same, for their information."""


class SignUpOff(Refused):
    """Access is by invitation only."""


class SignUpAdmission(models.TextChoices):
    """What becomes of an address that is not on file, once it is proven."""

    NONE = "none", _("nobody else")
    SAME_DOMAIN = "same_domain", _("addresses of the customer's own domain")
    HELD = "held", _("anybody, held for your approval")


class Payable(Protocol):
    """What the payment rules need to know of an invoice."""

    @property
    def number(self) -> str: ...
    def has_exclusive_hold(self) -> bool: ...


class FormerPortalName(models.Model):
    """A portal name that was given up: GET is redirected, and nobody else gets it, until then."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="former_names")
    portal_name = models.CharField(max_length=40, unique=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.portal_name

    @classmethod
    def heir_of(cls, portal_name: str, *, at: datetime) -> Organization | None:
        """Who gave this name up a short while ago."""
        former = cls.objects.filter(portal_name=portal_name, until__gt=at)
        found = former.select_related("organization__preferences").first()
        return found.organization if found else None


class PortalPreferences(models.Model):
    organization = models.OneToOneField(Organization, models.CASCADE, related_name="preferences")
    updated_at = models.DateTimeField(auto_now=True)

    portal_name = models.CharField(
        _("Portal Name"),
        max_length=40,
        unique=True,
        help_text=_(
            "The address your customers and vendors open. Links already sent keep working."
        ),
    )

    @classmethod
    def free_name(cls, wish: str, *, at: datetime) -> str:
        """A portal name made from `wish`, with -2, -3… when it is taken."""
        stem = slugify(wish)[:36].strip("-")
        if len(stem) < 3 or stem in RESERVED_NAMES:
            stem = f"{stem}-portal".strip("-")
        for suffix in ["", *(f"-{n}" for n in range(2, 1000))]:
            if not cls._is_taken(stem + suffix, except_for=None, at=at):
                return stem + suffix
        raise ValidationError(_("Choose another portal name."))

    def clean_portal_name(self, *, at: datetime) -> None:
        """Raises ValidationError with words for the person typing."""
        name = self.portal_name
        if not NAME_PATTERN.fullmatch(name) or "--" in name:
            raise ValidationError(
                {"portal_name": _("Use 3 to 40 of a–z, 0–9 and single hyphens inside.")}
            )
        if name in RESERVED_NAMES:
            raise ValidationError({"portal_name": _("This name is reserved. Choose another.")})
        if self._is_taken(name, except_for=self.organization_id, at=at):
            raise ValidationError({"portal_name": _("This name is already taken.")})

    @classmethod
    def _is_taken(cls, name: str, *, except_for: int | None, at: datetime) -> bool:
        in_use = cls.objects.filter(portal_name=name).exclude(organization=except_for)
        given_up = FormerPortalName.objects.filter(portal_name=name, until__gt=at)
        return in_use.exists() or given_up.exclude(organization=except_for).exists()

    banner_message = models.TextField(
        _("Banner Message"),
        max_length=1000,
        blank=True,
        help_text=_("Shown at the top of the portal's home. Empty shows a plain welcome."),
    )
    vendor_banner_message = models.TextField(
        _("Banner Message for vendors"),
        max_length=1000,
        blank=True,
        help_text=_("Empty shows vendors the same message."),
    )

    def banner_for(self, *, vendor: bool) -> str:
        """The banner as safe HTML, cleaned now because the stored text is what was typed."""
        return clean_banner((vendor and self.vendor_banner_message) or self.banner_message)

    mfa_required = models.BooleanField(
        _("Enable multi-factor authentication (MFA)"),
        default=False,
        help_text=_("Everybody confirms each sign-in with an authenticator app or a passkey."),
    )
    mfa_remember_days = models.PositiveSmallIntegerField(
        _("Remember a browser for this many days"),
        default=30,
        validators=[MaxValueValidator(90)],
        help_text=_("0 to 90. With 0 every sign-in asks for the code."),
    )
    staff_mfa_required = models.BooleanField(_("Ask your own team as well"), default=False)

    def requires_second_factor(self, *, staff: bool) -> bool:
        """Whether one factor is not enough, for members of the team or for customers and vendors."""
        return self.staff_mfa_required if staff else self.mfa_required

    def remembers_browsers_for(self) -> timedelta:
        """How long a browser in which the second factor was given needs none."""
        return timedelta(days=self.mfa_remember_days)

    prevent_duplicate_payments = models.BooleanField(
        _("Prevent duplicate payments"),
        default=True,
        help_text=_(
            "While a bank transfer is in progress, nobody can start a second payment for the same invoice."
        ),
    )

    def check_no_payment_in_progress(self, invoice: Payable) -> None:
        """Raises `PaymentInProgress`; call it with the invoice locked."""
        if self.prevent_duplicate_payments and invoice.has_exclusive_hold():
            raise PaymentInProgress(
                _("A payment for %(number)s is already being processed.")
                % {"number": invoice.number}
            )

    def holds_are_exclusive(self) -> bool:
        """Whether a payment that begins now keeps all others out."""
        return self.prevent_duplicate_payments

    allow_sign_up = models.BooleanField(
        _("Allow customers to sign up to the Customer Portal"),
        default=True,
        help_text=_(
            "A public link offers “Create your portal account” to everybody who proves an address "
            "that you have on file for this customer."
        ),
    )
    sign_up_admission = models.CharField(
        _("Let in besides them"),
        max_length=12,
        choices=SignUpAdmission,
        default=SignUpAdmission.NONE,
        help_text=_(
            "The customer's own domain is that of its primary contact. Free mail providers and your "
            "own domain are never let in."
        ),
    )

    def allows_sign_up(self) -> bool:
        return self.allow_sign_up

    def check_sign_up(self) -> None:
        """Raises `SignUpOff`."""
        if not self.allow_sign_up:
            raise SignUpOff(_("Access to this portal is by invitation only."))

    def admits_own_domain(self) -> bool:
        """Whether a proven address of the customer's own domain is let in."""
        return self.allow_sign_up and self.sign_up_admission == SignUpAdmission.SAME_DOMAIN

    def holds_strangers(self) -> bool:
        """Whether any other proven address waits for somebody's approval."""
        return self.allow_sign_up and self.sign_up_admission == SignUpAdmission.HELD

    notify_activity = models.BooleanField(
        _("Notify me about Customer Portal activity"),
        default=True,
        help_text=_("Payments, first views and what else your customers do."),
    )
    notify_by_email = models.BooleanField(_("By e-mail"), default=True)
    notify_in_app = models.BooleanField(_("In the app"), default=True)

    def allows_notices_by_mail(self) -> bool:
        return self.notify_activity and self.notify_by_email

    def allows_notices_in_app(self) -> bool:
        return self.notify_activity and self.notify_in_app

    allow_uploads_and_edits = models.BooleanField(
        _("Allow customers to upload documents and edit their information in the portal"),
        default=True,
        help_text=_(
            "Customers and vendors upload documents and change their name, phone and addresses. A new "
            "legal name or tax number waits for your approval."
        ),
    )

    def allows_uploads_and_edits(self) -> bool:
        return self.allow_uploads_and_edits

    def check_uploads(self) -> None:
        """Raises `UploadsOff`."""
        if not self.allow_uploads_and_edits:
            raise UploadsOff(_("Documents cannot be uploaded here at the moment."))

    def check_edits(self) -> None:
        """Raises `EditsOff`."""
        if not self.allow_uploads_and_edits:
            raise EditsOff(_("Details cannot be changed here. Tell us what is different."))

    allow_bulk_payment = models.BooleanField(
        _("Enable customers to make bulk payments for invoices"),
        default=True,
        help_text=_("Tick several invoices and pay them at once, with one receipt."),
    )

    def allows_bulk_payment(self) -> bool:
        return self.allow_bulk_payment

    def check_bulk_payment(self, invoices: Sequence[Payable]) -> None:
        """Raises `BulkPaymentOff` or `TooManyInvoices`."""
        if len(invoices) > 1 and not self.allow_bulk_payment:
            raise BulkPaymentOff(_("Invoices are paid one at a time here."))
        if len(invoices) > MOST_INVOICES_AT_ONCE:
            raise TooManyInvoices(
                ngettext(
                    "At most %(most)d invoice can be paid at once.",
                    "At most %(most)d invoices can be paid at once.",
                    MOST_INVOICES_AT_ONCE,
                )
                % {"most": MOST_INVOICES_AT_ONCE}
            )

    verify_identity_on_links = models.BooleanField(
        _("Enable identity verification to view invoices and estimates"),
        default=True,
        help_text=_(
            "A public link shows only sender, kind, number and balance until the visitor enters a code "
            "mailed to them. Paying stays possible without it."
        ),
    )

    def verifies_links(self, kind: str) -> bool:
        """Whether a link to a paper of this kind shows its content only to who has proven an address."""
        return self.verify_identity_on_links and kind in VERIFIED_KINDS

    def for_contact(self, contact: object) -> Self:
        """The preferences that hold for one contact; today the same for all of them."""
        return self

    def change(self, *, by: Actor, at: datetime, **cleaned: Any) -> dict[str, tuple[Any, Any]]:
        """Save what differs from the row as it stands now and record it: {field: (from, to)}.

        Re-reads under lock, because the form has already changed this instance.
        Raises ValidationError when the portal name is not to be had.
        """
        try:
            with transaction.atomic():
                return self._change(by=by, at=at, cleaned=cleaned)
        except IntegrityError as error:
            raise ValidationError({"portal_name": _("This name is already taken.")}) from error

    def _change(
        self, *, by: Actor, at: datetime, cleaned: dict[str, Any]
    ) -> dict[str, tuple[Any, Any]]:
        current = type(self).objects.select_for_update().get(pk=self.pk)
        changes = {
            name: (getattr(current, name), value)
            for name, value in cleaned.items()
            if getattr(current, name) != value
        }
        for name, (_before, after) in changes.items():
            setattr(current, name, after)
            setattr(self, name, after)
        if "portal_name" in changes:
            current.clean_portal_name(at=at)
            current._keep_former_name(changes["portal_name"][0], at=at)
        if changes:
            current.save()
            record(PREFERENCES_CHANGED, current, by=by, at=at, changes=changes)
        return changes

    def _keep_former_name(self, name: str, *, at: datetime) -> None:
        FormerPortalName.objects.filter(portal_name__in=[name, self.portal_name]).delete()
        FormerPortalName.objects.create(
            organization_id=self.organization_id, portal_name=name, until=at + REDIRECTED_FOR
        )

    subject_kind = "preferences"
    subject_label = "Customer Portal"
    subject_contact_id: int | None = None

    def __str__(self) -> str:
        return self.portal_name
