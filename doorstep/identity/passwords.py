"""A password is looked at in the same way whether somebody has the address or not."""

from __future__ import annotations

import secrets
from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.hashers import is_password_usable, make_password, verify_password

from doorstep.identity.models import Account, canonical_address


def authenticate(
    backend: Any, request: Any = None, *, email: str = "", password: str = "", **_credentials: Any
) -> Account | None:
    """Whose address and password these are: one look into the table and one hash, for every address.

    Stands in the library's place, which takes another path where nobody has the address.
    """
    if not email or not password:
        return None
    rows = Account.objects.filter(email=canonical_address(email)).values_list("pk", "password")
    found, nobodys = rows.first(), _nobodys(settings.PASSWORD_HASHERS[0])
    usable = found is not None and is_password_usable(found[1])
    right, outdated = verify_password(password, found[1] if found and usable else nobodys)
    if not right or found is None or not usable:
        return None
    account = Account.objects.get(pk=found[0])
    if outdated:
        # A stronger hash is no change of the password.
        account.check_password(password)
    if not account.is_active:
        backend._stash_user(account)
        return None
    return account


def install() -> None:
    AuthenticationBackend.authenticate = authenticate


@cache
def _nobodys(hasher: str) -> str:
    """The hash of a password that nobody knows, made like everybody's."""
    return make_password(secrets.token_urlsafe(24))
