"""Nobody is led away: not by a header, not by `next`."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from doorstep.lib.secrets import unseal
from tests.cast import PASSWORD, Cast
from tests.factors import code_of, key_on, sign_in

pytestmark = pytest.mark.django_db
ELSEWHERE = [
    "//evil.example",
    "https:evil.example",
    "/\\evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "//evil.example%00",
    "/%0d%0aSet-Cookie:a=b",
    "\t//evil.example",
]


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HOST": "evil.example"},
        {"HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_HOST": "localhost"},
        {"HTTP_HOST": "testserver, evil.example"},
    ],
)
def test_t13_mailed_links_lead_to_our_own_address(cast: Cast, headers: dict[str, str]) -> None:
    url = f"{cast.acme.portal}password/forgotten/"

    answer = Client().post(url, {"email": "wile@coyote.example"}, **headers)

    assert answer.status_code in (302, 400, 421)
    assert len(mail.outbox) == (answer.status_code == 302)
    for letter in mail.outbox:
        link = unseal(letter.extra_headers["X-Doorstep-Secret"])
        assert link.startswith(f"http://testserver{cast.acme.portal}password/new/")


@pytest.mark.parametrize("to", ELSEWHERE)
def test_t19_sign_in_stays_here(cast: Cast, to: str) -> None:
    fields = {"login": "wile@coyote.example", "password": PASSWORD, "next": to}

    answer = Client().post(f"{cast.acme.portal}sign-in/", fields)

    assert answer.status_code == 302
    assert answer.url.startswith("/")
    assert "evil" not in answer.url
    assert "\n" not in answer.url


@pytest.mark.parametrize("to", ELSEWHERE)
def test_t19_setting_up_the_second_step_stays_here(cast: Cast, to: str) -> None:
    door = cast.acme.portal
    client = sign_in(door, "wile@coyote.example")
    key = key_on(client.get(f"{door}security/app/", {"next": to}))
    said = client.post(f"{door}security/app/", {"code": code_of(key), "next": to})
    assert "evil" not in said.url

    kept = client.post(f"{door}security/recovery-codes/", {"next": to})

    assert kept.url.startswith("/")
    assert "evil" not in kept.url


def test_a_deep_link_survives_password_and_code(cast: Cast) -> None:
    door = cast.acme.portal
    client = Client()
    asked = client.get(f"{door}details/")
    answer = client.post(asked.url, {"login": "wile@coyote.example", "password": PASSWORD})
    assert answer.url == f"{door}details/"

    other = Client()
    code_page = f"{door}sign-in/code/?next={door}details/"
    to = other.post(code_page, {"email": "wile@coyote.example", "next": f"{door}details/"}).url
    code = unseal(mail.outbox[-1].extra_headers["X-Doorstep-Secret"])
    assert other.post(to, {"code": code, "next": f"{door}details/"}).url == f"{door}details/"
