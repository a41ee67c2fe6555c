"""What a member wants to hear of: their own word on each kind of notice and each way to be told."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models, transaction

from doorstep.notifications.rules import RULES, Audience, Channel, Rule
from doorstep.organizations.models import Member
from doorstep.organizations.roles import ADMIN, OWNER

CHOOSABLE = tuple(rule for rule in RULES if rule.audience is Audience.MEMBERS)
HEAR_OF_EVERYBODY = frozenset({OWNER, ADMIN})


class NoticeChoice(models.Model):
    """One kind by one way, wanted or not. Only what differs from the rule's default is a row."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=8)
    wanted = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "channel"], name="notice_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}: {'yes' if self.wanted else 'no'}"

    @classmethod
    def by(cls, member: Member) -> dict[Rule, bool]:
        """What this member hears of, rule by rule."""
        said = {
            (choice.kind, choice.channel): choice.wanted
            for choice in cls.objects.filter(member=member)
        }
        return {
            rule: said.get((rule.event, rule.channel.value), rule.by_default) for rule in CHOOSABLE
        }

    @classmethod
    def choose(cls, member: Member, wanted: Mapping[Rule, bool], *, everybody: bool) -> None:
        """Keep what the member says: each rule, and whether about everybody or their own contacts."""
        with transaction.atomic():
            Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
            cls.objects.filter(member=member).delete()
            NoticeChoice.objects.bulk_create(
                NoticeChoice(
                    member=member, kind=rule.event, channel=rule.channel.value, wanted=wish
                )
                for rule, wish in wanted.items()
                if wish != rule.by_default
            )
            NoticeReach.objects.filter(member=member).delete()
            if everybody != (member.role in HEAR_OF_EVERYBODY):
                NoticeReach.objects.create(member=member, everybody=everybody)


class NoticeReach(models.Model):
    """Whose doings a member hears of: everybody's, or those of the contacts that they look after.

    Without a row owners and admins hear of everybody, all others of their own contacts.
    """

    member = models.OneToOneField(Member, models.CASCADE, related_name="notice_reach")
    everybody = models.BooleanField()

    def __str__(self) -> str:
        return "everybody" if self.everybody else "their own contacts"

    @classmethod
    def of(cls, member: Member) -> bool:
        """Whether this member hears of everybody."""
        chosen = cls.objects.filter(member=member).values_list("everybody", flat=True).first()
        return member.role in HEAR_OF_EVERYBODY if chosen is None else chosen


def choosable(kind: str, channel: Channel) -> Rule | None:
    """The rule by which members hear of this kind in this way."""
    return next((r for r in CHOOSABLE if r.event == kind and r.channel is channel), None)
