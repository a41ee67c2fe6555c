"""From what happened to who hears of it: reads the events in their order, each exactly once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from doorstep.activity.models import Event, Origin
from doorstep.contacts.models import Invitation
from doorstep.identity.models import AddressChange, Challenge
from doorstep.lib.checkpoints import checkpoint
from doorstep.lib.secrets import seal
from doorstep.notifications import letters
from doorstep.notifications.audiences import Recipient, recipients
from doorstep.notifications.models import Message, MessageState, Notice
from doorstep.notifications.models.message import first_state, new_message_id
from doorstep.notifications.occasions import Occasion
from doorstep.notifications.rules import TOLD, Channel, Rule, rules_for
from doorstep.sharing.models import Link

logger = logging.getLogger(__name__)


def sweep(now: Callable[[], datetime], *, most: int = 2000) -> int:
    """Write the messages and notices of events that nobody has looked at; how many events that were.

    An event, its messages and its notices are one transaction, under the event's lock: several
    workers take different events on PostgreSQL and turns on SQLite. An event that cannot be told
    is logged, left for the next sweep, and does not hold up the others.
    """
    letters.get_ready()
    untold: list[int] = []
    # Most of what happens is told to nobody; that takes one statement and no turns.
    silent = Event.objects.unswept().exclude(kind__in=TOLD).order_by()
    done = silent.update(swept_at=now()) if silent.exists() else 0
    while done < most and Event.objects.unswept().exclude(pk__in=untold).exists():
        with transaction.atomic():
            event = _take(untold)
            if event is None:
                break
            try:
                with transaction.atomic():
                    announce(event, at=now())
            except Exception:
                logger.exception("Event %s (%s) could not be told", event.pk, event.kind)
                untold.append(event.pk)
                continue
            Event.objects.filter(pk=event.pk).update(swept_at=now())
            checkpoint("sweep.before_commit")
        done += 1
    return done


def announce(event: Event, *, at: datetime) -> None:
    """Write what the rules promise about this event. Only acts are told."""
    if event.origin != Origin.ACT:
        return
    occasion = Occasion(event)
    for rule in rules_for(event.kind):
        for recipient in recipients(rule, occasion):
            if rule.channel is not Channel.BELL:
                _write_message(rule, occasion, recipient, at=at)
            elif recipient.member:
                Notice.objects.get_or_create(
                    member=recipient.member,
                    event=event,
                    defaults={"organization_id": event.organization_id, "at": event.at},
                )


def _take(untold: list[int]) -> Event | None:
    """The oldest event that no other worker has in hand."""
    waiting = Event.objects.unswept().exclude(pk__in=untold)
    return waiting.select_for_update(of=("self",), skip_locked=True).first()


def _write_message(rule: Rule, occasion: Occasion, recipient: Recipient, *, at: datetime) -> None:
    by_text = rule.channel is Channel.TEXT
    letter = letters.write(rule.letter, occasion, recipient, by_text=by_text)
    state = first_state(occasion.organization, at=at, kind=rule.letter, by_text=by_text)
    if letter.void:
        state = {"state": MessageState.CANCELLED, "error": letter.void}
    Message.objects.get_or_create(
        event=occasion.event,
        recipient=recipient.address,
        kind=rule.letter,
        defaults={
            "organization": occasion.organization,
            "person": recipient.person,
            "member": recipient.member,
            "by_text": by_text,
            "recipient_name": letters.one_line(recipient.name),
            "language": letter.language,
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
            "papers": letter.papers,
            "reply_to": letter.reply_to,
            "sealed_secret": seal(letter.secret),
            "message_id": new_message_id(),
            "created_at": at,
            **state,
        },
    )
    if letter.secret:
        _wipe(occasion)


def _wipe(occasion: Occasion) -> None:
    """What opens something lives on only in the sealed mail."""
    if occasion.invitation:
        Invitation.objects.filter(pk=occasion.invitation.pk).update(sealed_token="")
    if occasion.link:
        Link.objects.filter(pk=occasion.link.pk).update(sealed_token="")
    if occasion.address_change:
        AddressChange.objects.filter(pk=occasion.address_change.pk).update(sealed_token="")
    if occasion.challenge:
        Challenge.objects.filter(pk=occasion.challenge.pk).update(sealed_code="")
