"""Stored bytes: private, named by us, checked by their hash."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from doorstep.lib.errors import Refused
from doorstep.lib.tokens import make_token
from doorstep.organizations.models import Organization

# For a contact's own uploads; what a business shares counts for the business alone.
CONTACT_FILES, CONTACT_BYTES = 10_000, 2 * 1024**3
BUSINESS_FILES, BUSINESS_BYTES = 1_000_000, 200 * 1024**3


class FileState(models.TextChoices):
    READY = "ready"
    HELD = "held"  # the scanner could not look at it yet: kept, and given to nobody
    REFUSED = "refused"  # the scanner found something later: kept for staff to see that it was there, without bytes


class StoredFile(models.Model):
    """One file of one organisation. The name is what people see; the path is ours alone.

    `owner` is set for files that people sent: whose room they count for (a contact's id, 0 for the business).
    """

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=8, choices=FileState, default=FileState.READY)
    owner = models.PositiveBigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="held_files", condition=models.Q(state="held"))]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(
        cls,
        organization_id: int,
        *,
        name: str,
        content_type: str,
        content: bytes,
        owner: int | None = None,
        state: FileState = FileState.READY,
    ) -> StoredFile:
        """Write the bytes under the organisation's prefix and the row that owns them."""
        path = PurePosixPath(str(organization_id)) / make_token()[:2].lower() / make_token()
        saved = default_storage.save(str(path), ContentFile(content))
        return cls.objects.create(
            organization_id=organization_id,
            name=name,
            content_type=content_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            path=saved,
            owner=owner,
            state=state,
        )

    @classmethod
    def keep_stream(
        cls, organization_id: int, *, name: str, content_type: str, source: IO[bytes]
    ) -> StoredFile:
        """As `keep`, for what is too large to be held in memory."""
        source.seek(0)
        digest = hashlib.sha256()
        for piece in iter(lambda: source.read(1 << 20), b""):
            digest.update(piece)
        size = source.tell()
        source.seek(0)
        path = PurePosixPath(str(organization_id)) / make_token()[:2].lower() / make_token()
        saved = default_storage.save(str(path), File(source))
        return cls.objects.create(
            organization_id=organization_id,
            name=name,
            content_type=content_type,
            size=size,
            sha256=digest.hexdigest(),
            path=saved,
        )

    def read(self) -> bytes:
        """The bytes. Raises FileNotFoundError when the store has lost them."""
        with default_storage.open(self.path) as stored:
            content: bytes = stored.read()
        return content

    def open(self) -> File[bytes]:
        """To stream the bytes from; whoever opens it closes it. Raises FileNotFoundError."""
        return default_storage.open(self.path)

    @property
    def is_ready(self) -> bool:
        """Whether people may have it."""
        return self.state == FileState.READY

    def drop(self) -> None:
        """Delete row, then bytes: an orphaned file is found by the invariants, a lost one is not."""
        path = self.path
        with transaction.atomic():
            if self.owner is not None:
                Room.give_back(self.organization_id, self.owner, size=self.size)
            self.delete()
        default_storage.delete(path)


class NoRoom(Refused):
    """The quota is used up. Nothing was kept."""


class Room(models.Model):
    """`owner` is a contact's id, or 0 for the business itself."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    owner = models.PositiveBigIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "owner"], name="one_room_each")
        ]

    def __str__(self) -> str:
        return f"{self.files} files, {self.size} bytes"

    @classmethod
    def take(cls, organization_id: int, owner: int, *, size: int) -> None:
        """Count one more file, in the caller's transaction. Raises `NoRoom` when it is one too many."""
        most_files, most_bytes = (
            (CONTACT_FILES, CONTACT_BYTES) if owner else (BUSINESS_FILES, BUSINESS_BYTES)
        )
        cls.objects.get_or_create(organization_id=organization_id, owner=owner)
        rooms = cls.objects.filter(organization_id=organization_id, owner=owner)
        there_is = rooms.filter(files__lt=most_files, size__lte=most_bytes - size)
        if not there_is.update(files=F("files") + 1, size=F("size") + size):
            raise NoRoom(
                _("There is no room for more files. Ask the business to remove some first.")
                if owner
                else _("There is no room for more files.")
            )

    @classmethod
    def give_back(cls, organization_id: int, owner: int, *, size: int) -> None:
        rooms = cls.objects.filter(organization_id=organization_id, owner=owner)
        rooms.update(files=F("files") - 1, size=F("size") - size)
