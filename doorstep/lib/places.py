"""Which place an address belongs to, by the operator's own MaxMind file; without one nothing is said."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import maxminddb
from django.conf import settings


def place_of(address: str, language: str) -> str:
    """ "Albuquerque, United States" in the reader's language where the file knows it; else empty."""
    file = _opened(settings.PLACES_FILE) if settings.PLACES_FILE else None
    if file is None:
        return ""
    try:
        found = cast("dict[str, Any]", file.get(address) or {})
    except ValueError:  # no address: a socket, a test
        return ""
    parts = [_name(found.get(part), language) for part in ("city", "country")]
    return ", ".join(part for part in parts if part)


@cache
def _opened(path: str) -> maxminddb.Reader | None:
    """Opened once in a process. A file that is not there or is none is as good as no file."""
    try:
        return maxminddb.open_database(path)
    except (OSError, maxminddb.InvalidDatabaseError):
        return None


def _name(part: Any, language: str) -> str:
    names = (part or {}).get("names", {})
    return str(names.get(language) or names.get("en") or "")
