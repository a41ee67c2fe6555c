"""Sessions whose cookie opens nothing for whoever reads the database: keys hashed, data encrypted."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction

from doorstep.identity.factors.strength import strength_in
from doorstep.identity.models.session import ABSOLUTE, IDLE, NOTED_EVERY, Session
from doorstep.lib import clock
from doorstep.lib.secrets import Unreadable, seal, unseal
from doorstep.lib.statements import Given, Statement
from doorstep.lib.tokens import hash_token


class SessionStore(SessionBase):
    """The engine named by SESSION_ENGINE."""

    row: Session | None = None
    # What is known of the browser, written with the next save.
    noted: dict[str, str] = {}

    def load(self) -> dict[str, Any]:
        now = clock.now()
        key_hash = hash_token(self.session_key or "")
        self.row = _LIVE.first(key_hash=key_hash, seen=now - IDLE, created=now - ABSOLUTE)
        if self.row is None:
            self._session_key = None
            return {}
        try:
            said: dict[str, Any] = json.loads(unseal(self.row.data))
        except Unreadable:
            self._session_key = None
            return {}
        return said

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_hash=hash_token(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        content = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        now = clock.now()
        written = {
            "data": seal(json.dumps(content)),
            "account_id": content.get(SESSION_KEY),
            "strength": strength_in(content),
            "seen_at": now,
            **self.noted,
        }
        key_hash = hash_token(self.session_key)
        if must_create:
            try:
                with transaction.atomic():
                    Session.objects.create(key_hash=key_hash, created_at=now, **written)
            except IntegrityError as error:
                raise CreateError from error
        elif not Session.objects.filter(key_hash=key_hash).update(**written):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(key_hash=hash_token(key)).delete()

    def note(self, *, browser: str, address: str, entrance: str, at: datetime) -> None:
        """The person is still here. Writes at most once in `NOTED_EVERY`; a save writes it anyway."""
        self.noted = {"browser": browser[:120], "address": address[:60], "entrance": entrance[:80]}
        if self.row and at - self.row.seen_at > NOTED_EVERY:
            Session.objects.filter(pk=self.row.pk).update(seen_at=at, **self.noted)

    @classmethod
    def clear_expired(cls) -> None:
        now = clock.now()
        Session.objects.filter(seen_at__lte=now - IDLE).delete()
        Session.objects.filter(created_at__lte=now - ABSOLUTE).delete()


_LIVE: Statement[Session, Session] = Statement(
    lambda: Session.objects.filter(
        key_hash=Given("key_hash"), seen_at__gt=Given("seen"), created_at__gt=Given("created")
    ).select_related("account")
)
