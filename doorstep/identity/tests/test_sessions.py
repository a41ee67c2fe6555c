"""A stolen database opens no session."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from doorstep.identity.models import Session
from doorstep.identity.sessions import SessionStore
from doorstep.lib import clock
from doorstep.lib.tokens import hash_token
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_the_cookie_is_not_in_the_database_and_the_data_is_encrypted(cast: Cast, signed_in) -> None:
    client: Client = signed_in(cast.wile)
    cookie = client.cookies["session"].value

    row = Session.objects.get(key_hash=hash_token(cookie))

    assert row.account_id == cast.wile.actor_account_id
    assert "_auth_user_id" not in row.data
    assert not Session.objects.filter(key_hash=cookie).exists()


def test_what_was_put_in_comes_out_in_the_next_request() -> None:
    first = SessionStore()
    first["hat"] = 17
    first.create()

    again = SessionStore(first.session_key)

    assert again["hat"] == 17


@pytest.mark.parametrize("later", [timedelta(hours=13), timedelta(days=15)])
def test_a_session_ends_after_a_while_unused_and_for_good_after_two_weeks(later: timedelta) -> None:
    store = SessionStore()
    store["hat"] = 17
    store.create()

    with clock.shifted_to(clock.now() + later):
        assert SessionStore(store.session_key).get("hat") is None
        SessionStore.clear_expired()
    assert not Session.objects.exists()


def test_a_deleted_session_cannot_be_saved_back_to_life() -> None:
    store = SessionStore()
    store.create()
    other = SessionStore(store.session_key)
    other["x"] = 1
    store.delete()

    with pytest.raises(UpdateError):
        other.save()
    assert not Session.objects.exists()


def test_what_is_over_is_forgotten_once_an_hour(cast: Cast) -> None:
    from doorstep.identity.models import Limit, Rule
    from doorstep.identity.tasks import forget_what_is_over

    store = SessionStore()
    store.create()
    Limit.take(Rule("test", most=3, per=timedelta(minutes=1)), "wile", at=clock.now())
    forget_what_is_over.func()
    assert Session.objects.exists()
    assert Limit.objects.exists()

    with clock.shifted_to(clock.now() + timedelta(days=3)):
        forget_what_is_over.func()
    assert not Session.objects.exists()
    assert not Limit.objects.exists()
