"""A thing on its way in: the rows that belong to one contact, invoice or payment, as the file has them."""

from __future__ import annotations

from django.db import models

from doorstep.imports.models.batch import ImportBatch
from doorstep.imports.models.file import ImportFile


class StagedKind(models.TextChoices):
    CUSTOMER = "customer"
    VENDOR = "vendor"
    INVOICE = "invoice"
    PAYMENT = "payment"


class Outcome(models.TextChoices):
    """What taking it would do."""

    UNCHECKED = ""
    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    DIFFERS = "differs"  # issued here, so it stays as it is
    HERE = "here"  # not in the file: an invoice of ours that a payment speaks of
    BAD = "bad"


class Staged(models.Model):
    """`content` is [[line, {column: text}], …]. Amounts in minor units: `open_amount` can still be paid,
    `taken` of it is paid by payments of this import, `settled` was elsewhere."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="staged")
    file = models.ForeignKey(
        ImportFile, models.CASCADE, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=8, choices=StagedKind)
    key = models.CharField(max_length=200)
    name = models.CharField(
        max_length=200
    )  # what other files call it: a display name, an invoice number
    content = models.JSONField()
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    owner = models.CharField(
        max_length=200, blank=True
    )  # the customer, as "id:…" of ours or "key:…" staged
    currency = models.CharField(max_length=3, blank=True)
    open_amount = models.BigIntegerField(default=0)
    taken = models.BigIntegerField(default=0)
    settled = models.BigIntegerField(default=0)
    said = models.CharField(max_length=60, blank=True)  # the status in the words of the file
    claimed = models.BigIntegerField(null=True)  # the balance in the file
    in_sight = models.BooleanField(
        default=False
    )  # a payment that touches what everybody sees already

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "kind", "key"], name="staged_key_once")
        ]
        indexes = [
            models.Index(fields=["batch", "kind", "name"], name="staged_name"),
            models.Index(fields=["batch", "kind", "id"], name="staged_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def left(self) -> int:
        """What further payments of this import may pay."""
        return self.open_amount - self.taken

    @property
    def is_bad(self) -> bool:
        return self.outcome == Outcome.BAD
