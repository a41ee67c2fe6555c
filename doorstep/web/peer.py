"""Who is at the other end of the line, as far as can be trusted."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The peer's address. Behind TRUSTED_PROXIES proxies, the entry that the outermost of them wrote;
    whatever a visitor puts into the header himself stands further left and is not read."""
    proxies: int = settings.TRUSTED_PROXIES
    if proxies:
        entries = [e.strip() for e in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(entries) >= proxies:
            return entries[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def browser_of(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")[:300]
