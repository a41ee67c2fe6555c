"""One message through Twilio's own client, and its answers in our three kinds: taken, later, never."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.notifications.smtp import NoLine, TakesNever, TryLater

if TYPE_CHECKING:
    from twilio.rest import Client

TIMEOUT_SECONDS = 10
ITS_ADDRESS = "https://api.twilio.com"

_NOT_YOURS = (NoLine, gettext_lazy("Twilio does not let this account send from that number."))
_NO_NUMBER = (TakesNever, gettext_lazy("No messages can be sent to this number."))
_UNWANTED = (
    TakesNever,
    gettext_lazy("This number wants no messages from you, or cannot get them."),
)
_COUNTRY = (TakesNever, gettext_lazy("Your Twilio account may not send to this country."))
_ANSWERS: dict[int, tuple[type[NoLine | TryLater | TakesNever], str | Promise]] = {
    **dict.fromkeys((21212, 21606, 21659, 21660, 21701, 21703), _NOT_YOURS),
    **dict.fromkeys((21211, 21217, 21614), _NO_NUMBER),
    **dict.fromkeys((21610, 21612), _UNWANTED),
    21408: _COUNTRY,
}

# What the client would say about a request has the words of the message in it, and those open something.
_silent = logging.getLogger(__name__)
_silent.setLevel(logging.ERROR)


def send(account: str, token: str, sender: str, *, to: str, words: str) -> str:
    """Hand it over; Twilio's own name for the message. Raises `NoLine`, `TryLater`, `TakesNever`."""
    from requests.exceptions import RequestException
    from twilio.base.exceptions import TwilioRestException

    by: dict[str, Any] = (
        {"messaging_service_sid": sender} if sender.startswith("MG") else {"from_": sender}
    )
    try:
        taken = _client(account, token).messages.create(to=to, body=words, **by)
    except TwilioRestException as error:
        raise _in_words(error.status, error.code, error.msg) from error
    except RequestException as error:
        raise NoLine(_("Twilio does not answer.")) from error
    return str(taken.sid)


def _client(account: str, token: str) -> Client:
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    class Elsewhere(TwilioHttpClient):  # type: ignore[misc]
        """Asks at the address of the settings, where somebody plays Twilio on this machine."""

        def request(self, method: str, url: str, *args: Any, **said: Any) -> Any:
            there = url.replace(ITS_ADDRESS, settings.TWILIO_API_BASE, 1)
            return super().request(method, there, *args, **said)

    http = Elsewhere(pool_connections=False, timeout=TIMEOUT_SECONDS, logger=_silent)
    return Client(account, token, http_client=http)


def _in_words(status: int, code: int | None, said: str) -> NoLine | TryLater | TakesNever:
    """Twilio's numbered errors, in words for whoever set it up."""
    said = said.removeprefix("Unable to create record: ")
    answer = f"{said} ({code})" if code else said
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) and code not in _ANSWERS:
        return NoLine(_("Twilio does not know this account and token."))
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return TryLater(_("Twilio takes no message now: %(answer)s") % {"answer": answer})
    kind, words = _ANSWERS.get(code or 0, (TakesNever, _("Twilio refused it: %(answer)s")))
    return kind(str(words) % {"answer": answer} if "%(" in str(words) else str(words))
