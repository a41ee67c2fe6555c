"""Mailed codes and links: once, for a while, in one browser, and the same for whoever has no account."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client

from doorstep.lib import clock
from doorstep.lib.secrets import SECRET_LINK, unseal
from tests.cast import PASSWORD, Cast
from tests.factors import enrol, sign_in

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def ask(door: str, email: str = "wile@coyote.example", client: Client | None = None) -> Client:
    client = client or Client()
    assert client.post(f"{door}sign-in/code/", {"email": email}).status_code == 302
    return client


def secret_of(letter) -> str:
    return unseal(letter.extra_headers["X-Doorstep-Secret"])


def enter(client: Client, door: str, code: str) -> bool:
    """Whether the code lets the person in."""
    client.post(f"{door}sign-in/code/enter/", {"code": code})
    return client.get(door).status_code == 200


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_signs_in_and_is_not_in_the_mail_as_it_lies_in_the_outbox(cast: Cast) -> None:
    client = ask(cast.acme.portal)

    code = secret_of(mail.outbox[-1])
    assert re.fullmatch(r"\d{6}", code)
    assert code not in mail.outbox[-1].body + mail.outbox[-1].subject
    assert SECRET_LINK in mail.outbox[-1].body
    assert enter(client, cast.acme.portal, code)


def test_t04_after_five_wrong_codes_the_right_one_is_dead(cast: Cast) -> None:
    client = ask(cast.acme.portal)
    code = secret_of(mail.outbox[-1])
    for _n in range(5):
        assert not enter(client, cast.acme.portal, wrong(code))

    assert not enter(client, cast.acme.portal, code)


def test_t05_a_code_works_once_for_ten_minutes_and_not_after_a_newer_one(cast: Cast) -> None:
    door = cast.acme.portal
    client = ask(door)
    code = secret_of(mail.outbox[-1])
    assert enter(client, door, code)
    client.post(f"{door}sign-out/")
    assert not enter(client, door, code)

    client = ask(door)
    older = secret_of(mail.outbox[-1])
    client.post(f"{door}sign-in/code/enter/", {"action": "resend"})
    newer = secret_of(mail.outbox[-1])
    if older != newer:
        assert not enter(client, door, older)
    assert enter(client, door, newer)


def test_t05_too_old(cast: Cast, monkeypatch) -> None:
    client = ask(cast.acme.portal)
    code = secret_of(mail.outbox[-1])
    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)

    assert not enter(client, cast.acme.portal, code)


def test_t06_the_code_works_in_the_browser_that_asked(cast: Cast) -> None:
    ask(cast.acme.portal)
    code = secret_of(mail.outbox[-1])

    assert not enter(Client(), cast.acme.portal, code)
    assert not enter(ask(cast.acme.portal, "wanda@coyote.example"), cast.acme.portal, code)


def asked_for_link(door: str, email: str = "wile@coyote.example") -> str:
    Client().post(f"{door}password/forgotten/", {"email": email})
    return secret_of(mail.outbox[-1]).removeprefix("http://testserver")


def sets_password(link: str, password: str = "quite another password") -> bool:
    client = Client()
    page = client.get(link, follow=True)
    form = page.redirect_chain[-1][0] if page.redirect_chain else link
    client.post(form, {"password1": password})
    return bool(client.session.get("_auth_user_id"))


def test_t12_a_link_works_once(cast: Cast) -> None:
    link = asked_for_link(cast.acme.portal)

    assert sets_password(link)
    assert not sets_password(link)


def test_t12_a_link_is_dead_after_an_hour_and_after_a_newer_one(cast: Cast) -> None:
    older = asked_for_link(cast.acme.portal)
    newer = asked_for_link(cast.acme.portal)
    assert not sets_password(older)
    with clock.shifted_to(clock.now() + timedelta(minutes=61)):
        assert not sets_password(newer)


@pytest.mark.parametrize("change", ["password", "email"])
def test_t12_a_link_is_dead_after_a_change(cast: Cast, change: str) -> None:
    link = asked_for_link(cast.acme.portal)
    account = cast.wile.access.account
    if change == "password":
        account.set_password("a third password")
    else:
        account.email = "wile@elsewhere.example"
    account.save()

    assert not sets_password(link)


def test_t10_the_second_step_is_asked_whichever_way_one_comes_in(cast: Cast) -> None:
    door = cast.acme.portal
    enrol(sign_in(door, "wile@coyote.example"), door)

    by_code = ask(door)
    assert not enter(by_code, door, secret_of(mail.outbox[-1]))
    assert by_code.get(f"{door}sign-in/second-step/").status_code == 200
    assert not sets_password(asked_for_link(door), "quite another password")
    by_password = sign_in(door, "wile@coyote.example", password="quite another password")
    assert by_password.get(door).status_code == 302


FORMS = {
    "sign-in/": lambda email: {"login": email, "password": "wrong"},
    "sign-in/code/": lambda email: {"email": email},
    "password/forgotten/": lambda email: {"email": email},
}


def said(answer) -> tuple:
    page = re.sub(
        rb'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": "[^"]+"', b"", answer.content
    )
    page = re.sub(rb"[\w.]+@coyote\.example", b"", page)
    by_the_clock = ("Set-Cookie", "Content-Length", "Expires")
    headers = {k: v for k, v in answer.headers.items() if k not in by_the_clock}
    return answer.status_code, page, headers, sorted(answer.cookies)


@pytest.mark.parametrize("form", FORMS)
def test_t03_known_and_unknown_addresses_are_told_the_same(cast: Cast, form: str) -> None:
    url = cast.acme.portal + form
    known = Client().post(url, FORMS[form]("wile@coyote.example"))
    sent = len(mail.outbox)
    unknown = Client().post(url, FORMS[form]("nobody@coyote.example"))

    assert said(known) == said(unknown)
    kept = [letter for letter in mail.outbox if "X-Doorstep-Nobody" not in letter.extra_headers]
    assert len(kept) == sent == (0 if form == "sign-in/" else 1)


def test_t03_people_of_other_businesses_are_unknown_here(cast: Cast) -> None:
    Client().post(f"{cast.acme.portal}password/forgotten/", {"email": "greta@globex.example"})

    assert all("X-Doorstep-Nobody" in letter.extra_headers for letter in mail.outbox)


def test_the_password_still_works_beside_it(cast: Cast) -> None:
    client = Client()
    client.post(
        f"{cast.acme.portal}sign-in/", {"login": "wile@coyote.example", "password": PASSWORD}
    )

    assert client.get(cast.acme.portal).status_code == 200
