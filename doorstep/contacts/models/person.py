"""A person at a customer or vendor, and where they stand with the portal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Actor, Origin, Role, record
from doorstep.contacts.events import PERSON_ADDED, PERSON_CHANGED, RIGHTS_CHANGED
from doorstep.contacts.models.contact import Contact
from doorstep.contacts.models.people import ContactPersonQuerySet, PersonState
from doorstep.contacts.rights import RIGHTS, rights_given
from doorstep.identity.models import canonical_address
from doorstep.lib.errors import NotAllowed, Refused
from doorstep.organizations.models import Member, Organization
from doorstep.organizations.models.curtain import CurtainField, SeenManager, curtain_index

if TYPE_CHECKING:
    from doorstep.contacts.models.access import Invitation, PortalAccess

    type Manager = Member | ContactPerson


class NoAddress(Refused):
    """Nobody can be invited without an address."""


class InAlready(Refused):
    """A colleague who is in the portal needs no invitation."""


class LastManager(Refused):
    """Somebody must remain who decides about the people."""


class ContactPerson(models.Model):
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="people")
    name = models.CharField(_("Name"), max_length=200)
    email = models.EmailField(_("E-mail address"), blank=True)
    phone = models.CharField(_("Phone"), max_length=60, blank=True)
    designation = models.CharField(_("Designation"), max_length=100, blank=True)
    language = models.CharField(_("Language"), max_length=10, blank=True)
    is_primary = models.BooleanField(_("Primary contact"), default=False)
    # Read by the table in contacts/rights.py. Empty: the primary contact may, others may not.
    may_pay = models.BooleanField(_("May pay"), default=True)
    may_comment = models.BooleanField(default=True)
    may_accept = models.BooleanField(default=True)
    may_edit_details = models.BooleanField(default=True)
    may_manage_people = models.BooleanField(null=True, blank=True)
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
            models.Index(
                fields=["organization", "contact", "name", "id"], name="person_colleagues"
            ),
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

    def invite(self, *, by: Manager, at: datetime) -> Invitation:
        """Ask the person in by mail; an earlier invitation dies. Raises `NoAddress`, `NotAllowed`, `InAlready`."""
        from doorstep.contacts.models.access import Invitation, PortalAccess

        self._check_manager(by)
        if not self.email:
            raise NoAddress(_("%(name)s has no e-mail address yet.") % {"name": self.name})
        if not isinstance(by, Member):
            PortalAccess.check_open_to_colleagues(self)
        return Invitation.send(self, by=by, at=at)

    def invite_colleague(
        self, *, name: str, email: str, at: datetime, **rights: bool
    ) -> ContactPerson:
        """Somebody at the same contact, known to it or new, with no more rights than one's own.

        Raises `NotAllowed`, `InAlready`, ValidationError.
        """
        self.require("manage_people")
        address = canonical_address(email)
        lacks: dict[str, Any] = {
            right.column: False for right in RIGHTS.values() if not right.held_by(self)
        }
        with transaction.atomic():
            # Two colleagues may invite the same person at once; the second waits here.
            Contact.objects.select_for_update().get(pk=self.contact_id)
            colleague = self.colleagues().filter(email=address).first()
            if colleague is None:
                colleague = ContactPerson.add(
                    self.contact, name=name, email=address, by=self, at=at, **lacks
                )
            colleague.contact, colleague.organization = self.contact, self.organization
            colleague.set_rights(by=self, at=at, **rights)
            colleague.invite(by=self, at=at)
        return colleague

    def revoke(self, *, by: Manager, at: datetime) -> None:
        """Take access away; every session of this hat ends at its next request.

        Raises `NotAllowed`; `LastManager` when somebody leaves and nobody else could decide.
        """
        from doorstep.contacts.models.access import Invitation, PortalAccess

        self._check_manager(by)
        with transaction.atomic():
            if by == self:
                self._check_not_last_manager()
            Invitation.objects.filter(contact_person=self).open().update(
                revoked_at=at, sealed_token=""
            )
            PortalAccess.revoke_for(self, by=by, at=at)

    def colleagues(self) -> ContactPersonQuerySet:
        """Everybody at the same contact, oneself included."""
        return ContactPerson.objects.filter(
            organization=self.organization_id, contact=self.contact_id
        )

    def may(self, right: str) -> bool:
        """Whether this person has the right (see `rights.RIGHTS`)."""
        return RIGHTS[right].held_by(self)

    def require(self, right: str) -> None:
        """Raises `NotAllowed` when the person lacks the right."""
        if not self.may(right):
            raise NotAllowed(_("You may not do this. Ask a colleague who manages your people."))

    def set_rights(self, *, by: Manager, at: datetime, **rights: bool) -> None:
        """Give and take rights. A colleague leaves as they are those that they lack themselves.

        Raises `NotAllowed`.
        """
        self._check_manager(by, "contacts.edit")
        if by == self:
            raise NotAllowed(_("Nobody changes their own rights."))
        table = rights_given(vendor=self.contact.is_vendor)
        with transaction.atomic():
            current = ContactPerson.objects.select_for_update(of=("self",)).get(pk=self.pk)
            changed = {
                name: wanted
                for name, wanted in rights.items()
                if wanted != table[name].held_by(current)
                and (isinstance(by, Member) or by.may(name))
            }
            if not changed:
                return
            for name, wanted in changed.items():
                setattr(current, table[name].column, wanted)
                setattr(self, table[name].column, wanted)
            current.save(update_fields=[table[name].column for name in changed])
            record(RIGHTS_CHANGED, self, by=by, at=at, rights=changed)

    def _check_manager(self, by: Manager, staff_right: str = "access.manage") -> None:
        """Members by their role; colleagues by their right, and never over the primary contact."""
        if isinstance(by, Member):
            by.require(staff_right)
            return
        by.require("manage_people")
        if by.contact_id != self.contact_id:
            raise NotAllowed(_("This person is not a colleague of yours."))
        if self.is_primary and by != self:
            raise NotAllowed(
                _("%(name)s is the primary contact; %(business)s decides about them.")
                % {"name": self.name, "business": self.organization.name}
            )

    def _check_not_last_manager(self) -> None:
        colleagues = self.colleagues().with_state().order_by("pk")
        everybody = list(colleagues.select_for_update(of=("self",)))
        if not any(
            one.is_active_person and one.may("manage_people") for one in everybody if one != self
        ):
            raise LastManager(_("Nobody else manages your people. Let a colleague do so first."))

    @property
    def state(self) -> PersonState:
        """Needs rows from `with_state()`."""
        return PersonState.of(self)

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
