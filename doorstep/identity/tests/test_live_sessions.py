"""Sessions: a new key at each sign-in, an end with every loss, a list that says who is where."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from doorstep.identity.models import Session
from doorstep.lib import clock
from tests.cast import PASSWORD, Cast
from tests.factors import enrol, sign_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def replayed(cookie: str, door: str) -> bool:
    """Whether a cookie that somebody kept still opens the door."""
    client = Client()
    client.cookies["session"] = cookie
    return client.get(door).status_code == 200


def test_t14_the_cookie_from_before_sign_in_opens_nothing(cast: Cast) -> None:
    door, client = cast.acme.portal, Client()
    client.post(f"{door}sign-in/code/", {"email": "wile@coyote.example"})
    before = client.cookies["session"].value
    client.post(f"{door}sign-out/")
    sign_in(door, "wile@coyote.example", client=client)

    assert client.cookies["session"].value != before
    assert not replayed(before, door)


def test_t14_after_signing_out_the_cookie_is_dead(cast: Cast) -> None:
    door = cast.acme.portal
    client = sign_in(door, "wile@coyote.example")
    kept = client.cookies["session"].value
    assert replayed(kept, door)

    client.post(f"{door}sign-out/")

    assert not replayed(kept, door)


def test_t14_a_new_password_ends_every_other_session(cast: Cast) -> None:
    door = cast.acme.portal
    client, other = (sign_in(door, "wile@coyote.example") for _n in range(2))

    client.post(f"{door}password/", {"oldpassword": PASSWORD, "password1": "a new long password"})

    assert client.get(door).status_code == 200
    assert other.get(door).status_code == 302
    assert Session.objects.of(cast.wile.access.account).count() == 1


def test_t14_all_others_end_at_once_or_one_of_them(cast: Cast) -> None:
    door, account = cast.acme.portal, cast.wile.access.account
    client, one, two = (sign_in(door, "wile@coyote.example") for _n in range(3))
    wandas = sign_in(door, "wanda@coyote.example")

    def row_of(other: Client) -> str:
        from doorstep.lib.tokens import hash_token

        return hash_token(other.cookies["session"].value)

    client.post(f"{door}security/sessions/", {"session": row_of(wandas)})
    assert wandas.get(door).status_code == 200
    client.post(f"{door}security/sessions/", {"session": row_of(one)})
    assert (one.get(door).status_code, two.get(door).status_code) == (302, 200)
    client.post(f"{door}security/sessions/")
    assert (client.get(door).status_code, two.get(door).status_code) == (200, 302)
    assert Session.objects.of(account).count() == 1


def test_t15_whoever_is_disabled_is_out_at_the_next_request(cast: Cast) -> None:
    client = sign_in(cast.acme.portal, "wile@coyote.example")

    cast.wile.access.account.disable()

    assert client.get(cast.acme.portal).status_code == 302
    assert not Session.objects.filter(account=cast.wile.access.account_id).exists()


def test_t15_a_person_without_access_finds_nothing_at_the_next_request(cast: Cast) -> None:
    client = sign_in(cast.acme.portal, "wile@coyote.example")

    cast.wile.revoke(by=cast.olivia, at=clock.now())

    assert client.get(cast.acme.portal).status_code == 404


@pytest.mark.parametrize(
    ("face", "email", "later", "in_"),
    [
        ("portal", "wile@coyote.example", timedelta(hours=11), True),
        ("portal", "wile@coyote.example", timedelta(hours=13), False),
        ("office", "olivia@acme.example", timedelta(minutes=29), True),
        ("office", "olivia@acme.example", timedelta(minutes=31), False),
    ],
)
def test_t20_unused_sessions_end(
    cast: Cast, face: str, email: str, later: timedelta, in_: bool
) -> None:
    door = getattr(cast.acme, face)
    client = sign_in(door, email)

    with clock.shifted_to(clock.now() + later):
        assert (client.get(door).status_code == 200) is in_


def test_t20_staff_sign_in_again_after_twelve_hours_of_work(cast: Cast) -> None:
    door = cast.acme.office
    client = sign_in(door, "olivia@acme.example")
    start = clock.now()
    for n in range(1, 36):
        with clock.shifted_to(start + n * timedelta(minutes=20)):
            assert client.get(door).status_code == 200
    with clock.shifted_to(start + timedelta(hours=12, minutes=1)):
        assert client.get(door).url.startswith(f"{door}sign-in/?next=")


def test_t20_the_list_says_browser_place_and_time_and_marks_this_one(cast: Cast) -> None:
    door = cast.acme.portal
    sign_in(
        door,
        "wile@coyote.example",
        client=Client(REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT=FIREFOX),
    )
    client = sign_in(door, "wile@coyote.example")

    page = client.get(f"{door}security/")

    rows = page.context["sessions"]
    assert [row["here"] for row in rows] == [True, False]
    assert rows[1]["browser"] == "Firefox on Linux"
    assert rows[1]["address"] == "203.0.x.x"
    assert b"This browser" in page.content


def test_t20_a_sixth_browser_signs_out_the_one_used_longest_ago(cast: Cast) -> None:
    door, start = cast.acme.portal, clock.now()
    clients = []
    for n in range(5):
        with clock.shifted_to(start + timedelta(minutes=n)):
            clients.append(sign_in(door, "wile@coyote.example"))
    with clock.shifted_to(start + timedelta(minutes=10)):
        assert (
            clients[0].get(door).status_code == 200
        )  # used again, so the second is now the oldest
        wandas = sign_in(door, "wanda@coyote.example")
        sixth = sign_in(door, "wile@coyote.example")

        said = [client.get(door).status_code for client in [*clients, sixth, wandas]]
        page = sixth.get(f"{door}security/")

    assert said == [200, 302, 200, 200, 200, 200, 200]
    assert len(page.context["sessions"]) == 5
    assert b"at most 5 browsers at once" in page.content


def test_a_session_says_whose_door_and_how_strong(cast: Cast) -> None:
    client = sign_in(cast.acme.portal, "wile@coyote.example")
    row = Session.objects.get(account=cast.wile.access.account_id)
    assert (row.entrance, row.strength) == ("/portal/acme", "one")

    enrol(client, cast.acme.portal)

    assert Session.objects.get(account=cast.wile.access.account_id).strength == "two"


def test_connecting_an_app_ends_sessions_that_never_showed_it(cast: Cast) -> None:
    door = cast.acme.portal
    client, other = (sign_in(door, "wile@coyote.example") for _n in range(2))

    enrol(client, door)

    assert other.get(door).status_code == 302


def test_the_page_is_there_in_the_office_and_not_through_somebody_elses_eyes(cast: Cast) -> None:
    from doorstep.contacts.models import Viewing

    client = sign_in(cast.acme.office, "olivia@acme.example")
    assert client.get(f"{cast.acme.office}security/").status_code == 200
    viewing = Viewing.start(cast.wile, by=cast.olivia, reason="A question", at=clock.now())

    assert client.get(f"/portal/acme/viewing/{viewing.pk}/").status_code == 200
    assert client.get(f"/portal/acme/viewing/{viewing.pk}/security/").status_code == 404
