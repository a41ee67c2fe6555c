"""By how much the person in a session has proven who they are; read from the session, without a query."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as PROVEN_BY,
)
from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY as METHODS,
)
from django.contrib.auth import SESSION_KEY

from doorstep.identity.models.session import Strength

# Set when a browser that was remembered stood in for the code: {"account": "7", "at": 1763000000}.
TRUSTED = "second_factor_remembered"
# How the library's records call a proof by somebody's identity provider; `organization` says whose.
BY_PROVIDER = "socialaccount"


def strength_in(content: Mapping[str, Any]) -> Strength:
    """How strongly whoever is signed in has proven it, a remembered browser included."""
    if not content.get(SESSION_KEY):
        return Strength.NONE
    return Strength.TWO if _proven(content) or _trusted_since(content) else Strength.ONE


def is_enough(content: Mapping[str, Any], *, remembered_for: timedelta, at: datetime) -> bool:
    """Whether the second factor was given in this session, or in this browser not longer ago than that."""
    since = _trusted_since(content)
    return _proven(content) or (since is not None and since + remembered_for > at)


def proven_at(content: Mapping[str, Any]) -> datetime | None:
    """When the person last proved who they are by any factor of their own; a provider's word is none."""
    said = [record for record in records(content) if record.get("method") != BY_PROVIDER]
    return datetime.fromtimestamp(said[-1]["at"], UTC) if said else None


def bound_to(content: Mapping[str, Any]) -> int | None:
    """The organisation outside of which this session is nobody's: that whose provider let the person in."""
    places = [r["organization"] for r in records(content) if r.get("method") == BY_PROVIDER]
    return int(places[-1]) if places else None


def unbind(session: Any, organization_id: int | None) -> None:
    """The person signs in at another door by a proof of their own: what a provider said elsewhere is void."""
    said = session.get(METHODS) or []
    kept = [
        record
        for record in said
        if record.get("method") != BY_PROVIDER or record.get("organization") == organization_id
    ]
    if kept != said:
        session[METHODS] = kept


def records(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How the person has proven who they are, in the library's own words, oldest first."""
    if str(content.get(PROVEN_BY)) != str(content.get(SESSION_KEY)):
        return []
    records: list[dict[str, Any]] = content.get(METHODS) or []
    return records


def forget(session: Any) -> None:
    """What was proven by a factor that is gone counts no more."""
    session[METHODS] = [record for record in records(session) if record.get("method") != "mfa"]
    session.pop(TRUSTED, None)


def _proven(content: Mapping[str, Any]) -> bool:
    return any(record.get("method") == "mfa" for record in records(content))


def _trusted_since(content: Mapping[str, Any]) -> datetime | None:
    said = content.get(TRUSTED)
    if not said or str(said["account"]) != str(content.get(SESSION_KEY)):
        return None
    return datetime.fromtimestamp(said["at"], UTC)
