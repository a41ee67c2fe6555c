"""A person at a customer or vendor, and where they stand with the portal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Actor, Origin, Role, record
from doorstep.contacts.events import PERSON_ADDED, PERSON_CHANGED
from doorstep.contacts.models.contact import Contact
from doorstep.identity.models import canonical_address
from doorstep.lib.errors import Refused
from doorstep.organizations.models import Member, Organization
from doorstep.organizations.models.curtain import CurtainField, SeenManager, curtain_index

if TYPE_CHECKING:
    from doorstep.contacts.models.access import Invitation, PortalAccess


class PersonState(models.TextChoices):
    NOT_INVITED = "not_invited", _("Not invited")
    INVITED = "invited", _("Invited")
    ACTIVE = "active", _("Active")
    DISABLED = "disabled", _("Disabled")


class NoAddress(Refused):
    """Nobody can be invited without an address."""


class ContactPersonQuerySet(models.QuerySet["ContactPerson"]):
    def with_state(self) -> ContactPersonQuerySet:
        """Adds `is_active_person`, `is_invited`, `is_disabled` so that `state` costs no query."""
        from doorstep.contacts.models.access import Invitation, PortalAccess

        access = PortalAccess.objects.filter(contact_person=OuterRef("pk"))
        open_invitation = Invitation.objects.filter(contact_person=OuterRef("pk")).open()
        facts = {
            "is_active_person": Exists(access.filter(revoked_at=None)),
            "is_disabled": Exists(access.exclude(revoked_at=None)),
            "is_invited": Exists(open_invitation),
        }
        return self.annotate(**facts)

    def in_state(self, state: str) -> ContactPersonQuerySet:
        """Those for whom `state` says so; adds what `with_state()` adds."""
        people = self.with_state()
        if state == PersonState.ACTIVE:
            return people.filter(Q(is_active_person=True))
        people = people.filter(Q(is_active_person=False))
        if state == PersonState.INVITED:
            return people.filter(Q(is_invited=True))
        return people.filter(Q(is_invited=False, is_disabled=state == PersonState.DISABLED))

    def matching(self, words: str) -> ContactPersonQuerySet:
        """Name, address or the contact's name contains what was typed."""
        own = Q(name__icontains=words) | Q(email__icontains=words)
        return self.filter(own | Q(contact__name__icontains=words))

    def addressable(self) -> ContactPersonQuerySet:
        return self.exclude(email="")


class ContactPerson(models.Model):
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="people")
    name = models.CharField(_("Name"), max_length=200)
    email = models.EmailField(_("E-mail address"), blank=True)
    phone = models.CharField(_("Phone"), max_length=60, blank=True)
    designation = models.CharField(_("Designation"), max_length=100, blank=True)
    language = models.CharField(_("Language"), max_length=10, blank=True)
    is_primary = models.BooleanField(_("Primary contact"), default=False)
    may_pay = models.BooleanField(_("May pay"), default=True)
    created_at = models.DateTimeField()
    curtain = CurtainField()

    objects = SeenManager.from_queryset(ContactPersonQuerySet)()
    everything = models.Manager["ContactPerson"]()

    if TYPE_CHECKING:
        access: PortalAccess
        is_active_person: bool
        is_disabled: bool
        is_invited: bool

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "email"], condition=~Q(email=""), name="person_address_once"
            ),
            models.UniqueConstraint(
                fields=["contact"], condition=Q(is_primary=True), name="person_one_primary"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "email"], name="person_address"),
            curtain_index("person_behind_curtain"),
        ]
        ordering = [F("is_primary").desc(), "name", "pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, organization: Organization) -> ContactPersonQuerySet:
        """Everybody at the organisation's customers and vendors."""
        return cls.objects.filter(organization=organization)

    @classmethod
    def add(
        cls,
        contact: Contact,
        *,
        name: str,
        email: str = "",
        by: Actor,
        at: datetime,
        origin: str = Origin.ACT,
        **details: object,
    ) -> ContactPerson:
        """A new person at the contact; the first one is the primary contact. Raises ValidationError."""
        person = cls(
            organization_id=contact.organization_id,
            contact=contact,
            name=name,
            email=canonical_address(email),
            created_at=at,
            **details,
        )
        with transaction.atomic():
            person.is_primary = not contact.people.filter(is_primary=True).exists()
            person.full_clean()
            person.save()
            record(PERSON_ADDED, person, by=by, at=at, origin=origin)
        return person

    def change(self, *, by: Member, at: datetime, **details: Any) -> None:
        """Save what differs and say so. Raises ValidationError, `NotAllowed`.

        A new address opens nothing by itself: whoever was in or invited is invited there, and
        access moves when its holder accepts.
        """
        by.require("contacts.edit")
        details["email"] = canonical_address(details.get("email", self.email))
        with transaction.atomic():
            current = (
                ContactPerson.objects.with_state().select_for_update(of=("self",)).get(pk=self.pk)
            )
            changed = {n: v for n, v in details.items() if getattr(current, n) != v}
            words = {n: [str(getattr(current, n)), str(value)] for n, value in changed.items()}
            if changed.get("is_primary"):
                ContactPerson.objects.filter(contact=self.contact_id).update(is_primary=False)
            for name, value in changed.items():
                setattr(current, name, value)
                setattr(self, name, value)
            current.full_clean()
            if not changed:
                return
            current.save()
            record(PERSON_CHANGED, self, by=by, at=at, changes=words)
            if "email" in changed and current.state in (PersonState.ACTIVE, PersonState.INVITED):
                current._invite_there(by=by, at=at)

    def follow_address(self, email: str, *, at: datetime) -> None:
        """The person has proven this address as that of their account."""
        colleagues = ContactPerson.everything.filter(contact=self.contact_id, email=email)
        if colleagues.exists():
            return
        before, self.email = self.email, email
        self.save(update_fields=["email"])
        record(PERSON_CHANGED, self, by=self, at=at, changes={"email": [before, email]})

    def _invite_there(self, *, by: Member, at: datetime) -> None:
        from doorstep.contacts.models.access import Invitation

        Invitation.objects.filter(contact_person=self).open().update(revoked_at=at, sealed_token="")
        if self.email:
            self.invite(by=by, at=at)

    def invite(self, *, by: Member, at: datetime) -> Invitation:
        """Ask the person in by mail; an earlier invitation dies. Raises `NoAddress`, `NotAllowed`."""
        from doorstep.contacts.models.access import Invitation

        by.require("access.manage")
        if not self.email:
            raise NoAddress(_("%(name)s has no e-mail address yet.") % {"name": self.name})
        return Invitation.send(self, by=by, at=at)

    def revoke(self, *, by: Member, at: datetime) -> None:
        """Take access away; every session of this hat ends at its next request."""
        from doorstep.contacts.models.access import Invitation, PortalAccess

        by.require("access.manage")
        with transaction.atomic():
            Invitation.objects.filter(contact_person=self).open().update(
                revoked_at=at, sealed_token=""
            )
            PortalAccess.revoke_for(self, by=by, at=at)

    @property
    def state(self) -> PersonState:
        """Needs rows from `with_state()`."""
        if self.is_active_person:
            return PersonState.ACTIVE
        if self.is_invited:
            return PersonState.INVITED
        return PersonState.DISABLED if self.is_disabled else PersonState.NOT_INVITED

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    def locale(self) -> str:
        """Language of the person, else of the contact, else of the organisation."""
        return self.language or self.contact.language or self.organization.language

    @property
    def actor_account_id(self) -> int | None:
        access = getattr(self, "access", None)
        return access.account_id if access else None

    @property
    def actor_name(self) -> str:
        return self.name

    # What a payer is asked and a signed-in person always answers like this.
    browser = ""
    link_id: int | None = None
    knows_colleagues = True

    @property
    def actor_role(self) -> str:
        return Role.VENDOR if self.contact.is_vendor else Role.CUSTOMER

    subject_kind = "person"

    @property
    def subject_label(self) -> str:
        return self.name

    @property
    def subject_contact_id(self) -> int:
        return self.contact_id


def people_addressed(contact: Contact) -> QuerySet[ContactPerson]:
    """To whom papers of this contact are addressed when nobody is named: the primary person."""
    return (
        ContactPerson.objects.filter(contact=contact)
        .addressable()
        .order_by("-is_primary", "pk")[:1]
    )
