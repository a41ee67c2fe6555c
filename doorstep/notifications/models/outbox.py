"""What can be asked of, and done to, many mails at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.organizations.models import Organization

if TYPE_CHECKING:
    from doorstep.notifications.models.message import Message  # noqa: F401 - named in a string below

# How long to wait after each attempt; after the last one it has failed where everybody sees it.
PATIENCE = tuple(timedelta(minutes=m) for m in (1, 2, 5, 10, 20, 40, 80, 180, 360))


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    KEPT = "kept", _("Kept here")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Refused")
    CANCELLED = "cancelled", _("Not sent")


# Written so that a form takes as long for an address that nobody has, seen by nobody, soon deleted.
FOR_NOBODY = "nobody"


class MessageQuerySet(models.QuerySet["Message"]):
    def of(self, organization: Organization) -> MessageQuerySet:
        return self.filter(organization=organization).exclude(state=FOR_NOBODY)

    def for_nobody(self) -> MessageQuerySet:
        return self.filter(state=FOR_NOBODY)

    def newest_first(self) -> MessageQuerySet:
        return self.order_by("-pk")

    def kept(self) -> MessageQuerySet:
        return self.filter(state=MessageState.KEPT)

    def failed(self) -> MessageQuerySet:
        return self.filter(state=MessageState.FAILED)

    def matching(self, words: str) -> MessageQuerySet:
        """Recipient or subject contains what was typed."""
        return self.filter(
            Q(recipient__icontains=words)
            | Q(recipient_name__icontains=words)
            | Q(subject__icontains=words)
        )

    def due(self, *, at: datetime) -> MessageQuerySet:
        """Waiting, their time has come, and no worker has them in hand. Not of who is suspended."""
        free = Q(leased_until=None) | Q(leased_until__lte=at)
        free &= Q(organization__suspended_at=None)
        return self.filter(free, state=MessageState.QUEUED, next_attempt_at__lte=at)

    def queue(self, *, at: datetime) -> int:
        return self.update(
            state=MessageState.QUEUED, next_attempt_at=at, leased_until=None, attempts=0, error=""
        )

    def put_off(self, error: str, *, at: datetime) -> None:
        """An attempt failed for a reason that may pass: each waits longer than the time before."""
        waiting, error = self.filter(state=MessageState.QUEUED), error[:500]
        for made, patience in enumerate(PATIENCE, start=1):
            again_at = at + patience
            waiting.filter(attempts=made).update(
                next_attempt_at=again_at, leased_until=None, error=error
            )
        waiting.filter(attempts__gt=len(PATIENCE)).update(
            state=MessageState.FAILED, leased_until=None, error=error
        )
