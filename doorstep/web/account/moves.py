"""What spans a person's account and their hats: each is one transaction, with its event."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from doorstep.contacts.models import PortalAccess
from doorstep.identity.events import ADDRESS_CHANGED, ADDRESS_RESTORED
from doorstep.identity.holder import note
from doorstep.identity.models import AddressChange
from doorstep.lib import clock


def changed_address(request: Any, code: str, *, browser: str) -> AddressChange:
    """The account and the hats that bear its address move; every other browser is out.

    Raises `CodeRefused`, `AddressTaken`.
    """
    at, account = clock.now(), request.user
    proven = AddressChange.prove(account, code, browser=browser, at=at)
    with transaction.atomic():
        change = AddressChange.make(account, proven, at=at)
        PortalAccess.follow_address(account, change.before, at=at)
        account.sessions.all().end(but=request.session.session_key)
        told = {"before": change.before, "after": change.after, "change": change.pk}
        note(ADDRESS_CHANGED, account, request, at=at, **told)
    return change


def took_back_address(request: Any, change: AddressChange) -> None:
    at = clock.now()
    with transaction.atomic():
        left = change.account.email
        account = change.take_back(at=at)
        PortalAccess.follow_address(account, left, at=at)
        note(ADDRESS_RESTORED, account, request, at=at, before=left)
