"""What a browser carries after it opened a link: a signed cookie for one paper, for an hour.

The token itself leaves the address bar at the first step and is not in the cookie either; its hash is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from doorstep.lib.tokens import hash_token, make_token

COOKIE = "__Host-share" if settings.SECURE else "share"
LASTS = 3600
_SALT = "doorstep.share"


@dataclass(frozen=True, slots=True)
class Bearer:
    token_hash: str
    secret: str

    @property
    def browser(self) -> str:
        """What the database knows this browser by."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    @property
    def handle(self) -> str:
        return self.token_hash[:16]

    @classmethod
    def of(cls, request: HttpRequest) -> Bearer | None:
        """None without a cookie of ours, or with one that is over an hour old."""
        try:
            said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LASTS)
            return cls(*said)
        except (signing.BadSignature, TypeError):
            return None

    @classmethod
    def begin(cls, request: HttpRequest, token: str) -> Bearer:
        """The same browser stays the same browser, so that what it has proven holds for its hour."""
        before = cls.of(request)
        return cls(hash_token(token), before.secret if before else make_token())

    def give(self, response: HttpResponse) -> None:
        response.set_cookie(
            COOKIE,
            signing.dumps([self.token_hash, self.secret], salt=_SALT),
            max_age=LASTS,
            secure=settings.SECURE,
            httponly=True,
            samesite="Lax",
        )
