"""Who can pay: a contact person who is signed in, or a visitor who came by a link."""

from __future__ import annotations

from typing import Protocol

from doorstep.activity.models import Actor
from doorstep.contacts.models import Contact
from doorstep.organizations.models import Organization


class Payer(Actor, Protocol):
    """`browser` tells visitors apart (hash of their own secret; empty for accounts); only those who
    `know_colleagues` are told who else is paying, how much and when."""

    @property
    def contact(self) -> Contact: ...
    @property
    def contact_id(self) -> int: ...
    @property
    def organization(self) -> Organization: ...
    @property
    def organization_id(self) -> int: ...
    @property
    def may_pay(self) -> bool: ...
    @property
    def browser(self) -> str: ...
    @property
    def link_id(self) -> int | None: ...
    @property
    def knows_colleagues(self) -> bool: ...
    def locale(self) -> str: ...
