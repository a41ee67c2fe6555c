"""Who is signed in, read with the session itself instead of by a query of its own."""

from __future__ import annotations

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from doorstep.identity.factors.strength import bound_to
from doorstep.identity.models import Account


class KnownAccount(AuthenticationMiddleware):
    """Django's own middleware, but for where the account comes from."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _account_of(request))  # type: ignore[assignment]


def _account_of(request: HttpRequest) -> Account | AnonymousUser:
    """Nobody in a session that a provider of another organisation opened."""
    bound = bound_to(request.session)
    door = getattr(request, "organization", None)
    if bound is not None and (door is None or door.pk != bound):
        return AnonymousUser()
    return _signed_in(request)


def _signed_in(request: HttpRequest) -> Account | AnonymousUser:
    """As `django.contrib.auth.get_user`, which is asked whenever anything is out of the ordinary."""
    session = request.session
    said = session.get(SESSION_KEY)
    row = getattr(session, "row", None)
    account: Account | None = row.account if row is not None and said is not None else None
    if (
        account is not None
        and str(account.pk) == said
        and account.is_active
        and constant_time_compare(
            session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash()
        )
    ):
        return account
    return get_user(request)
