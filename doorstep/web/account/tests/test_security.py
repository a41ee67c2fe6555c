"""*Sign-in and security*: what happened is on the page, and in a mail to whoever holds the account."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doorstep.activity.models import Event
from doorstep.contacts.models import PortalAccess, Viewing
from doorstep.lib import clock
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from tests.cast import NOON, PASSWORD, Cast, a_person
from tests.factors import enrol, sign_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def told(cast: Cast) -> list[str]:
    """Subjects of the mails to the holder of Wile's account, in their order."""
    sweep(clock.now)
    mails = Message.objects.filter(kind="account_notice").order_by("pk")
    return [mail.subject for mail in mails]


def sentences(client: Client, door: str) -> list[str]:
    page = client.get(f"{door}security/")
    assert b"What happened here" in page.content
    return [item.sentence for item in page.context["happenings"]]


def test_a_sign_in_from_a_new_browser_is_told_and_one_from_a_known_is_not(cast: Cast) -> None:
    door = cast.acme.portal
    known = sign_in(door, "wile@coyote.example")
    known.post(f"{door}sign-out/")
    assert told(cast) == []
    sign_in(door, "wile@coyote.example", client=known)
    assert told(cast) == []

    client = sign_in(
        door,
        "wile@coyote.example",
        client=Client(REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT=FIREFOX),
    )

    assert told(cast) == ["You signed in from a new browser"]
    mail = Message.objects.get(kind="account_notice")
    assert mail.recipient == "wile@coyote.example"
    assert "Firefox on Linux" in mail.text and "203.0.x.x" in mail.html
    assert f"{door}security/" in mail.text
    assert sentences(client, door) == ["You signed in from a new browser"]


def test_all_that_is_done_with_an_account_is_told(cast: Cast) -> None:
    door = cast.acme.portal
    client = sign_in(door, "wile@coyote.example")
    sign_in(door, "wile@coyote.example", client=client)
    key = enrol(client, door)
    client.post(f"{door}security/recovery-codes/new/")
    client.post(f"{door}password/", {"oldpassword": PASSWORD, "password1": "a new long password"})
    with clock.shifted_to(clock.now().replace(microsecond=0)):
        other = sign_in(door, "wile@coyote.example", password="a new long password")
        answer = other.get(f"{door}sign-in/second-step/")
        assert answer.status_code == 200
    client.post(f"{door}security/app/removal/")
    sign_in(door, "wile@coyote.example", password="a new long password")
    client.post(f"{door}security/sessions/")

    assert key
    happened = [
        "You signed out all other browsers",
        "You signed in from a new browser",
        "You removed a second step",
        "You changed your password",
        "You made new recovery codes",
        "You added a second step",
    ]
    assert sentences(client, door) == happened
    assert told(cast) == [
        "A second step was added to your account",
        "New recovery codes were made for your account",
        "Your password was changed",
        "A second step was removed from your account",
        "You signed in from a new browser",
        "All your other browsers were signed out",
    ]


def test_what_a_business_did_is_there_too(cast: Cast) -> None:
    Viewing.start(cast.wile, by=cast.olivia, reason="Asked about INV-7", at=clock.now())
    client = sign_in(cast.acme.portal, "wile@coyote.example")

    page = client.get(f"{cast.acme.portal}security/")

    assert "Olivia Ortiz looked at the portal as you" in page.content.decode()
    assert "Asked about INV-7" in page.content.decode()


def test_no_business_learns_of_somebody_whom_it_does_not_know(cast: Cast) -> None:
    sign_in(cast.globex.portal, "wile@coyote.example")
    sign_in(cast.globex.portal, "wile@coyote.example")

    events = Event.objects.filter(kind="account.signed_in_anew")
    assert {event.organization_id for event in events} == {cast.acme.organization.pk}
    sweep(clock.now)
    assert not Message.objects.filter(organization=cast.globex.organization).exists()


def test_somebody_elses_doings_are_not_there(cast: Cast) -> None:
    door = cast.acme.portal
    enrol(sign_in(door, "wanda@coyote.example"), door)

    page = sign_in(door, "wile@coyote.example").get(f"{door}security/")

    assert page.context["happenings"] == []


def test_the_page_asks_the_database_as_often_however_much_happened(cast: Cast) -> None:
    door = cast.acme.portal
    client = sign_in(door, "wile@coyote.example")
    enrol(client, door)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{door}security/").status_code == 200
        return len(queries)

    def more(n: int) -> None:
        client.post(f"{door}security/recovery-codes/new/")
        there = a_person(cast.globex_customer, f"Wile {n}", f"wile{n}@x.example", access=False)
        PortalAccess.objects.create(
            organization=cast.globex.organization,
            contact_person=there,
            account=cast.wile.access.account,
            accepted_at=NOON,
        )

    more(0)
    once = count()
    for n in range(1, 6):
        more(n)
    assert count() == once <= 8
