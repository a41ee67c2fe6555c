"""Fixtures for every test, those inside the packages too."""

from __future__ import annotations

import pytest
from django.test import Client

from doorstep.identity.models import Account
from tests.cast import Cast, gather


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody of tests/cast.py."""
    return gather()


@pytest.fixture
def signed_in() -> object:
    """`signed_in(person_or_member)` is a client with that person's session."""

    def sign_in(somebody: object) -> Client:
        client = Client()
        account = Account.objects.get(pk=somebody.actor_account_id)  # type: ignore[attr-defined]
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
