"""The way in: an invitation, and signing in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from doorstep.contacts.models import ContactPerson, Invitation, PortalAccess
from doorstep.contacts.models.access import AddressUnproved
from doorstep.identity.models import Account
from doorstep.lib.clock import shifted_to
from doorstep.lib.secrets import unseal
from tests.cast import NOON, PASSWORD, Cast, a_person, an_account

pytestmark = pytest.mark.django_db

LONG_ENOUGH = "a heap of anvils"


@pytest.fixture
def newcomer(cast: Cast) -> ContactPerson:
    return a_person(cast.coyote, "Nora Newcomer", "nora@coyote.example", access=False)


@pytest.fixture
def link(cast: Cast, newcomer: ContactPerson) -> str:
    return address(newcomer.invite(by=cast.olivia, at=NOON), cast)


def address(invitation: Invitation, cast: Cast) -> str:
    return f"{cast.acme.portal}invitation/{unseal(invitation.sealed_token)}/"


def open_(client: Client, link: str) -> str:
    """Follow the link to the page behind it; its address no longer holds the token."""
    answer = client.get(link, follow=True)
    assert answer.request["PATH_INFO"].endswith("/invitation/")
    return without_tokens(answer.content.decode())


def without_tokens(page: str) -> str:
    """A page without what is new on each."""
    return re.sub(r"[A-Za-z0-9]{64}", "…", " ".join(page.split()))


def accept(client: Client, cast: Cast, **sent: str) -> object:
    return client.post(f"{cast.acme.portal}invitation/", sent)


def test_nora_reads_who_invites_her_and_chooses_a_password(
    client: Client, cast: Cast, link: str, newcomer: ContactPerson
) -> None:
    page = open_(client, link)
    assert "Olivia Ortiz of Acme Wholesale invites you" in page
    assert "nora@coyote.example" in page

    answer = accept(client, cast, password=LONG_ENOUGH)

    assert answer.status_code == 302
    assert client.get(answer.headers["Location"]).status_code == 200
    assert PortalAccess.objects.get(contact_person=newcomer).account.check_password(LONG_ENOUGH)


def test_looking_changes_nothing(client: Client, cast: Cast, link: str) -> None:
    open_(client, link)
    client.head(link)

    assert not Account.objects.filter(email="nora@coyote.example")
    assert Invitation.objects.open().count() == 1


@pytest.mark.parametrize("password", ["short", "password12", "nora@coyote", ""])
def test_a_weak_password_is_refused_with_its_reason(
    client: Client, cast: Cast, link: str, password: str
) -> None:
    open_(client, link)

    answer = accept(client, cast, password=password)

    assert answer.status_code == 200
    assert 'class="error"' in answer.content.decode()
    assert not Account.objects.filter(email="nora@coyote.example")


def test_only_the_page_itself_says_that_it_was_opened(
    client: Client, cast: Cast, link: str, newcomer: ContactPerson
) -> None:
    """Scanners fetch, twenty times and by every safe method; a browser that shows the page posts."""
    for _n in range(20):
        scanner = Client()
        scanner.get(link, follow=True)
        scanner.head(link, follow=True)
        scanner.options(link)
    assert Invitation.objects.get().opened_at is None

    page = open_(client, link)
    opening = f"{cast.acme.portal}invitation/opening/"
    assert f'hx-post="{opening}" hx-trigger="load"' in page
    assert client.get(opening).status_code == 405
    client.post(opening)
    first = Invitation.objects.get().opened_at
    with shifted_to(NOON + timedelta(days=1)):
        client.post(opening)

    assert first is not None
    assert Invitation.objects.get().opened_at == first
    assert Client().post(opening).status_code == 204


def test_a_link_that_was_passed_on_only_has_the_real_one_mailed(
    client: Client, cast: Cast, newcomer: ContactPerson
) -> None:
    """Whoever copied it could otherwise choose the password of somebody else's address."""
    handed, token = Invitation.hand_out(newcomer, by=cast.ben, at=NOON)
    assert handed.sealed_token == ""
    page = open_(client, f"{cast.acme.portal}invitation/{token}/")
    assert "Mail me the link" in page
    assert 'type="password"' not in page

    accept(client, cast, password=LONG_ENOUGH)

    assert not Account.objects.filter(email="nora@coyote.example")
    mailed = Invitation.objects.open().get()
    assert (mailed.by_hand, mailed.email) == (False, "nora@coyote.example")
    assert "This invitation is closed" in open_(Client(), f"{cast.acme.portal}invitation/{token}/")
    with pytest.raises(AddressUnproved):
        handed.accept_anew(LONG_ENOUGH, at=NOON)


def test_a_link_that_was_passed_on_lets_in_whoever_has_the_account(
    cast: Cast, newcomer: ContactPerson, signed_in: Callable[[object], Client]
) -> None:
    account = an_account("nora@coyote.example", "Nora")
    _handed, token = Invitation.hand_out(newcomer, by=cast.ben, at=NOON)
    nora = Client()
    nora.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Accept the invitation" in open_(nora, f"{cast.acme.portal}invitation/{token}/")

    accept(nora, cast)

    assert PortalAccess.objects.get(contact_person=newcomer).account == account


def test_all_closed_invitations_look_the_same(
    client: Client, cast: Cast, link: str, newcomer: ContactPerson
) -> None:
    pages = {open_(Client(), f"{cast.acme.portal}invitation/never-existed/")}
    newer = address(newcomer.invite(by=cast.olivia, at=NOON), cast)
    pages.add(open_(Client(), link))
    with shifted_to(NOON + timedelta(days=15)):
        pages.add(open_(Client(), newer))
    open_(client, newer)
    accept(client, cast, password=LONG_ENOUGH)
    pages.add(open_(Client(), newer))

    assert len(pages) == 1
    assert "This invitation is closed" in pages.pop()
    assert "This invitation is closed" in open_(Client(), newer.replace("/acme/", "/globex/"))


def test_an_invitation_works_once(client: Client, cast: Cast, link: str) -> None:
    second = Client()
    open_(client, link)
    open_(second, link)
    accept(client, cast, password=LONG_ENOUGH)

    assert accept(second, cast, password="another heap of anvils").status_code == 404
    assert Account.objects.filter(email="nora@coyote.example").count() == 1


def test_an_address_with_an_account_signs_in_to_accept(
    client: Client, cast: Cast, newcomer: ContactPerson, link: str
) -> None:
    an_account("nora@coyote.example", "Nora")
    assert "Sign in with it to accept." in open_(client, link)
    assert accept(client, cast, password=LONG_ENOUGH).status_code == 200

    signed = client.post(
        f"{cast.acme.portal}sign-in/?next={cast.acme.portal}invitation/",
        {"login": "nora@coyote.example", "password": PASSWORD},
        follow=True,
    )
    assert "Accept the invitation" in signed.content.decode()
    accept(client, cast)

    assert PortalAccess.objects.get(contact_person=newcomer).account.email == "nora@coyote.example"


def test_nobody_else_accepts_it(
    cast: Cast, link: str, newcomer: ContactPerson, signed_in: Callable[[object], Client]
) -> None:
    greta = signed_in(cast.greta)
    assert "you are signed in as greta@globex.example" in open_(greta, link)

    accept(greta, cast, password=LONG_ENOUGH)

    assert not PortalAccess.objects.filter(contact_person=newcomer)


def test_known_and_unknown_addresses_read_the_same(client: Client, cast: Cast) -> None:
    pages = set()
    for email in ("wile@coyote.example", "nobody@nowhere.example"):
        answer = Client().post(f"{cast.acme.portal}sign-in/", {"login": email, "password": "wrong"})
        pages.add(without_tokens(answer.content.decode()).replace(email, ""))
    resets = {
        Client()
        .post(f"{cast.acme.portal}password/forgotten/", {"email": email})
        .headers["Location"]
        for email in ("wile@coyote.example", "nobody@nowhere.example")
    }

    assert len(pages) == 1
    assert len(resets) == 1


def test_a_deep_link_survives_sign_in(client: Client, cast: Cast) -> None:
    deep = f"{cast.acme.portal}pay/?invoice=INV-1"

    asked = client.get(deep)
    answer = client.post(
        asked.headers["Location"], {"login": "wile@coyote.example", "password": PASSWORD}
    )

    assert answer.headers["Location"] == deep


def test_both_faces_show_the_same_door(client: Client, cast: Cast) -> None:
    for face in (cast.acme.portal, cast.acme.office):
        page = client.get(f"{face}sign-in/").content.decode()
        assert "Sign in to your account" in page
        assert "Acme Wholesale" in page


def test_a_stranger_reads_404_and_may_sign_out(
    cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    greta = signed_in(cast.greta)
    answer = greta.get(cast.acme.portal)
    assert answer.status_code == 404
    assert "Sign out and use another account" in answer.content.decode()

    greta.post(f"{cast.acme.portal}sign-out/")

    assert greta.get(cast.acme.portal).status_code == 302


def test_only_a_post_signs_out(wile: Client, cast: Cast) -> None:
    assert wile.get(f"{cast.acme.portal}sign-out/").status_code == 200
    assert wile.get(cast.acme.portal).status_code == 200


def test_every_page_of_the_door_can_be_shown(client: Client, wile: Client, cast: Cast) -> None:
    for path in (
        "password/forgotten/",
        "password/forgotten/sent/",
        "password/new/1-x/",
        "sign-up/",
        "closed/",
    ):
        assert client.get(cast.acme.portal + path).status_code in (200, 302)
    assert wile.get(f"{cast.acme.portal}password/").status_code == 200
    assert wile.get(f"{cast.acme.portal}details/").status_code == 200
