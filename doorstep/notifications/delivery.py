"""Mail leaves: each message is claimed, checked once more, handed over, and its end written down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from doorstep.lib.checkpoints import checkpoint
from doorstep.lib.secrets import Unreadable
from doorstep.notifications.authority import why_not
from doorstep.notifications.envelope import envelope_of
from doorstep.notifications.models import MailSettings, Message, SmsSettings
from doorstep.notifications.models.mail_settings import ACCOUNT_KINDS
from doorstep.notifications.smtp import Line, NoLine, TakesNever, TryLater
from doorstep.notifications.texting import TextLine, text_of
from doorstep.organizations.models import Organization

logger = logging.getLogger(__name__)

type Clock = Callable[[], datetime]

AT_ONCE = 100
# Other jobs wait for their turn behind this one.
LONGEST = timedelta(seconds=20)


def deliver(now: Clock) -> int:
    """Send what is due, organisation by organisation; how many messages were handed over.

    Ends after a while so that other jobs get their turn; what is left is due at the next run.
    """
    begun, sent = now(), 0
    until, due = begun + LONGEST, Message.objects.due(at=begun)
    for organization_id in due.order_by().values_list("organization", flat=True).distinct():
        organization = Organization.known().filter(pk=organization_id).first()
        if organization is not None:
            with translation.override(organization.language):
                for route in _routes(organization):
                    sent += _deliver_by(route, organization, now, until)
    return sent


@dataclass(frozen=True, slots=True)
class Route:
    """Which messages go by which line."""

    which: Q
    line: Line | TextLine


def _routes(organization: Organization) -> list[Route]:
    """Mail about accounts goes by the operator's own server, where there is one."""
    mail = Q(by_text=False)
    by_text = Route(Q(by_text=True), TextLine(SmsSettings.of(organization)))
    own = Line(MailSettings.of(organization))
    if not settings.SMTP_URL:
        return [Route(mail, own), by_text]
    accounts = Q(kind__startswith=ACCOUNT_KINDS)
    operators = Line(MailSettings.carrying(ACCOUNT_KINDS, organization))
    return [Route(mail & accounts, operators), Route(mail & ~accounts, own), by_text]


def _deliver_by(route: Route, organization: Organization, now: Clock, until: datetime) -> int:
    waiting = (
        Message.of(organization)
        .due(at=now())
        .filter(route.which)
        .select_related("event", "person__contact", "person__access", "member__account")
    )
    sent = 0
    with route.line as line:
        for message in waiting.order_by("next_attempt_at", "pk")[:AT_ONCE]:
            message.organization = organization
            if now() > until:
                break
            if not message.claim(at=now()):
                continue
            try:
                sent += _deliver_one(message, line, now)
            except NoLine as trouble:
                _put_all_off(message, route, str(trouble), now())
                break
            except Exception as error:
                logger.exception("Message %s could not be sent", message.pk)
                message.put_off(f"{type(error).__name__}: {error}", at=now())
    return sent


def _deliver_one(message: Message, line: Line | TextLine, now: Clock) -> bool:
    if reason := why_not(message, at=now()):
        message.cancel(reason)
        return False
    if not line.settings.sends:
        message.keep()
        return False
    try:
        if isinstance(line, TextLine):
            hand_over = partial(line.send, text_of(message))
        else:
            hand_over = partial(line.send, envelope_of(message, line.settings, at=now()))
    except Unreadable:
        message.note_refused(_("The link in this mail cannot be read any more."))
        return False
    return message.is_mine_still(at=now()) and _hand_over(message, hand_over, now)


def _hand_over(message: Message, hand_over: Callable[[], None], now: Clock) -> bool:
    try:
        checkpoint("mail.before_data")
        hand_over()
        checkpoint("mail.after_data")
    except TryLater as answer:
        message.put_off(str(answer), at=now())
    except TakesNever as answer:
        message.note_refused(str(answer))
    else:
        message.note_sent(at=now())
        return True
    return False


def _put_all_off(message: Message, route: Route, trouble: str, at: datetime) -> None:
    """The server does not let us in, so none of this organisation's mail has to try in vain today."""
    message.put_off(trouble, at=at)
    due = Message.of(message.organization).due(at=at).filter(route.which)
    others = list(due.values_list("pk", flat=True))
    tried = Message.objects.filter(pk__in=others).due(at=at)
    tried.update(attempts=F("attempts") + 1)
    tried.put_off(trouble, at=at)
