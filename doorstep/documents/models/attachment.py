"""Files between a business and a customer or vendor: shared by one side, seen by the other where it is meant to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.files.base import File
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Actor, Origin, record
from doorstep.contacts.models import Contact, ContactPerson
from doorstep.documents.events import (
    FILE_DELIVERED,
    FILE_HIDDEN,
    FILE_REMOVED,
    FILE_REPLACED,
    FILE_SHARED,
    FILE_SHOWN,
    FILE_UPLOADED,
)
from doorstep.documents.models.document import Document
from doorstep.files.intake import take_in
from doorstep.files.models import FileState, StoredFile
from doorstep.identity.models import Account
from doorstep.lib.errors import Refused
from doorstep.organizations.models import Member, Organization

if TYPE_CHECKING:
    from doorstep.documents.models.file_request import FileRequest


class Side(models.TextChoices):
    BUSINESS = "business", _("The business")
    CONTACT = "contact", _("The customer or vendor")


class NotYours(Refused):
    """Each side changes only what it sent itself."""


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def of(self, owner: Organization | Contact) -> AttachmentQuerySet:
        if isinstance(owner, Organization):
            return self.filter(organization=owner)
        return self.filter(organization=owner.organization_id, contact=owner)

    def there(self) -> AttachmentQuerySet:
        return self.filter(removed_at=None)

    def seen_by_contact(self) -> AttachmentQuerySet:
        """What the portal shows: what it uploaded itself, and what the business made visible."""
        return self.there().filter(visible=True)

    def ready(self) -> AttachmentQuerySet:
        """Without what waits for the virus scanner, or was refused by it."""
        return self.filter(file__state=FileState.READY)


class Attachment(models.Model):
    """One file in its present version. `document` names the paper that it belongs to, if any.

    What a member adds is hidden from the contact until somebody makes it visible; what the contact
    uploads both sides see.
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="attachments")
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    request = models.ForeignKey(
        "documents.FileRequest", models.SET_NULL, null=True, blank=True, related_name="answers"
    )
    name = models.CharField(max_length=200)
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    version = models.PositiveSmallIntegerField(default=1)
    side = models.CharField(max_length=10, choices=Side)
    visible = models.BooleanField(default=False)
    added_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    added_by_name = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "contact", "-id"], name="attachment_list"),
            models.Index(fields=["organization", "document", "-id"], name="attachment_of_paper"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, owner: Organization | Contact) -> AttachmentQuerySet:
        """Those of one contact, or of everybody at an organisation."""
        return cls.objects.of(owner)

    @classmethod
    def share(
        cls,
        contact: Contact,
        sent: Sequence[File[bytes]],
        *,
        by: Member,
        at: datetime,
        visible: bool,
        document: Document | None = None,
        origin: str = Origin.ACT,
    ) -> list[Attachment]:
        """Files of the business for one contact. Raises what `take_in` raises, and `NotAllowed`."""
        by.require("contacts.edit")
        like = cls(contact=contact, side=Side.BUSINESS, visible=visible, document=document)
        return cls._add(sent, like, by=by, at=at, origin=origin)

    @classmethod
    def upload(
        cls,
        sent: Sequence[File[bytes]],
        *,
        by: ContactPerson,
        at: datetime,
        document: Document | None = None,
        request: FileRequest | None = None,
        origin: str = Origin.ACT,
    ) -> list[Attachment]:
        """Files of the contact, as the answer to a request if one is given.

        Raises what `take_in` raises, `UploadsOff` and `NotAllowed`.
        """
        by.organization.preferences.for_contact(by.contact).check_uploads()
        by.require("edit_details")
        like = cls(contact=by.contact, side=Side.CONTACT, visible=True, document=document)
        like.request = request
        return cls._add(sent, like, by=by, at=at, origin=origin)

    @classmethod
    def _add(
        cls, sent: Sequence[File[bytes]], like: Attachment, *, by: Actor, at: datetime, origin: str
    ) -> list[Attachment]:
        contact, request, document = like.contact, like.request, like.document
        owner = contact.pk if like.side == Side.CONTACT else 0
        files = take_in(sent, organization_id=contact.organization_id, owner=owner)
        try:
            with transaction.atomic():
                added = [
                    Attachment.objects.create(
                        organization_id=contact.organization_id,
                        contact=contact,
                        document=document,
                        request=request,
                        name=file.name,
                        file=file,
                        side=like.side,
                        visible=like.visible,
                        added_by_id=by.actor_account_id,
                        added_by_name=by.actor_name,
                        added_at=at,
                    )
                    for file in files
                ]
                # One act, one event, however many files.
                told = {
                    "files": [one.name for one in added],
                    "visible": like.visible,
                    "paper": document.number if document else "",
                }
                if request is not None:
                    request.be_delivered()
                    record(FILE_DELIVERED, request, by=by, at=at, origin=origin, **told)
                else:
                    kind = FILE_SHARED if like.side == Side.BUSINESS else FILE_UPLOADED
                    record(kind, added[0], by=by, at=at, origin=origin, **told)
        except BaseException:
            for file in files:
                file.drop()
            raise
        return added

    def set_visible(self, visible: bool, *, by: Member, at: datetime) -> None:
        """Show what the business added to the contact, or hide it again. Raises `NotYours`."""
        by.require("contacts.edit")
        if self.side != Side.BUSINESS:
            raise NotYours(_("What the other side sent stays visible to it."))
        with transaction.atomic():
            changed = Attachment.objects.there().filter(pk=self.pk, visible=not visible)
            if changed.update(visible=visible):
                record(FILE_SHOWN if visible else FILE_HIDDEN, self, by=by, at=at)
        self.visible = visible

    def replace(self, sent: File[bytes], *, by: Member | ContactPerson, at: datetime) -> None:
        """A new version; the earlier ones stay for the side that sent them. Raises `NotYours`."""
        if isinstance(by, Member):
            by.require("contacts.edit")
        else:
            by.organization.preferences.for_contact(by.contact).check_uploads()
            by.require("edit_details")
        if (self.side == Side.BUSINESS) != isinstance(by, Member):
            raise NotYours(_("Only the side that sent a file can send a new version of it."))
        owner = 0 if self.side == Side.BUSINESS else self.contact_id
        [file] = take_in([sent], organization_id=self.organization_id, owner=owner)
        try:
            with transaction.atomic():
                there = Attachment.objects.there().select_for_update(of=("self",))
                current = there.select_related("file").get(pk=self.pk)
                assert current.file is not None  # only what was removed has none
                FormerVersion.objects.create(
                    attachment=current,
                    number=current.version,
                    file=current.file,
                    added_by_name=current.added_by_name,
                    added_at=current.added_at,
                )
                current.file, current.name, current.version = file, file.name, current.version + 1
                current.added_by_id, current.added_by_name = by.actor_account_id, by.actor_name
                current.added_at = at
                current.save()
                record(FILE_REPLACED, current, by=by, at=at, version=current.version)
        except BaseException:
            file.drop()
            raise
        self.refresh_from_db()

    def remove(self, *, by: Member, at: datetime) -> None:
        """Take it away from both sides, bytes and all; that it was there stays in the history."""
        by.require("contacts.edit")
        with transaction.atomic():
            there = Attachment.objects.there().select_for_update(of=("self",))
            current = there.filter(pk=self.pk).first()
            if current is None:
                return
            files = [current.file, *(former.file for former in current.former.all())]
            current.former.all().delete()
            current.file, current.removed_at = None, at
            current.save()
            record(FILE_REMOVED, current, by=by, at=at)
            transaction.on_commit(lambda: _drop(files))
        self.refresh_from_db()

    subject_kind = "attachment"

    @property
    def subject_label(self) -> str:
        return self.name

    @property
    def subject_contact_id(self) -> int:
        return self.contact_id


def _drop(files: Sequence[StoredFile | None]) -> None:
    for file in files:
        if file is not None:
            file.drop()


class FormerVersion(models.Model):
    """What a newer version took the place of."""

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="former")
    number = models.PositiveSmallIntegerField()
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    added_by_name = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attachment", "number"], name="former_version_once")
        ]
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.attachment_id} version {self.number}"
