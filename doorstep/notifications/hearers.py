"""Which members hear of something: who would by their role, less those who do not want to."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from doorstep.notifications.models.choice import HEAR_OF_EVERYBODY, NoticeChoice
from doorstep.notifications.rules import Rule
from doorstep.organizations.models import Member
from doorstep.organizations.models.member import MemberQuerySet


def hearers(rule: Rule, organization_id: int, *, manager_id: int | None) -> MemberQuerySet:
    """One query, however many members there are. The organisation's own switches are asked elsewhere."""
    reached = Q(notice_reach=None, role__in=HEAR_OF_EVERYBODY) | Q(notice_reach__everybody=True)
    if manager_id is not None:
        reached |= Q(pk=manager_id)
    said = NoticeChoice.objects.filter(
        member=OuterRef("pk"), kind=rule.event, channel=rule.channel.value
    )
    wants = (
        ~Exists(said.filter(wanted=False)) if rule.by_default else Exists(said.filter(wanted=True))
    )
    return Member.objects.active().filter(reached, wants, organization=organization_id)
