"""Guessing is slow, wherever it comes from, and locks nobody out of their own browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from doorstep.identity.peers import browser_of, peer_of, shortened
from doorstep.lib import clock
from tests.cast import PASSWORD, Cast, an_account
from tests.factors import code_of, enrol, recovery_codes, sign_in

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_the_start_of_a_window():
    with clock.shifted_to(START):
        yield


def knock(client: Client, door: str, email: str, password: str = "wrong", **meta: str):
    return client.post(f"{door}sign-in/", {"login": email, "password": password}, **meta)


def test_t01_ten_wrong_passwords_and_a_forged_header_changes_nothing(cast: Cast) -> None:
    door, said = cast.acme.portal, []
    for n in range(30):
        client = Client(REMOTE_ADDR=f"198.51.100.{n}")
        said.append(knock(client, door, "wile@coyote.example", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}"))

    assert [answer.status_code for answer in said] == [200] * 10 + [429] * 20
    assert 0 < int(said[-1].headers["Retry-After"]) <= 301
    assert knock(Client(), door, "WILE@coyote.example", PASSWORD).status_code == 429
    with clock.shifted_to(START + timedelta(minutes=5)):
        assert knock(Client(), door, "wile@coyote.example", PASSWORD).status_code == 302


def test_t01_a_known_browser_is_not_locked_out_by_strangers(cast: Cast) -> None:
    door = cast.acme.portal
    wiles = sign_in(door, "wile@coyote.example")
    wiles.post(f"{door}sign-out/")
    for n in range(12):
        knock(Client(REMOTE_ADDR=f"198.51.100.{n}"), door, "wile@coyote.example")

    assert knock(Client(), door, "wile@coyote.example", PASSWORD).status_code == 429
    assert knock(wiles, door, "wile@coyote.example", PASSWORD).status_code == 302


def test_t01_the_right_password_begins_again_at_nothing(cast: Cast) -> None:
    door = cast.acme.portal
    for _n in range(9):
        knock(Client(), door, "wile@coyote.example")
    sign_in(door, "wile@coyote.example")

    assert knock(Client(), door, "wile@coyote.example").status_code == 200


def test_t02_one_password_for_many_accounts_stops_after_thirty(cast: Cast) -> None:
    said = [
        knock(
            Client(),
            cast.acme.portal,
            f"somebody{n}@coyote.example",
            HTTP_X_FORWARDED_FOR=f"10.1.1.{n}",
        )
        for n in range(40)
    ]

    assert [answer.status_code for answer in said] == [200] * 30 + [429] * 10


def test_t08_enrolment_takes_ten_wrong_codes(cast: Cast) -> None:
    door = cast.acme.portal
    client = sign_in(door, "wile@coyote.example")
    client.get(f"{door}security/app/")

    said = [client.post(f"{door}security/app/", {"code": "000000"}).status_code for _n in range(20)]

    assert said == [200] * 10 + [429] * 10


def test_t08_the_second_step_takes_ten_wrong_codes_in_all_browsers_together(cast: Cast) -> None:
    door = cast.acme.portal
    enrol(sign_in(door, "wile@coyote.example"), door)
    said = []
    for _n in range(3):
        half = sign_in(door, "wile@coyote.example")
        said += [
            half.post(f"{door}sign-in/second-step/", {"code": "000000"}).status_code
            for _m in range(5)
        ]

    assert said == [200] * 10 + [429] * 5


def test_t07_a_code_works_once_also_the_one_that_connected_the_app(cast: Cast) -> None:
    door, step = cast.acme.portal, f"{cast.acme.portal}sign-in/second-step/"
    client = sign_in(door, "wile@coyote.example")
    key = enrol(client, door)
    used = code_of(key)
    assert sign_in(door, "wile@coyote.example").post(step, {"code": used}).status_code == 200

    later = START + timedelta(seconds=60)
    with clock.shifted_to(later):
        code = code_of(key)
        first, second = (sign_in(door, "wile@coyote.example") for _n in range(2))
        assert first.post(step, {"code": code}).status_code == 302
        assert second.post(step, {"code": code}).status_code == 200
        assert second.get(door).url.startswith(f"{door}sign-in/")


def test_t08_a_recovery_code_works_once_and_nothing_lies_open(cast: Cast) -> None:
    door, step = cast.acme.portal, f"{cast.acme.portal}sign-in/second-step/"
    client = sign_in(door, "wile@coyote.example")
    key = enrol(client, door)
    codes = recovery_codes(client, door)
    assert len(set(codes)) == 10

    assert (
        sign_in(door, "wile@coyote.example").post(step, {"code": codes[3].upper()}).status_code
        == 302
    )
    assert sign_in(door, "wile@coyote.example").post(step, {"code": codes[3]}).status_code == 200
    stored = str(list(cast.wile.access.account.authenticator_set.values("data")))
    assert key not in stored
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)


def test_new_recovery_codes_kill_the_old(cast: Cast) -> None:
    door, step = cast.acme.portal, f"{cast.acme.portal}sign-in/second-step/"
    client = sign_in(door, "wile@coyote.example")
    enrol(client, door)
    old = recovery_codes(client, door)

    client.post(f"{door}security/recovery-codes/new/")

    assert not set(old) & set(recovery_codes(client, door))
    assert sign_in(door, "wile@coyote.example").post(step, {"code": old[0]}).status_code == 200


def test_a_stolen_session_is_no_place_to_guess_the_password(cast: Cast) -> None:
    door = cast.acme.portal
    client = sign_in(door, "wile@coyote.example")
    wrong = {"oldpassword": "wrong", "password1": "another long password"}

    said = [client.post(f"{door}password/", wrong).status_code for _n in range(12)]

    assert said == [200] * 10 + [429] * 2


@pytest.mark.parametrize(
    ("proxies", "header", "peer"),
    [
        (0, "10.9.9.9", "203.0.113.7"),
        (1, "10.9.9.9, 198.51.100.1", "198.51.100.1"),
        (2, "10.9.9.9, 198.51.100.1, 192.0.2.1", "198.51.100.1"),
        (2, "198.51.100.1", "203.0.113.7"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "not an address", "unknown"),
    ],
)
def test_a_peer_is_counted_from_the_right(
    rf, settings, proxies: int, header: str, peer: str
) -> None:
    settings.TRUSTED_PROXIES = proxies

    assert peer_of(rf.get("/", REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR=header)) == peer


def test_a_browser_is_named_as_people_say_it_and_an_address_is_shortened(rf) -> None:
    said = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"

    assert browser_of(rf.get("/", HTTP_USER_AGENT=said)) == "Edge on Windows"
    assert shortened("203.0.113.7") == "203.0.x.x"
    assert shortened("2001:db8:1:2::") == "2001:db8:x"


def test_many_accounts_fit_in_one_browser(cast: Cast) -> None:
    door, client = cast.acme.portal, Client()
    for n in range(7):
        an_account(f"p{n}@coyote.example", "P")
        client.post(f"{door}sign-in/", {"login": f"p{n}@coyote.example", "password": PASSWORD})
        client.post(f"{door}sign-out/")
    assert len(client.cookies["known"].value) < 1000
