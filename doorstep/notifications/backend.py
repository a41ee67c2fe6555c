"""Every mail that Django or a library sends becomes a message in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from doorstep.lib import clock
from doorstep.lib.tokens import make_token
from doorstep.notifications.models import Message


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue them; the outbox decides whether, when and from where they leave."""
        for mail in email_messages:
            for recipient in mail.to:
                Message.objects.create(
                    kind=mail.extra_headers.get("X-Doorstep-Kind", "account"),
                    organization_id=mail.extra_headers.get("X-Doorstep-Organization"),
                    recipient=recipient,
                    subject=mail.subject,
                    text=mail.body,
                    html=_html_of(mail),
                    message_id=f"<{make_token()}@doorstep>",
                    created_at=clock.now(),
                )
        return len(email_messages)


def _html_of(mail: Any) -> str:
    return next((content for content, kind in getattr(mail, "alternatives", ()) if kind == "text/html"), "")
