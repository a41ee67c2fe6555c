"""Every mail that Django or a library sends becomes a message in the outbox."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import get_language

from doorstep.lib import clock
from doorstep.notifications.letters import one_line, tidy
from doorstep.notifications.models import Message
from doorstep.notifications.models.message import first_state, new_message_id
from doorstep.notifications.models.outbox import FOR_NOBODY
from doorstep.organizations.models import Organization

logger = logging.getLogger(__name__)


class OutboxBackend(BaseEmailBackend):
    """The outbox decides whether, when and from where they leave.

    Reads our own headers: X-Doorstep-Organization (number), X-Doorstep-Kind, X-Doorstep-Name,
    X-Doorstep-Secret (the sealed link or code that stands in the bodies as `SECRET_LINK`), and
    X-Doorstep-Nobody (write it like any other, but it is nobody's and soon forgotten).
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue or keep one message a recipient; how many mails found an outbox."""
        return sum(self._queue(mail) for mail in email_messages)

    def _queue(self, mail: EmailMessage) -> bool:
        at, said = clock.now(), mail.extra_headers
        number = said.get("X-Doorstep-Organization", "0")
        organization = Organization.objects.filter(pk=number).first()
        if organization is None:
            logger.error("A mail that belongs to no organisation was dropped: %s", mail.subject)
            return False
        with transaction.atomic():
            self._write(mail, organization, at)
        return True

    def _write(self, mail: EmailMessage, organization: Organization, at: datetime) -> None:
        said = mail.extra_headers
        kind = said.get("X-Doorstep-Kind", "account")
        state = first_state(organization, at=at, kind=kind)
        if "X-Doorstep-Nobody" in said:
            state = {"state": FOR_NOBODY, "next_attempt_at": None}
        for recipient in mail.to:
            Message.objects.create(
                kind=kind,
                organization=organization,
                recipient=recipient,
                recipient_name=one_line(said.get("X-Doorstep-Name", "")),
                language=get_language() or "en",
                subject=one_line(str(mail.subject)),
                text=tidy(str(mail.body)),
                html=_html_of(mail),
                sealed_secret=said.get("X-Doorstep-Secret", ""),
                reply_to=organization.email,
                message_id=new_message_id(),
                created_at=at,
                **state,
            )


def _html_of(mail: Any) -> str:
    twins = getattr(mail, "alternatives", ())
    return next((str(content) for content, kind in twins if kind == "text/html"), "")
