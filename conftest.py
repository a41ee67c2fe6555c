"""Fixtures for every test, those inside the packages too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from doorstep.identity.models import Account
from doorstep.lib.invariants import Look, check_all
from tests.cast import NOON, Cast, gather

pytest_plugins = ["tests.browser"]

MONEY = ("doorstep/payments/", "doorstep/sales/", "doorstep/imports/", "tests/races/")


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


@pytest.fixture(autouse=True)
def invariants_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    """At the end of each test that touches money (by its folder, or marked `money`) all invariants hold."""
    if not touches_money(request.node):
        yield
        return
    request.getfixturevalue("db")
    yield
    verdicts = check_all(Look(at=NOON))
    assert [verdict for verdict in verdicts if verdict.broken] == []


def touches_money(test: pytest.Item) -> bool:
    marked = test.get_closest_marker
    if marked("breaks_invariants") or not (marked("django_db") or "db" in test.fixturenames):  # type: ignore[attr-defined]
        return False
    return bool(marked("money")) or test.nodeid.startswith(MONEY)
