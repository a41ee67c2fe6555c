"""Which invoice a payment was meant for, and what of it was settled."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from doorstep.documents.models import Document, Hold, Settlement
from doorstep.organizations.models import Organization
from doorstep.payments.models.payment import Payment


class Allocation(models.Model):
    """`amount` in minor units as intended; the settlement says what the invoice really took."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    payment = models.ForeignKey(Payment, models.CASCADE, related_name="allocations")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    hold = models.OneToOneField(Hold, models.PROTECT, null=True, related_name="+")
    settlement = models.OneToOneField(
        Settlement, models.PROTECT, null=True, related_name="allocation"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "document"], name="allocation_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_positive"),
        ]
        indexes = [models.Index(fields=["organization", "document"], name="allocation_of")]

    def __str__(self) -> str:
        return f"{self.amount} of {self.payment_id} for {self.document_id}"
