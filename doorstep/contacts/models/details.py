"""What a customer or vendor changes of its own details, and what of it waits for the business."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Event, record
from doorstep.contacts.events import DETAIL_APPROVED, DETAIL_ASKED, DETAIL_DECLINED, DETAILS_EDITED
from doorstep.contacts.models.contact import Contact
from doorstep.contacts.models.person import ContactPerson
from doorstep.lib.errors import Refused
from doorstep.organizations.models import Member, Organization

PLACES = ("street", "postal_code", "city", "region", "country")
FREE = (
    "name",
    "phone",
    *(f"billing_{part}" for part in PLACES),
    *(f"shipping_{part}" for part in PLACES),
)
# What stands on tax papers: once there is one, the business agrees first, field by field.
GUARDED = ("company_name", "tax_number")
OWN = ("name", "phone", "language")


def label_of(field: str) -> str:
    """What a field of a contact is called where people read it."""
    return str(getattr(Contact._meta.get_field(field), "verbose_name", field))


class NothingToUndo(Refused):
    """All of it has been changed again since."""


class Decided(Refused):
    """Somebody was quicker."""


class Wish(models.TextChoices):
    WAITING = "waiting", _("Waits for an answer")
    APPROVED = "approved", _("Taken over")
    DECLINED = "declined", _("Not taken over")
    REPLACED = "replaced", _("Replaced by a newer wish")


class DetailWish(models.Model):
    """One guarded field that somebody at the contact wants to read otherwise."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="detail_wishes")
    field = models.CharField(max_length=30)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=Wish, default=Wish.WAITING)
    asked_by = models.ForeignKey(ContactPerson, models.SET_NULL, null=True, related_name="+")
    asked_by_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "field"], condition=Q(state="waiting"), name="one_wish_a_field"
            )
        ]
        indexes = [models.Index(fields=["organization", "contact", "-id"], name="detail_wishes")]

    def __str__(self) -> str:
        return f"{self.field}: {self.before} → {self.after}"

    @classmethod
    def of(cls, owner: Organization | Contact) -> models.QuerySet[DetailWish]:
        """Those of one contact, or of everybody at an organisation."""
        if isinstance(owner, Organization):
            return cls.objects.filter(organization=owner)
        return cls.objects.filter(organization=owner.organization_id, contact=owner)

    def approve(self, *, by: Member, at: datetime) -> None:
        """Take it over. Raises `Decided`, `NotAllowed`, ValidationError."""
        by.require("contacts.edit")
        with transaction.atomic():
            self._move(Wish.APPROVED)
            self.contact.change(by=by, at=at, **{self.field: self.after})
            record(DETAIL_APPROVED, self, by=by, at=at, **self._told())

    def decline(self, *, by: Member, at: datetime) -> None:
        """Leave it as it is. Raises `Decided`, `NotAllowed`."""
        by.require("contacts.edit")
        with transaction.atomic():
            self._move(Wish.DECLINED)
            record(DETAIL_DECLINED, self, by=by, at=at, **self._told())

    def _move(self, state: Wish) -> None:
        waiting = DetailWish.objects.filter(pk=self.pk, state=Wish.WAITING)
        if not waiting.update(state=state):
            raise Decided(_("Somebody has decided this already. Look again."))
        self.state = state

    def _told(self) -> dict[str, Any]:
        return {"field": self.field, "after": self.after, "person": self.asked_by_id}

    subject_kind = "detail_wish"

    @property
    def subject_label(self) -> str:
        return str(self.contact)

    @property
    def subject_contact_id(self) -> int:
        return self.contact_id


def edit_details(
    person: ContactPerson,
    *,
    at: datetime,
    guarded: bool,
    own: dict[str, str],
    **details: str,
) -> list[DetailWish]:
    """Save what a person may change of the contact, and `own` of themselves; what waits is returned.

    `guarded` says whether legal name and tax number need the business's word by now.
    Raises `EditsOff`, `NotAllowed`, ValidationError.
    """
    person.organization.preferences.for_contact(person.contact).check_edits()
    person.require("edit_details")
    contact = person.contact
    with transaction.atomic():
        current = Contact.objects.select_for_update().get(pk=contact.pk)
        held = {
            name: details.pop(name)
            for name in GUARDED
            if guarded and name in details and details[name] != getattr(current, name)
        }
        _save(person, current, details, at=at)
        _save_own(person, own, at=at)
        return [_wish(person, current, name, value, at=at) for name, value in held.items()]


def undo(contact: Contact, event: Event, *, by: Member, at: datetime) -> None:
    """Put back what that edit changed, as far as nobody changed it since. Raises `NothingToUndo`, `NotAllowed`."""
    by.require("contacts.edit")
    with transaction.atomic():
        current = Contact.objects.select_for_update().get(pk=contact.pk)
        back = {
            name: before
            for name, (before, after) in event.data.get("changes", {}).items()
            if name in (*FREE, *GUARDED) and getattr(current, name) == after
        }
        if not back:
            raise NothingToUndo(_("Nothing of this can be put back: it was changed again since."))
        contact.change(by=by, at=at, **back)


def _save(
    person: ContactPerson, current: Contact, details: dict[str, str], *, at: datetime
) -> None:
    unknown = set(details) - {*FREE, *GUARDED}
    if unknown:
        raise TypeError(f"Nobody changes {', '.join(sorted(unknown))} in the portal.")
    changes = {
        name: [getattr(current, name), value]
        for name, value in details.items()
        if getattr(current, name) != value
    }
    for name, (_before, after) in changes.items():
        setattr(current, name, after)
        setattr(person.contact, name, after)
    if changes:
        current.full_clean()
        current.save(update_fields=list(changes))
        record(DETAILS_EDITED, current, by=person, at=at, changes=changes)


def _save_own(person: ContactPerson, own: dict[str, str], *, at: datetime) -> None:
    changes = {
        name: [getattr(person, name), own[name]]
        for name in OWN
        if name in own and getattr(person, name) != own[name]
    }
    for name, (_before, after) in changes.items():
        setattr(person, name, after)
    if changes:
        person.full_clean()
        person.save(update_fields=list(changes))
        record(DETAILS_EDITED, person, by=person, at=at, changes=changes)


def _wish(
    person: ContactPerson, contact: Contact, name: str, value: str, *, at: datetime
) -> DetailWish:
    waiting = DetailWish.of(contact).filter(field=name, state=Wish.WAITING)
    if same := waiting.filter(after=value).first():
        return same
    waiting.update(state=Wish.REPLACED)
    tried = copy.copy(contact)
    setattr(tried, name, value)
    tried.clean_fields(exclude=[f.name for f in contact._meta.fields if f.name != name])
    wish = DetailWish.objects.create(
        organization_id=contact.organization_id,
        contact=contact,
        field=name,
        before=getattr(contact, name),
        after=value,
        asked_by=person,
        asked_by_name=person.name,
        asked_at=at,
    )
    record(DETAIL_ASKED, wish, by=person, at=at, field=name, before=wish.before, after=value)
    return wish
