"""*Ask for a document*: what the business wants from a customer or vendor, by when, and whether it came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.core.files.base import File
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Actor, Origin, record
from doorstep.contacts.models import Contact, ContactPerson
from doorstep.documents.events import (
    FILE_ACCEPTED,
    FILE_ASKED,
    FILE_ASKED_NO_MORE,
    FILE_SENT_BACK,
)
from doorstep.documents.models.attachment import Attachment
from doorstep.lib.errors import Refused
from doorstep.organizations.models import Member, Organization


class Asked(models.TextChoices):
    OPEN = "open", _("Asked for")
    DELIVERED = "delivered", _("Delivered, to be checked")
    ACCEPTED = "accepted", _("Accepted")
    CANCELLED = "cancelled", _("No longer needed")


class NotOpen(Refused):
    """Somebody has answered or decided already."""


class FileRequestQuerySet(models.QuerySet["FileRequest"]):
    def of(self, owner: Organization | Contact) -> FileRequestQuerySet:
        if isinstance(owner, Organization):
            return self.filter(organization=owner)
        return self.filter(organization=owner.organization_id, contact=owner)

    def open(self) -> FileRequestQuerySet:
        return self.filter(state=Asked.OPEN)

    def latest_first(self) -> FileRequestQuerySet:
        return self.order_by("-pk")


class FileRequest(models.Model):
    """`reason` is why what was delivered was sent back, in the words of the business."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="file_requests")
    title = models.CharField(_("Which document"), max_length=120)
    note = models.TextField(_("What to look out for"), max_length=1000, blank=True)
    due_on = models.DateField(_("Needed by"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=Asked, default=Asked.OPEN)
    reason = models.CharField(_("Why it goes back"), max_length=500, blank=True)
    asked_by_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField()

    objects = FileRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organization", "contact", "state", "-id"], name="file_request_list"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def of(cls, owner: Organization | Contact) -> FileRequestQuerySet:
        """Those of one contact, or of everybody at an organisation."""
        return cls.objects.of(owner)

    @classmethod
    def ask(
        cls,
        contact: Contact,
        *,
        title: str,
        by: Member,
        at: datetime,
        note: str = "",
        due_on: date | None = None,
        origin: str = Origin.ACT,
    ) -> FileRequest:
        """Ask the people of a contact. Raises `UploadsOff`, `NotAllowed`, ValidationError."""
        by.require("contacts.edit")
        contact.organization.preferences.for_contact(contact).check_uploads()
        asked = cls(
            organization_id=contact.organization_id,
            contact=contact,
            title=title,
            note=note,
            due_on=due_on,
            asked_by_name=by.actor_name,
            asked_at=at,
        )
        asked.full_clean()
        with transaction.atomic():
            asked.save()
            record(FILE_ASKED, asked, by=by, at=at, origin=origin)
        return asked

    def deliver(
        self,
        sent: Sequence[File[bytes]],
        *,
        by: ContactPerson,
        at: datetime,
        origin: str = Origin.ACT,
    ) -> list[Attachment]:
        """Here it is. Raises `NotOpen` and what `Attachment.upload` raises."""
        return Attachment.upload(sent, by=by, at=at, request=self, origin=origin)

    def be_delivered(self) -> None:
        """In the transaction in which the files are kept. Raises `NotOpen`."""
        self._move(Asked.OPEN, Asked.DELIVERED)

    def accept(self, *, by: Member, at: datetime) -> None:
        """That was it. Raises `NotOpen`."""
        self._decide(Asked.DELIVERED, Asked.ACCEPTED, FILE_ACCEPTED, by=by, at=at)

    def send_back(self, reason: str, *, by: Member, at: datetime) -> None:
        """Not that one: the people read why and may send another. Raises `NotOpen`."""
        self.reason = reason
        self._decide(Asked.DELIVERED, Asked.OPEN, FILE_SENT_BACK, by=by, at=at, reason=reason)

    def cancel(self, *, by: Member, at: datetime) -> None:
        """It is no longer needed. Raises `NotOpen`."""
        self._decide(Asked.OPEN, Asked.CANCELLED, FILE_ASKED_NO_MORE, by=by, at=at)

    def _decide(
        self, before: Asked, after: Asked, kind: str, *, by: Actor, at: datetime, **data: str
    ) -> None:
        if isinstance(by, Member):
            by.require("contacts.edit")
        with transaction.atomic():
            self._move(before, after)
            record(kind, self, by=by, at=at, **data)

    def _move(self, before: Asked, after: Asked) -> None:
        waiting = FileRequest.objects.filter(pk=self.pk, state=before)
        if not waiting.update(state=after, reason=self.reason):
            raise NotOpen(_("Somebody has answered this already. Look again."))
        self.state = after

    subject_kind = "file_request"

    @property
    def subject_label(self) -> str:
        return self.title

    @property
    def subject_contact_id(self) -> int:
        return self.contact_id
