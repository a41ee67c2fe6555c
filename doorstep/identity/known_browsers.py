"""Browsers that somebody signed in from before: guessing elsewhere cannot lock their holder out."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from doorstep.identity.models import canonical_address
from doorstep.lib.tokens import make_token

COOKIE = "__Host-known" if settings.SECURE else "known"
LASTS = 180 * 24 * 3600
MOST = 5
_signer = Signer(salt="doorstep.known_browsers")


def token_for(request: HttpRequest, email: str) -> str:
    """This browser's own mark for that address; empty in a browser that is new to it."""
    return str(_read(request).get(_name(email), [""])[0])


def prefers_passkey(request: HttpRequest) -> bool:
    """Whether somebody last signed in here with a passkey."""
    return any(used_passkey for _token, used_passkey in _read(request).values())


def note(request: HttpRequest, response: HttpResponse, email: str, *, passkey: bool) -> None:
    """Somebody has signed in here."""
    known = _read(request)
    token = known.pop(_name(email), [make_token()])[0]
    newest_last = [*known.items(), (_name(email), [token, passkey])][-MOST:]
    response.set_cookie(
        COOKIE,
        _signer.sign_object(dict(newest_last), compress=True),
        max_age=LASTS,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        known: dict[str, Any] = _signer.unsign_object(request.COOKIES.get(COOKIE, ""))
    except BadSignature:
        return {}
    return known


def _name(email: str) -> str:
    return hashlib.sha256(canonical_address(email).encode()).hexdigest()[:16]
