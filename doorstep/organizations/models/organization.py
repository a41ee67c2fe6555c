"""The business that owns the portal."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Actor, record
from doorstep.lib.errors import Refused
from doorstep.lib.statements import Given, Statement
from doorstep.lib.words import town_line
from doorstep.organizations.events import (
    ORGANIZATION_CHANGED,
    ORGANIZATION_CREATED,
    ORGANIZATION_RESUMED,
    ORGANIZATION_SUSPENDED,
)

if TYPE_CHECKING:
    from doorstep.organizations.preferences import PortalPreferences


def check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("There is no time zone of that name."))


class WentLive(Refused):
    """Test mode would mix play money with real papers."""


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def with_preferences(self) -> Self:
        """Organisation and its preferences in one query."""
        return self.select_related("preferences")


class Organization(models.Model):
    name = models.CharField(_("Name"), max_length=120)
    legal_name = models.CharField(_("Legal name"), max_length=200, blank=True)
    tax_number = models.CharField(_("Tax number"), max_length=40, blank=True)
    currency = models.CharField(
        _("Currency"),
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Three capital letters, like USD."))],
    )
    language = models.CharField(_("Language"), max_length=10, default="en")
    time_zone = models.CharField(
        _("Time zone"), max_length=64, default="UTC", validators=[check_time_zone]
    )
    brand_color = models.CharField(
        _("Brand colour"),
        max_length=7,
        default="#0f5c43",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("A colour like #0f5c43."))],
    )
    logo = models.ForeignKey(
        "files.StoredFile", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    street = models.CharField(_("Street"), max_length=200, blank=True)
    city = models.CharField(_("City"), max_length=100, blank=True)
    region = models.CharField(_("State or region"), max_length=100, blank=True)
    postal_code = models.CharField(_("Postal code"), max_length=20, blank=True)
    country = models.CharField(_("Country"), max_length=100, blank=True)
    email = models.EmailField(_("E-mail address"), blank=True)
    phone = models.CharField(_("Phone"), max_length=40, blank=True)
    website = models.URLField(_("Website"), blank=True)
    bank_details = models.TextField(_("Bank details"), max_length=1000, blank=True)
    payment_terms_days = models.PositiveSmallIntegerField(_("Payment terms in days"), default=30)
    terms_url = models.URLField(_("Terms (address of the page)"), blank=True)
    privacy_url = models.URLField(_("Privacy (address of the page)"), blank=True)
    terms_version = models.CharField(
        _("Version or date of both"),
        max_length=40,
        blank=True,
        help_text=_("When it changes, everybody is asked again at their next visit."),
    )
    gateway = models.CharField(_("Payment gateway"), max_length=20, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    test_mode = models.BooleanField(default=False, editable=False)
    went_live_at = models.DateTimeField(null=True, editable=False)
    # By the operator of the installation: nobody gets in, no link opens, no mail leaves.
    suspended_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(editable=False)

    objects = OrganizationQuerySet.as_manager()

    if TYPE_CHECKING:
        preferences: PortalPreferences

    def __str__(self) -> str:
        return self.name

    @classmethod
    def known(cls) -> OrganizationQuerySet:
        """All of this installation that are not suspended, each with its preferences."""
        return cls.objects.with_preferences().filter(suspended_at=None)

    @classmethod
    def create(
        cls, *, name: str, currency: str, portal_name: str, at: datetime, by: Actor, **details: Any
    ) -> Organization:
        """A new organisation with its preferences and number series. Raises ValidationError."""
        from doorstep.organizations.models.number_series import NumberSeries
        from doorstep.organizations.preferences import PortalPreferences

        organization = cls(name=name, currency=currency, created_at=at, **details)
        organization.full_clean(exclude=["logo"])
        preferences = PortalPreferences(organization=organization, portal_name=portal_name)
        preferences.clean_portal_name(at=at)
        with transaction.atomic():
            organization.save()
            preferences.organization = organization
            preferences.save()
            NumberSeries.begin(organization)
            record(ORGANIZATION_CREATED, organization, by=by, at=at)
        return organization

    def change(self, *, by: Actor, at: datetime, **details: Any) -> None:
        """Save what differs and say so. Raises ValidationError."""
        with transaction.atomic():
            current = Organization.objects.select_for_update().get(pk=self.pk)
            changed = {n: v for n, v in details.items() if getattr(current, n) != v}
            for name, value in changed.items():
                setattr(current, name, value)
                setattr(self, name, value)
            current.full_clean(exclude=["logo"])
            if changed:
                current.save(update_fields=list(changed))
                record(ORGANIZATION_CHANGED, self, by=by, at=at, fields=sorted(changed))

    @classmethod
    def is_anybody_here(cls) -> bool:
        """Whether a real business lives in this installation, suspended or not."""
        return cls.objects.filter(is_demo=False).exists()

    def suspend(self, *, by: Actor, at: datetime) -> None:
        """Shut every door at once, from the next request on; nothing is lost."""
        with transaction.atomic():
            if Organization.objects.filter(pk=self.pk, suspended_at=None).update(suspended_at=at):
                record(ORGANIZATION_SUSPENDED, self, by=by, at=at)

    def resume(self, *, by: Actor, at: datetime) -> None:
        """As before: sessions and links that have not ended meanwhile open again."""
        with transaction.atomic():
            suspended = Organization.objects.filter(pk=self.pk, suspended_at__isnull=False)
            if suspended.update(suspended_at=None):
                record(ORGANIZATION_RESUMED, self, by=by, at=at)

    @classmethod
    def at(cls, portal_name: str) -> Organization | None:
        """The organisation at this address, with its preferences: asked by every request.

        None for one that is suspended, as for one that never was.
        """
        return _AT.first(portal_name=portal_name)

    @property
    def organization_id(self) -> int:
        return int(self.pk)

    subject_kind = "organization"
    subject_contact_id: int | None = None

    @property
    def subject_label(self) -> str:
        return self.name

    @property
    def portal_name(self) -> str:
        return self.preferences.portal_name

    def today(self, at: datetime) -> date:
        """The date at `at` where the organisation is."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def asks_consent(self) -> bool:
        """Whether people agree to terms before they use the portal."""
        return bool(self.terms_version and (self.terms_url or self.privacy_url))

    @property
    def is_test(self) -> bool:
        """Money here is play money: demo companies and test mode."""
        return self.is_demo or self.test_mode

    @property
    def address_lines(self) -> list[str]:
        town = town_line(self.city, self.region, self.postal_code)
        return [line for line in (self.street, town, self.country) if line]

    def start_test_mode(self) -> None:
        """Pay with the sandbox bank's play money. Refused once a real invoice went out."""
        if self.went_live_at is not None:
            raise WentLive(_("A real invoice has gone out, so test mode is closed."))
        self.test_mode, self.gateway = True, "sandbox"
        self.save(update_fields=["test_mode", "gateway"])

    def end_test_mode(self) -> None:
        """Back to real money; the sandbox bank goes with it."""
        self.test_mode, self.gateway = False, ""
        self.save(update_fields=["test_mode", "gateway"])

    def note_live(self, *, at: datetime) -> None:
        """A paper went out to somebody: from now on this is real, unless money here is play money."""
        if self.went_live_at is None and not self.is_test:
            self.went_live_at = at
            self.save(update_fields=["went_live_at"])


_AT: Statement[Organization, Organization] = Statement(
    lambda: Organization.objects.with_preferences().filter(
        preferences__portal_name=Given("portal_name"), suspended_at=None
    )
)
