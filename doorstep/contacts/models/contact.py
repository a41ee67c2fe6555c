"""A customer or vendor of one organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Actor, Origin, record
from doorstep.contacts.events import CONTACT_CHANGED, CONTACT_CREATED
from doorstep.identity.models import canonical_address
from doorstep.lib.errors import Refused
from doorstep.lib.words import town_line
from doorstep.organizations.models import Member, Organization
from doorstep.organizations.models.curtain import CurtainField, SeenManager, curtain_index


class ContactRole(models.TextChoices):
    CUSTOMER = "customer", _("Customer")
    VENDOR = "vendor", _("Vendor")


class NotHere(Refused):
    """Whoever looks after a contact is a member of its business."""


class ContactQuerySet(models.QuerySet["Contact"]):
    def customers(self) -> ContactQuerySet:
        return self.filter(role=ContactRole.CUSTOMER)

    def vendors(self) -> ContactQuerySet:
        return self.filter(role=ContactRole.VENDOR)

    def looked_after_by(self, member: Member) -> ContactQuerySet:
        return self.filter(account_manager=member)

    def hand_to(self, manager: Member | None, *, by: Member, at: datetime) -> int:
        """`manager`, or nobody, looks after all of these from now on; how many that changes.

        Raises `NotAllowed`, `NotHere`.
        """
        by.require("contacts.edit")
        if manager is not None and manager.organization_id != by.organization_id:
            raise NotHere(_("Only somebody who works here looks after a contact."))
        with transaction.atomic():
            theirs = self.filter(organization=by.organization_id).exclude(account_manager=manager)
            changed = list(theirs.order_by("pk"))
            for contact in changed:
                contact.change(by=by, at=at, account_manager=manager)
        return len(changed)

    def matching(self, words: str) -> ContactQuerySet:
        """Name, company or address contains what was typed; a person's name or address as well."""
        people = Q(people__name__icontains=words) | Q(people__email__icontains=words)
        own = (
            Q(name__icontains=words) | Q(company_name__icontains=words) | Q(email__icontains=words)
        )
        return self.filter(own | people).distinct()


class Contact(models.Model):
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="contacts")
    role = models.CharField(max_length=10, choices=ContactRole)
    name = models.CharField(_("Display name"), max_length=200)
    company_name = models.CharField(_("Company name"), max_length=200, blank=True)
    email = models.EmailField(_("E-mail address"), blank=True)
    phone = models.CharField(_("Phone"), max_length=60, blank=True)
    currency = models.CharField(
        _("Currency"),
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Three capital letters, like USD."))],
    )
    payment_terms_days = models.PositiveSmallIntegerField(_("Payment terms in days"), default=30)
    language = models.CharField(_("Language"), max_length=10, blank=True)
    tax_number = models.CharField(_("Tax number"), max_length=40, blank=True)
    billing_street = models.CharField(_("Street"), max_length=200, blank=True)
    billing_city = models.CharField(_("City"), max_length=100, blank=True)
    billing_region = models.CharField(_("State or region"), max_length=100, blank=True)
    billing_postal_code = models.CharField(_("Postal code"), max_length=20, blank=True)
    billing_country = models.CharField(_("Country"), max_length=100, blank=True)
    shipping_street = models.CharField(_("Street"), max_length=200, blank=True)
    shipping_city = models.CharField(_("City"), max_length=100, blank=True)
    shipping_region = models.CharField(_("State or region"), max_length=100, blank=True)
    shipping_postal_code = models.CharField(_("Postal code"), max_length=20, blank=True)
    shipping_country = models.CharField(_("Country"), max_length=100, blank=True)
    account_manager = models.ForeignKey(
        Member, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    foreign_id = models.CharField(max_length=80, blank=True)
    is_active = models.BooleanField(_("Active"), default=True)
    created_at = models.DateTimeField()
    curtain = CurtainField()

    objects = SeenManager.from_queryset(ContactQuerySet)()
    everything = models.Manager["Contact"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "role", "foreign_id"],
                condition=~Q(foreign_id=""),
                name="contact_foreign_id_once",
            )
        ]
        indexes = [
            models.Index(fields=["organization", "role", "name", "id"], name="contact_list"),
            models.Index(
                fields=["organization", "account_manager", "name", "id"], name="contact_of_manager"
            ),
            curtain_index("contact_behind_curtain"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def create(
        cls,
        organization: Organization,
        *,
        by: Actor,
        at: datetime,
        origin: str = Origin.ACT,
        **details: Any,
    ) -> Contact:
        """A new customer or vendor. Currency defaults to the organisation's. Raises ValidationError."""
        details.setdefault("currency", organization.currency)
        contact = cls(organization=organization, created_at=at, **details)
        contact.email = canonical_address(contact.email)
        contact.full_clean()
        with transaction.atomic():
            contact.save()
            record(CONTACT_CREATED, contact, by=by, at=at, origin=origin)
        return contact

    def change(self, *, by: Actor, at: datetime, **details: Any) -> None:
        """Save what differs and say so. Raises ValidationError."""
        with transaction.atomic():
            current = Contact.objects.select_for_update().get(pk=self.pk)
            changes = {
                name: [getattr(current, name), value]
                for name, value in details.items()
                if getattr(current, name) != value
            }
            for name, (_before, after) in changes.items():
                setattr(current, name, after)
                setattr(self, name, after)
            current.full_clean()
            if changes:
                current.save()
                words = {name: [str(v or "") for v in pair] for name, pair in changes.items()}
                record(CONTACT_CHANGED, self, by=by, at=at, changes=words)

    @property
    def is_vendor(self) -> bool:
        return self.role == ContactRole.VENDOR

    @property
    def billing_lines(self) -> list[str]:
        return self._lines("billing")

    @property
    def shipping_lines(self) -> list[str]:
        return self._lines("shipping")

    def _lines(self, which: str) -> list[str]:
        part = {
            k: getattr(self, f"{which}_{k}")
            for k in ("street", "city", "region", "postal_code", "country")
        }
        town = town_line(part["city"], part["region"], part["postal_code"])
        return [line for line in (part["street"], town, part["country"]) if line]

    subject_kind = "contact"

    @property
    def subject_label(self) -> str:
        return self.name

    @property
    def subject_contact_id(self) -> int:
        return int(self.pk)
