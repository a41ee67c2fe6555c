"""The sandbox bank: a small test bank with books of its own, for demo companies and test mode."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.organizations.models import Organization


class SessionState(models.TextChoices):
    OPEN = "open", _("Waiting for the payer")
    PENDING = "pending", _("Bank debit in progress")
    SUCCEEDED = "succeeded", _("Paid")
    FAILED = "failed", _("Returned")
    EXPIRED = "expired", _("Closed")
    CANCELLED = "cancelled", _("Cancelled by the payer")


class SandboxSession(models.Model):
    """One checkout at the bank. `key` is the caller's; asking with it again finds the same session."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    reference = models.CharField(max_length=64, unique=True)
    key = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=SessionState, default=SessionState.OPEN)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=200)
    method = models.CharField(max_length=20, blank=True)
    method_label = models.CharField(max_length=80, blank=True)
    failure_reason = models.CharField(max_length=200, blank=True)
    return_url = models.URLField(max_length=500)
    cancel_url = models.URLField(max_length=500)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    expected_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.reference


class SandboxNotice(models.Model):
    """A signed notice that the bank owes us, sent over HTTP by the worker."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    session = models.ForeignKey(SandboxSession, models.CASCADE, related_name="notices")
    body = models.JSONField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(delivered_at=None), name="sandbox_notice_due")
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.body}"
