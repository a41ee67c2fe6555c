"""Text that must be readable again but never lie open in the database."""

import base64
import hashlib
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

# Stands in a mail where a link goes that opens something; the link itself is sealed beside it.
SECRET_LINK = "https://doorstep.invalid/the-link-in-this-mail"


class Unreadable(Exception):
    """The text was sealed with a SECRET_KEY that we know no more, or is damaged."""


def seal(text: str) -> str:
    """Encrypt and sign; an empty text stays empty."""
    return _fernet().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """The text that was sealed. Raises `Unreadable`."""
    if not sealed:
        return ""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


@cache
def _fernet() -> MultiFernet:
    """Seals with today's key; unseals with an earlier one too."""
    return MultiFernet(map(_with, [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]))


def _with(secret: str) -> Fernet:
    key = hashlib.sha256(b"doorstep.seal:" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
