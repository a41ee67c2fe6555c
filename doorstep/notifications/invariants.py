"""Promises about mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q

from doorstep.activity.models import Event, Origin
from doorstep.documents.events import PAPER_SENT
from doorstep.documents.kinds import State
from doorstep.documents.models import Document
from doorstep.lib.invariants import Broken, Look, invariant
from doorstep.notifications.models import Message, MessageState

TOO_LONG = timedelta(minutes=15)
QUEUED, SENT = MessageState.QUEUED, MessageState.SENT


@invariant
def d3_no_mail_tells_of_a_draft(look: Look) -> Iterator[Broken]:
    """No mail to a customer is about a paper that is a draft."""
    draft = Document.everything.filter(
        organization=OuterRef("organization"),
        pk=OuterRef("event__subject_id"),
        kind=OuterRef("event__subject_kind"),
        state=State.DRAFT,
    )
    yield from Broken.rows_of("mails about drafts", Message.objects.filter(Exists(draft)))


@invariant
def e1_a_promised_mail_is_written_once(look: Look) -> Iterator[Broken]:
    """What promises a mail has exactly one row in the outbox for each recipient, and imports have none."""
    twice = (
        Message.objects.exclude(event=None)
        .values("event", "recipient", "kind")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
    )
    yield from Broken.rows_of("mails written twice", twice, "event")
    written = Message.objects.filter(event=OuterRef("pk"))
    acts = Event.objects.filter(kind=PAPER_SENT, origin=Origin.ACT)
    forgotten = acts.exclude(swept_at=None).exclude(data__people=[]).exclude(Exists(written))
    yield from Broken.rows_of("papers sent without a mail", forgotten)
    uncalled = Message.objects.exclude(event=None).exclude(event__origin=Origin.ACT)
    yield from Broken.rows_of("mails about what notifies nobody", uncalled)


@invariant
def e2_a_mail_comes_to_an_end(look: Look) -> Iterator[Broken]:
    """A mail is sent, refused, dropped or kept; none waits long without having been tried."""
    since = look.at - TOO_LONG
    waiting = Message.objects.filter(state=QUEUED, next_attempt_at__lt=since, leased_until=None)
    yield from Broken.rows_of("mails that nobody tries to send", waiting)
    timeless = Message.objects.filter(state=QUEUED, next_attempt_at=None)
    yield from Broken.rows_of("mails that wait for no moment", timeless)


@invariant
def e3_a_mail_leaves_once(look: Look) -> Iterator[Broken]:
    """A mail was sent exactly when its row says when, under one Message-ID, and holds its link no longer."""
    unlike = Q(state=SENT, sent_at=None) | ~Q(state=SENT) & Q(sent_at__isnull=False)
    yield from Broken.rows_of("mails that left without a moment", Message.objects.filter(unlike))
    ids = Message.objects.values("message_id").annotate(count=Count("pk")).filter(count__gt=1)
    yield from Broken.rows_of("Message-IDs used twice", ids, "message_id")
    kept = Message.objects.filter(state__in=[SENT, MessageState.CANCELLED]).exclude(
        sealed_secret=""
    )
    yield from Broken.rows_of("mails that kept their link", kept)


@invariant
def s1_a_mail_that_has_left_is_without_its_secret(look: Look) -> Iterator[Broken]:
    """What opens something is wiped when the mail was handed over, or will never be."""
    over = Message.objects.filter(state__in=[SENT, MessageState.CANCELLED])
    yield from Broken.rows_of("mails that have left and can open", over.exclude(sealed_secret=""))
