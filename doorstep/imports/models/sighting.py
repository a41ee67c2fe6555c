"""What an export said of a contact when it was last read."""

from __future__ import annotations

from django.db import models

from doorstep.contacts.models import Contact
from doorstep.organizations.models import Organization


class Sighting(models.Model):
    """An export that says the same as before changes nothing, so that what was edited here stays."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    contact = models.OneToOneField(Contact, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.contact_id)
