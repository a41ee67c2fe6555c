"""Whoever holds an account, at one of the businesses that know them: who acted, and whom it happened to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from doorstep.activity.models import Event, Role, record
from doorstep.identity.models import Account
from doorstep.identity.peers import browser_of, where_of


@dataclass(frozen=True, slots=True)
class Holder:
    """An account as actor and as subject of events; they belong to `organization_id`."""

    account: Account
    organization_id: int

    @property
    def pk(self) -> int:
        return int(self.account.pk)

    @property
    def subject_kind(self) -> str:
        return Account.subject_kind

    @property
    def subject_label(self) -> str:
        return self.account.get_full_name()

    @property
    def subject_contact_id(self) -> None:
        return None

    @property
    def actor_account_id(self) -> int:
        return self.pk

    @property
    def actor_name(self) -> str:
        return self.account.get_full_name()

    @property
    def actor_role(self) -> str:
        return Role.HOLDER


def note(kind: str, account: Account, request: Any, *, at: datetime, **data: Any) -> Event | None:
    """Say what the holder of this account did, in which browser; call it inside the transaction of the act.

    It is written down at the business whose door this is only if that knows the person, else at one that
    does: nobody learns by it who has an account elsewhere. None where no business knows the person.
    """
    door = getattr(request, "organization", None)
    organization_id = account.known_at(door.pk if door else None)
    if organization_id is None:
        return None
    holder = Holder(account, organization_id)
    said = {"browser": browser_of(request), "place": where_of(request)}
    if door is not None and door.pk == organization_id:
        said["face"] = request.face
    return record(kind, holder, by=holder, at=at, **said, **data)
