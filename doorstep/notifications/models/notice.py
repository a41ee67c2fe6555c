"""The bell: one line for one member about one event."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import OuterRef, Q, QuerySet

from doorstep.activity.models import Event
from doorstep.lib.counts import CountOf
from doorstep.lib.statements import Statement
from doorstep.organizations.models import Member, Organization

MOST_COUNTED = 100


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, member: Member) -> NoticeQuerySet:
        return self.filter(member=member)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)

    def mark_read(self, *, at: datetime) -> int:
        return self.unread().update(read_at=at)


class Notice(models.Model):
    """One line behind a member's bell."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, models.CASCADE, related_name="notices")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "event"], name="notice_once")]
        indexes = [
            models.Index(fields=["member", "-id"], name="notice_list"),
            models.Index(fields=["member"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return str(self.event)

    @classmethod
    def of(cls, member: Member) -> NoticeQuerySet:
        return cls.objects.all().of(member)

    @classmethod
    def bell_of(cls, account_id: int, organization: Organization) -> tuple[Member, int] | None:
        """The account as a member, if it is one, and how many notices wait: asked by every request."""
        member = _WITH_BELL.first(account=account_id, organization=organization.pk)
        return (member, member.unread) if member else None  # type: ignore[attr-defined]

    @classmethod
    def unread_count(cls, member: Member) -> int:
        """How many wait; a hundred stands for more, so that counting never takes long."""
        return cls.of(member).unread()[:MOST_COUNTED].count()


def _with_bell() -> QuerySet[Member]:
    waiting = Notice.objects.filter(member=OuterRef("pk")).unread().values("pk")[:MOST_COUNTED]
    return Member.given().annotate(unread=CountOf(waiting, output_field=models.IntegerField()))


_WITH_BELL = Statement(_with_bell)
