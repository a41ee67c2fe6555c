"""How a paper knows that a payment is being made or is on its way."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.documents.models.document import Document
from doorstep.identity.models import Account
from doorstep.organizations.models import Organization


class HoldStage(models.TextChoices):
    OPEN = "open", _("Being made")
    PENDING = "pending", _("On its way")


class HoldQuerySet(models.QuerySet["Hold"]):
    def unreleased(self) -> HoldQuerySet:
        return self.filter(released_at=None)


class Hold(models.Model):
    """`amount` in minor units. Exclusive holds keep every other payment out until released."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, related_name="holds")
    amount = models.BigIntegerField()
    stage = models.CharField(max_length=10, choices=HoldStage, default=HoldStage.OPEN)
    exclusive = models.BooleanField()
    by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=200)
    since = models.DateTimeField()
    expected_on = models.DateField(null=True)
    released_at = models.DateTimeField(null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(exclusive=True, released_at=None),
                name="hold_exclusive_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "document"],
                condition=Q(released_at=None),
                name="hold_unreleased",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} on {self.document_id}"
