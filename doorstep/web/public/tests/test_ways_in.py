"""The front door of several businesses: it mails the way in, and says nothing about anybody."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from doorstep.lib.clock import shifted_to
from doorstep.notifications.models import Message
from tests.cast import NOON, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(settings):
    """The worker's part is done while one waits."""
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}


def ask(address: str) -> tuple[int, str]:
    """Status and page, without what is another for every browser."""
    with shifted_to(NOON):
        answer = Client().post("/ways-in/", {"email": address})
    return answer.status_code, re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode())


def test_wanda_is_mailed_the_way_to_her_portal(cast: Cast):
    ask("Wanda@coyote.example")

    message = Message.objects.get()
    assert message.recipient == "wanda@coyote.example"
    assert message.organization == cast.acme.organization
    assert "/portal/acme/as/" in message.text
    assert "Globex" not in message.text + message.html


def test_a_member_is_mailed_the_way_to_the_back_office(cast: Cast):
    ask("greta@globex.example")

    message = Message.objects.get()
    assert message.organization == cast.globex.organization
    assert "/office/globex/" in message.text


def test_an_unknown_address_gets_the_same_answer_and_no_mail(cast: Cast):
    known, unknown = ask("wanda@coyote.example"), ask("nobody@coyote.example")

    assert known == unknown
    assert [m.recipient for m in Message.objects.all()] == ["wanda@coyote.example"]


def test_who_lost_access_is_not_led_there(cast: Cast):
    cast.wanda.revoke(by=cast.olivia, at=NOON)
    ask("wanda@coyote.example")

    assert not Message.objects.exists()


def test_asking_is_limited_for_known_and_unknown_alike(cast: Cast):
    for address in ("wanda@coyote.example", "nobody@coyote.example"):
        answers = [ask(address)[0] for _again in range(6)]
        assert answers == [200, 200, 200, 200, 200, 429]


def test_looking_at_the_door_changes_nothing_and_names_no_business(cast: Cast):
    page = Client().get("/")

    assert "Mail me the way in" in page.content.decode()
    assert "Acme" not in page.content.decode()
    assert Client().get("/ways-in/").status_code == 405
    assert not Message.objects.exists()
