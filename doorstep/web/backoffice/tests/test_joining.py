"""Somebody new in the team: the letter, the link and the password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from doorstep.lib.clock import shifted_to
from doorstep.lib.secrets import SECRET_LINK, unseal
from doorstep.lib.words import long_date
from doorstep.notifications.authority import why_not
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from doorstep.organizations.joining import LASTS
from doorstep.organizations.models import Member
from tests.cast import NOON, PASSWORD, Cast

pytestmark = pytest.mark.django_db
OFFICE = "/office/acme/"


@pytest.fixture(autouse=True)
def noon():
    with shifted_to(NOON):
        yield


def invite(cast: Cast, email: str = "sam@acme.example", name: str = "Sam Sparrow") -> Message:
    """The letter that Sam gets."""
    member = Member.invite(
        cast.acme.organization, email, "accountant", name=name, by=cast.olivia, at=NOON
    )
    sweep(lambda: NOON)
    return Message.objects.get(member=member)


def path(letter: Message) -> str:
    found = unseal(letter.sealed_secret)
    return found[found.index("/office/") :]


def test_the_letter_says_who_invites_where_and_as_what(cast: Cast):
    letter = invite(cast)

    assert letter.subject == "Olivia Ortiz invites you to the back office of Acme Wholesale"
    assert (
        "Hello Sam, Olivia Ortiz has made you a member of Acme Wholesale: Accountant."
        in letter.text
    )
    until = long_date((NOON + LASTS).date(), "en-US")
    assert f"Works until {until}, once, and for you alone." in letter.text
    assert SECRET_LINK in letter.text
    assert unseal(letter.sealed_secret) not in letter.text
    assert "password" not in letter.subject


def test_sam_chooses_a_password_and_is_in(cast: Cast):
    letter, sam = invite(cast), Client()
    answer = sam.get(path(letter))
    assert answer["Location"] == f"{OFFICE}joining/"
    assert b"Welcome, Sam Sparrow" in sam.get(answer["Location"]).content

    entered = sam.post(answer["Location"], {"password": PASSWORD})
    assert entered["Location"] == OFFICE
    assert sam.get(OFFICE).status_code == 200
    assert Member.objects.get(account__email="sam@acme.example").account.check_password(PASSWORD)


def test_the_link_works_once(cast: Cast):
    letter = invite(cast)
    first, second = Client(), Client()
    for browser in (first, second):
        browser.get(path(letter))
    first.post(f"{OFFICE}joining/", {"password": PASSWORD})

    assert second.post(f"{OFFICE}joining/", {"password": "another long one"}).status_code == 404
    assert (
        why_not(Message.objects.get(pk=letter.pk), at=NOON) == "The invitation is no longer open."
    )


def test_looking_at_it_uses_nothing_up(cast: Cast):
    letter = invite(cast)
    for _scanner in range(3):
        Client().get(path(letter), follow=True)

    assert Client().get(path(letter), follow=True).status_code == 200


def test_after_two_weeks_it_opens_nothing(cast: Cast):
    letter, sam = invite(cast), Client()
    sam.get(path(letter))

    with shifted_to(NOON + timedelta(days=14, minutes=1)):
        assert sam.get(f"{OFFICE}joining/").status_code == 404


@pytest.mark.parametrize("token", ["x", "1.9999999999:x", "99.1:", "1", "٣.1:x"])
def test_an_invented_link_opens_nothing(cast: Cast, token: str):
    assert Client().get(f"{OFFICE}joining/{token}/", follow=True).status_code == 404


def test_the_link_of_one_business_opens_no_other(cast: Cast):
    letter = invite(cast)
    stolen = path(letter).replace("/office/acme/", "/office/globex/")

    assert Client().get(stolen, follow=True).status_code == 404


def test_who_was_removed_meanwhile_stays_outside(cast: Cast):
    letter = invite(cast)
    letter.member.remove(by=cast.olivia, at=NOON)

    assert Client().get(path(letter), follow=True).status_code == 404
    assert (
        why_not(Message.objects.get(pk=letter.pk), at=NOON) == "The person is no longer a member."
    )


def test_greta_has_an_account_and_is_told_to_use_it(cast: Cast):
    letter = invite(cast, "greta@globex.example", "Greta")

    assert "Sign in with the account that you have." in letter.text
    assert f"{OFFICE}" in letter.text
    assert letter.sealed_secret == "" or unseal(letter.sealed_secret) == ""
    assert why_not(letter, at=NOON) == ""


def test_who_comes_by_the_command_line_gets_no_letter(cast: Cast):
    sweep(lambda: NOON)

    assert not Message.objects.filter(kind="team_invitation").exists()
