"""Messages to telephones: what one says, how it leaves, and a test to oneself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import TracebackType

from django.utils.translation import gettext as _

from doorstep.lib.phones import textable
from doorstep.lib.secrets import SECRET_LINK, Unreadable, unseal
from doorstep.notifications.carriers import twilio
from doorstep.notifications.models import Message, SmsSettings
from doorstep.notifications.smtp import NoLine, TakesNever, TryLater
from doorstep.notifications.trial import TestRefused
from doorstep.organizations.models import Member


@dataclass(frozen=True, slots=True)
class Text:
    to: str
    words: str


class TextLine:
    """What a mail server's line is for mails; each message stands for itself, so nothing is kept open."""

    def __init__(self, settings: SmsSettings) -> None:
        self.settings = settings

    def __enter__(self) -> TextLine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def send(self, text: Text) -> None:
        """Hand one message over. Raises `NoLine`, `TryLater`, `TakesNever`."""
        try:
            token = self.settings.token
        except Unreadable as error:
            raise NoLine(_("The stored token cannot be read any more. Type it again.")) from error
        twilio.send(
            self.settings.account, token, self.settings.sender, to=text.to, words=text.words
        )


def text_of(message: Message) -> Text:
    """The words with the link or code put in. Raises `Unreadable`."""
    words = message.text.replace(SECRET_LINK, unseal(message.sealed_secret))
    return Text(message.recipient, words.strip())


def send_test_text(settings: SmsSettings, number: str, *, by: Member, at: datetime) -> None:
    """A few words to a number right now, past the outbox. Raises `TestRefused`, `NotAllowed`."""
    by.require("settings.edit")
    if settings.organization.is_demo:
        raise TestRefused(_("Messages of a demo company never leave this machine."))
    if not settings.sends:
        raise TestRefused(_("Connect Twilio first."))
    to = textable(number)
    if not to:
        raise TestRefused(_("Write the number with its country, like +1 505 555 0142."))
    words = _("Test from %(name)s: messages to telephones work.") % {
        "name": settings.organization.name
    }
    with TextLine(settings) as line:
        try:
            line.send(Text(to, words))
        except (NoLine, TryLater, TakesNever) as answer:
            raise TestRefused(str(answer)) from answer
