"""What stands at the door whoever knocks: limits, rotation, and the same work for every address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from doorstep.identity import known_browsers
from doorstep.identity.events import PASSWORD_CHANGED, SIGNED_IN_ANEW
from doorstep.identity.factors import strength
from doorstep.identity.holder import note
from doorstep.identity.models import Account, FactorReset, Limit, Rule, Strength, canonical_address
from doorstep.identity.peers import browser_of, peer_of, where_of
from doorstep.lib import clock

WRONG_PASSWORDS = Rule("wrong password", most=10, per=timedelta(minutes=5))
SIGN_INS_FROM = Rule("sign-in from one address", most=30, per=timedelta(minutes=1))
SECOND_FACTORS = Rule("second factor", most=10, per=timedelta(minutes=5))
MAILS_TO = Rule("mail asked for one address", most=5, per=timedelta(minutes=15))
MAILS_FROM = Rule("mail asked from one address", most=30, per=timedelta(minutes=10))

# In the session from signing in until the answer: this is not the person's very first time.
CAME_BEFORE = "came_before"


def limits_second_factor(account: Account) -> Callable[[], None]:
    """Count one try; the answer, called after success, begins again at nothing. Raises `TooOften`."""
    at = clock.now()
    Limit.take(SECOND_FACTORS, account.pk, at=at)
    return lambda: Limit.forget(SECOND_FACTORS, account.pk, at=at)


def limits_mail[V: Callable[..., HttpResponse]](view: V) -> V:
    """A form that mails something to whoever is named in `email`: so many for one, so many from one peer."""

    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            at = clock.now()
            Limit.take(MAILS_FROM, peer_of(request), at=at)
            if email := request.POST.get("email"):
                Limit.take(MAILS_TO, canonical_address(email), at=at)
        return view(request, *args, **kwargs)

    return limited  # type: ignore[return-value]


def limits_peer[V: Callable[..., HttpResponse]](view: V) -> V:
    """What can be tried without naming an account, such as a passkey."""

    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            Limit.take(SIGN_INS_FROM, peer_of(request), at=clock.now())
        return view(request, *args, **kwargs)

    return limited  # type: ignore[return-value]


def limits_peer_always[V: Callable[..., HttpResponse]](view: V) -> V:
    """A GET that makes us call somebody else."""

    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        Limit.take(SIGN_INS_FROM, peer_of(request), at=clock.now())
        return view(request, *args, **kwargs)

    return limited  # type: ignore[return-value]


class GuardedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The security half of our adapter; words and addresses are in `adapter.py`."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return peer_of(request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At our own address, whatever host the request named."""
        url: str = super().get_reset_password_from_key_url(key)
        return settings.BASE_URL + urlsplit(url).path

    def get_login_stages(self) -> list[str]:
        return [
            "allauth.account.stages.LoginByCodeStage",
            "doorstep.identity.factors.remembered.SecondStep",
        ]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts before it is known whether the password is right, so that no two tries slip through at once.

        Wrong tries of a browser that is new to the account do not count against one that is known.
        """
        at = clock.now()
        Limit.take(SIGN_INS_FROM, peer_of(request), at=at)
        Limit.take(WRONG_PASSWORDS, *_tried(request, credentials), at=at)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        account = super().authenticate(request, **credentials)
        if account:
            Limit.forget(WRONG_PASSWORDS, *_tried(request, credentials), at=clock.now())
        return account

    def login(self, request: Any, user: Any) -> None:
        """The session gets a new key (Django's own doing) and says where it came in."""
        note_session(request)
        came_before = user.last_login is not None
        user.sessions.all().make_room()
        strength.unbind(request.session, getattr(request.organization, "pk", None))
        super().login(request, user)
        request.session[CAME_BEFORE] = came_before

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if request.session.pop(CAME_BEFORE, False) and not known_browsers.token_for(
            request, user.email
        ):
            note(SIGNED_IN_ANEW, user, request, at=clock.now())
        strong = strength.strength_in(request.session)
        if strong == Strength.TWO:
            FactorReset.withdraw(user, at=clock.now())
        known_browsers.note(request, response, user.email, passkey=_used_passkey(request))
        return response

    def set_password(self, user: Any, password: str) -> None:
        """Everybody else who is signed in as this person is out, and wrong tries are forgotten."""
        had_one, at = user.has_usable_password() and bool(user.password), clock.now()
        with transaction.atomic():
            super().set_password(user, password)
            user.sessions.all().end(but=self.request.session.session_key)
            if had_one or user.last_login:
                note(PASSWORD_CHANGED, user, self.request, at=at)
        Limit.forget(WRONG_PASSWORDS, canonical_address(user.email), "", at=at)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has proven who they are a moment ago, by a factor of their own, is not asked again."""
        proven = strength.proven_at(self.request.session)
        lasts = timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
        return proven is None or clock.now() - proven > lasts


def note_session(request: Any) -> None:
    """Say in the session's row which browser it is and where it came in."""
    request.session.note(
        browser=browser_of(request),
        address=where_of(request),
        entrance=request.META.get("SCRIPT_NAME", ""),
        at=clock.now(),
    )


def _tried(request: HttpRequest, credentials: dict[str, Any]) -> tuple[str, str]:
    email = canonical_address(str(credentials.get("email", "")))
    return email, known_browsers.token_for(request, email)


def _used_passkey(request: HttpRequest) -> bool:
    return any(record.get("passwordless") for record in strength.records(request.session))
