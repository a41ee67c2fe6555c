"""A mail server that takes, refuses, delays or hangs up, as the script says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Postman:
    """Remembers what it took. `rcpt` and `data` answer instead of 250 when they return something."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.envelopes: list[Any] = []
        self.tries = 0
        self.rcpt: Callable[[str], str | None] = lambda _address: None
        self.data: Callable[[EmailMessage], str | None] = lambda _mail: None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        self.tries += 1
        if answer := self.rcpt(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        answer = self.data(mail)
        if answer == "hang up":
            server.transport.close()
            return "421 gone"
        if answer:
            return answer
        self.taken.append(mail)
        self.envelopes.append(envelope)
        return "250 taken"

    @property
    def counts(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(str(mail["Message-ID"]) for mail in self.taken)


class MailServer(Controller):
    """On a free port of the loopback."""

    def __init__(self, postman: Postman, **options: Any) -> None:
        super().__init__(postman, hostname="127.0.0.1", port=0, **options)

    def _trigger_server(self) -> None:
        # The port is known only after binding; the base class would knock at port 0.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
