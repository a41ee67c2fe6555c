"""T21: once somebody lives here, nobody sets up anything."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from doorstep.activity.models import System
from doorstep.organizations.models import Organization
from tests.cast import NOON, Cast

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Evil",
    "portal_name": "evil",
    "currency": "USD",
    "time_zone": "UTC",
    "your_name": "Eve",
    "email": "eve@evil.example",
    "password": "a heap of anvils",
}


@pytest.fixture
def token() -> str:
    """As it was printed at the start."""
    (settings.HOME / "set-up-token").write_text("the-token")
    return "the-token"


@pytest.mark.parametrize("suspended", [False, True])
def test_t21_set_up_is_closed_once_there_is_a_business(
    cast: Cast, token: str, suspended: bool
) -> None:
    if suspended:
        for one in (cast.acme, cast.globex):
            one.organization.suspend(by=System(), at=NOON)

    assert Client().get("/set-up/").status_code == 404
    assert Client().post("/set-up/", {**FORM, "token": token}).status_code == 404
    assert Client().get(f"/set-up/?token={token}").status_code == 404
    assert Organization.objects.count() == 2


def test_t21_before_that_it_is_open_to_whoever_has_the_token(db: None, token: str) -> None:
    assert Client().get("/set-up/").status_code == 200
    Client().post("/set-up/", {**FORM, "token": "guessed"})
    assert not Organization.objects.exists()
