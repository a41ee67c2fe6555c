"""Stored bytes: private, named by us, checked by their hash."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import models

from doorstep.lib.tokens import make_token
from doorstep.organizations.models import Organization


class StoredFile(models.Model):
    """One file of one organisation. The name is what people see; the path is ours alone."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def keep(
        cls, organization_id: int, *, name: str, content_type: str, content: bytes
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

    def drop(self) -> None:
        """Delete row, then bytes: an orphaned file is found by the invariants, a lost one is not."""
        path = self.path
        self.delete()
        default_storage.delete(path)
