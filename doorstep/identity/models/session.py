"""Who is signed in where: one row a browser, found by the hash of its cookie."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from doorstep.identity.models.account import Account
from doorstep.lib.tokens import hash_token

IDLE = timedelta(hours=12)
IDLE_STAFF = timedelta(minutes=30)
ABSOLUTE = timedelta(days=14)
ABSOLUTE_STAFF = timedelta(hours=12)
# So many browsers at once; one more, and the one that was used longest ago is signed out.
MOST_AT_ONCE = 5
# A page view is noted at most this often, so that reading costs no writes.
NOTED_EVERY = timedelta(minutes=1)


class Strength(models.TextChoices):
    """By how much somebody has proven who they are."""

    NONE = "", _("Nobody signed in")
    ONE = "one", _("One factor")
    TWO = "two", _("Two factors")


class SessionQuerySet(models.QuerySet["Session"]):
    def live(self, *, at: datetime) -> SessionQuerySet:
        return self.filter(seen_at__gt=at - IDLE, created_at__gt=at - ABSOLUTE)

    def of(self, account: Account) -> SessionQuerySet:
        return self.filter(account=account).order_by("-seen_at")

    def in_portal_of(self, organization_id: int) -> SessionQuerySet:
        """Of people with access to that organisation's portal."""
        return self.filter(
            account__accesses__organization=organization_id, account__accesses__revoked_at=None
        )

    def end(self, *, but: str | None = None) -> int:
        """Sign these browsers out, except the one whose key is `but`; how many those were."""
        ended, _rows = self.exclude(pk=hash_token(but) if but else "").delete()
        return ended

    def make_room(self) -> None:
        """For one more browser: of those of one account, end the ones used longest ago."""
        newest = self.order_by("-seen_at").values_list("pk", flat=True)[: MOST_AT_ONCE - 1]
        self.exclude(pk__in=list(newest)).delete()


class Session(models.Model):
    """`data` is encrypted: codes that are being asked for live there."""

    key_hash = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    data = models.TextField()
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    browser = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=60, blank=True)
    # Whose door it was ("/portal/acme"), and by how much the person has proven who they are.
    entrance = models.CharField(max_length=80, blank=True)
    strength = models.CharField(max_length=3, choices=Strength, blank=True)

    objects: ClassVar[SessionQuerySet] = SessionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["seen_at"], name="session_seen")]

    def __str__(self) -> str:
        return f"session of {self.account_id}"

    @classmethod
    def people_in_portal_of(
        cls, organization_id: int, *, at: datetime
    ) -> models.QuerySet[Session, Any]:
        """Those of an organisation's customers and vendors who are signed in now, each once."""
        live = cls.objects.live(at=at).in_portal_of(organization_id)
        return live.values("account").distinct()

    def too_old_for_staff(self, *, at: datetime) -> bool:
        """Members of a business sign in again sooner than customers."""
        return at - self.seen_at > IDLE_STAFF or at - self.created_at > ABSOLUTE_STAFF
