"""What reduces a balance: a payment's allocation, a credit, a retainer drawn, a write-off."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q, Sum

from doorstep.documents.models.document import Document
from doorstep.organizations.models import Organization


class SettlementQuerySet(models.QuerySet["Settlement"]):
    def total(self) -> int:
        """Sum in minor units; reversals count against what they reverse."""
        return self.aggregate(sum=Sum("amount"))["sum"] or 0


class Settlement(models.Model):
    """Insert-only. `amount` in minor units of the paper's currency; a reversal is a negative row."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="settlements")
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversal")

    objects = SettlementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="settlement_sign",
            )
        ]
        indexes = [models.Index(fields=["organization", "document"], name="settlement_of")]

    def __str__(self) -> str:
        return f"{self.amount} on {self.document_id}"

    @classmethod
    def make(cls, document: Document, amount: int, *, at: datetime) -> Settlement:
        return cls.objects.create(
            organization_id=document.organization_id, document_id=document.pk, amount=amount, at=at
        )
