"""A test mail to oneself: does the mail server take what is set?"""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.utils.translation import gettext as _

from doorstep.lib.errors import Refused
from doorstep.notifications.envelope import address_of
from doorstep.notifications.models import MailSettings
from doorstep.notifications.models.message import new_message_id
from doorstep.notifications.smtp import Line, NoLine, TakesNever, TryLater
from doorstep.organizations.models import Member


class TestRefused(Refused):
    """The mail server's own words, and what they probably mean."""


def send_test(settings: MailSettings, *, to: Member, at: datetime) -> None:
    """Mail the member a few words right now, past the outbox. Raises `TestRefused`, `NotAllowed`."""
    to.require("settings.edit")
    if settings.organization.is_demo:
        raise TestRefused(_("Mail of a demo company never leaves this machine."))
    if not settings.sends:
        raise TestRefused(_("Set a mail server first."))
    mail = EmailMessage(policy=SMTP)
    mail["Message-ID"] = new_message_id()
    mail["Date"] = format_datetime(at)
    mail["From"] = address_of(
        settings.from_name or settings.organization.name, settings.from_address
    )
    mail["To"] = address_of(to.actor_name, to.account.email)
    mail["Subject"] = _("Test: your mail settings work")
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(
        _("This mail came from the settings page of %(name)s. Nothing else to do.")
        % {"name": settings.organization.name}
    )
    with Line(settings) as line:
        try:
            line.send(mail)
        except (NoLine, TryLater, TakesNever) as answer:
            raise TestRefused(str(answer)) from answer
