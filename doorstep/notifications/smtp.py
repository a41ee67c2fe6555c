"""One conversation with a mail server, and its answers in three kinds: taken, later, never."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from types import TracebackType

from django.utils.translation import gettext as _

from doorstep.lib.secrets import Unreadable
from doorstep.notifications.models import MailSettings
from doorstep.notifications.models.mail_settings import ENCRYPTED_FROM_THE_START

TIMEOUT_SECONDS = 20


class NoLine(Exception):
    """The server cannot be reached or does not let us in: that holds for every mail. Words for staff."""


class TryLater(Exception):
    """The server does not take this mail now. Its answer."""


class TakesNever(Exception):
    """The server will never take this mail. Its answer."""


class Line:
    """A connection that is opened with the first mail and used for all that follow."""

    def __init__(self, settings: MailSettings) -> None:
        self.settings = settings
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hang_up()

    def send(self, mail: EmailMessage) -> None:
        """Hand one mail over. Raises `NoLine`, `TryLater`, `TakesNever`."""
        server = self._server or self.open()
        try:
            server.send_message(mail)
        except smtplib.SMTPSenderRefused as error:
            self.hang_up()
            raise NoLine(_answer(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise _refusal(code, words) from error
        except smtplib.SMTPServerDisconnected as error:
            self.hang_up()
            raise TryLater(_("The mail server cut the connection.")) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            self.hang_up()
            raise TryLater(str(error)) from error

    def open(self) -> smtplib.SMTP:
        """Connect, encrypt, sign in. Raises `NoLine` with words that name what is wrong."""
        try:
            self._server = self._connect()
        except smtplib.SMTPAuthenticationError as error:
            raise NoLine(
                _("The mail server does not accept user name and password: %(answer)s")
                % {"answer": _answer(error.smtp_code, error.smtp_error)}
            ) from error
        except smtplib.SMTPNotSupportedError as error:
            raise NoLine(
                _("The mail server does not offer what is set here: %(answer)s") % {"answer": error}
            ) from error
        except smtplib.SMTPResponseException as error:
            raise NoLine(_answer(error.smtp_code, error.smtp_error)) from error
        except ssl.SSLError as error:
            raise NoLine(
                _("The connection could not be encrypted: %(answer)s")
                % {"answer": error.reason or error}
            ) from error
        except Unreadable as error:
            raise NoLine(_("The password cannot be read any more. Type it again.")) from error
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            raise NoLine(
                _("%(host)s port %(port)d does not answer: %(answer)s")
                % {"host": self.settings.host, "port": self.settings.port, "answer": error}
            ) from error
        return self._server

    def hang_up(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()

    def _connect(self) -> smtplib.SMTP:
        settings = self.settings
        trust = ssl.create_default_context()
        server: smtplib.SMTP
        if settings.use_tls and settings.port == ENCRYPTED_FROM_THE_START:
            server = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=TIMEOUT_SECONDS, context=trust
            )
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_SECONDS)
        try:
            if settings.use_tls and settings.port != ENCRYPTED_FROM_THE_START:
                server.starttls(context=trust)
            if settings.username:
                server.login(settings.username, settings.password)
        except BaseException:
            server.close()
            raise
        return server


def _refusal(code: int, words: bytes | str) -> TryLater | TakesNever:
    return TakesNever(_answer(code, words)) if code >= 500 else TryLater(_answer(code, words))


def _answer(code: int, words: bytes | str) -> str:
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(said.split())}"[:400]
