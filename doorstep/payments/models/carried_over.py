"""What another system had settled before its papers came here, without a payment that we know of."""

from __future__ import annotations

from django.db import models

from doorstep.documents.models import Document, Settlement
from doorstep.organizations.models import Organization


class CarriedOverQuerySet(models.QuerySet["CarriedOver"]):
    def standing(self) -> CarriedOverQuerySet:
        """Not yet replaced by the payment that came later."""
        return self.filter(settlement__reversal=None)


class CarriedOver(models.Model):
    """The cause of a settlement that no payment explains: a credit, a write-off, or a payment that was not exported."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    settlement = models.OneToOneField(Settlement, models.PROTECT, related_name="carried_over")

    objects = CarriedOverQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "document"], name="carried_over_of")]

    def __str__(self) -> str:
        return f"settled elsewhere: {self.settlement_id}"
