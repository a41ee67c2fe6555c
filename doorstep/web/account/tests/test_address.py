"""T18: another address, by proof: asked for again, told to the old one, nothing lost, nothing learnt."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from doorstep.contacts.models import ContactPerson, PortalAccess
from doorstep.identity.models import Account, Challenge
from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from tests.cast import NOON, PASSWORD, Cast, a_person
from tests.factors import enrol, sign_in

pytestmark = pytest.mark.django_db
NEW = "wile@new.example"


def ask(client: Client, door: str, email: str = NEW):
    return client.post(f"{door}security/address/", {"email": email})


def code() -> str:
    return unseal(mail.outbox[-1].extra_headers["X-Doorstep-Secret"])


def enter(client: Client, door: str, said: str):
    return client.post(f"{door}security/address/code/", {"code": said})


def account(cast: Cast) -> Account:
    return Account.objects.get(pk=cast.wile.access.account_id)


def changed(cast: Cast) -> Client:
    """Wile in his browser, with his new address."""
    client = sign_in(cast.acme.portal, "wile@coyote.example")
    ask(client, cast.acme.portal)
    assert enter(client, cast.acme.portal, code()).status_code == 302
    return client


def taken_back_by(cast: Cast) -> str:
    sweep(clock.now)
    told = Message.objects.get(kind="account_notice", recipient="wile@coyote.example")
    return unseal(told.sealed_secret).removeprefix("http://testserver")


def test_t18_the_person_proves_who_they_are_first(cast: Cast, signed_in) -> None:
    client, door = signed_in(cast.wile), cast.acme.portal

    for page in ("security/address/", "security/address/code/"):
        assert client.get(door + page).url.startswith(f"{door}confirm-it-is-you/")
        assert client.post(door + page, {"email": NEW, "code": "1"}).url.startswith(
            f"{door}confirm-it-is-you/"
        )
    assert mail.outbox == []


def test_t18_the_code_goes_to_the_new_address_alone_and_everything_is_kept(cast: Cast) -> None:
    door = cast.acme.portal
    client = sign_in(door, "wile@coyote.example")
    other = sign_in(door, "wile@coyote.example")
    enrol(client, door)
    before = account(cast)

    assert ask(client, door, " WILE@New.example ").url == f"{door}security/address/code/"
    assert [letter.to for letter in mail.outbox] == [[NEW]]
    assert (
        code()
        not in mail.outbox[0].body + client.get(f"{door}security/address/code/").content.decode()
    )
    assert account(cast).email == "wile@coyote.example"
    assert enter(client, door, code()).status_code == 302

    after = account(cast)
    assert (after.pk, after.email, after.password) == (before.pk, NEW, before.password)
    assert after.second_factors() == {"totp"}
    assert client.get(door).status_code == 200
    assert other.get(door).status_code == 302
    assert ContactPerson.objects.get(pk=cast.wile.pk).email == NEW
    assert sign_in(door, NEW).get(f"{door}sign-in/second-step/").status_code == 200


def test_t18_both_addresses_are_told_and_the_old_one_takes_it_back(cast: Cast) -> None:
    door = cast.acme.portal
    thief = changed(cast)
    enrol(thief, door)
    sweep(clock.now)
    told = Message.objects.filter(kind="account_notice", subject__contains="address")
    assert {one.recipient for one in told} == {"wile@coyote.example", NEW}
    assert not told.get(recipient=NEW).sealed_secret
    link = taken_back_by(cast)
    assert link.rsplit("/", 2)[1] not in told.get(recipient="wile@coyote.example").text

    victim = Client()
    page = victim.get(link, follow=True)
    assert page.redirect_chain[-1][0] == f"{door}not-me/"
    assert account(cast).email == NEW
    assert victim.post(f"{door}not-me/").status_code == 302

    holder = account(cast)
    assert holder.email == "wile@coyote.example"
    assert holder.second_factors() == set()
    assert ContactPerson.objects.get(pk=cast.wile.pk).email == "wile@coyote.example"
    assert thief.get(door).status_code == 302
    assert sign_in(door, NEW).get(door).status_code == 302
    assert sign_in(door, "wile@coyote.example").get(door).status_code == 302
    assert Client().get(link, follow=True).status_code == 404


def test_t18_taking_back_ends_after_two_weeks(cast: Cast) -> None:
    changed(cast)
    link = taken_back_by(cast)

    with clock.shifted_to(clock.now() + timedelta(days=15)):
        assert Client().get(link, follow=True).status_code == 404


def test_t18_a_collision_tells_nothing_and_takes_nothing_over(cast: Cast) -> None:
    door = cast.acme.portal
    client = sign_in(door, "wile@coyote.example")

    def said(email: str) -> tuple:
        answer = ask(client, door, email)
        page = client.get(answer.url).content.decode().replace(email, "…")
        return answer.status_code, answer.url, re.sub(r"[A-Za-z0-9]{64}", "", page)

    assert said("nobody@globex.example") == said("greta@globex.example")
    assert mail.outbox[0].body == mail.outbox[1].body
    # Whoever reads Greta's mail may be told that she has an account.
    answer = enter(client, door, code())
    assert answer.status_code == 409
    assert b"has an account of its own" in answer.content
    assert account(cast).email == "wile@coyote.example"
    assert Account.objects.get(email="greta@globex.example").pk == cast.greta.account_id


def test_t18_the_code_works_once_in_its_browser_for_ten_minutes(cast: Cast) -> None:
    door = cast.acme.portal
    client, other = (sign_in(door, "wile@coyote.example") for _n in range(2))
    ask(client, door)
    right = code()
    ask(other, door, "other@new.example")
    if code() != right:
        assert enter(other, door, right).status_code == 409
    with clock.shifted_to(clock.now() + timedelta(minutes=11)):
        assert enter(client, door, right).status_code == 409
    for _n in range(5):
        enter(client, door, "000000" if right != "000000" else "000001")
    assert enter(client, door, right).status_code == 409
    assert account(cast).email == "wile@coyote.example"
    assert not Challenge.objects.exclude(sealed_code="").exists()


def test_a_colleague_with_that_address_stays_who_they_are(cast: Cast) -> None:
    a_person(cast.coyote, "Willy", NEW, access=False)

    changed(cast)

    assert ContactPerson.objects.get(pk=cast.wile.pk).email == "wile@coyote.example"


def test_hats_elsewhere_bear_the_new_address_too(cast: Cast) -> None:
    there = a_person(cast.globex_customer, "Wile", "wile@coyote.example", access=False)
    PortalAccess.objects.create(
        organization=cast.globex.organization,
        contact_person=there,
        account=cast.wile.access.account,
        accepted_at=NOON,
    )

    changed(cast)

    assert ContactPerson.objects.get(pk=there.pk).email == NEW
    assert (
        sign_in(cast.globex.portal, NEW, password=PASSWORD).get(cast.globex.portal).status_code
        == 200
    )
