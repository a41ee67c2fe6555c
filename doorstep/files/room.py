"""How much room files take, exact over all processes: one row for an organisation, one for each of its contacts."""

from __future__ import annotations

from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _

from doorstep.lib.errors import Refused
from doorstep.organizations.models import Organization

# For a contact's own uploads; what a business shares counts for the business alone.
CONTACT_FILES, CONTACT_BYTES = 10_000, 2 * 1024**3
BUSINESS_FILES, BUSINESS_BYTES = 1_000_000, 200 * 1024**3


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
