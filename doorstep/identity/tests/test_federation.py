"""A customer's own sign-in, against a real provider on loopback: it opens one door, for its own people, and no more."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client

from doorstep.contacts.models import PortalAccess
from doorstep.identity.federation.fetching import Fetcher, NotPublic, is_public
from doorstep.identity.models import Session
from doorstep.identity.tests import provider as double
from doorstep.identity.tests.provider import CLIENT, SECRET, Provider
from doorstep.organizations.models import Member, SignInProvider
from tests.cast import NOON, PASSWORD, Cast, a_person
from tests.factors import code_of, enrol, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def coyotes(settings) -> Iterator[Provider]:
    settings.PRIVATE_PROVIDERS = True
    with double.running() as running:
        yield running


@pytest.fixture
def at_acme(cast: Cast, coyotes: Provider) -> SignInProvider:
    return connect(cast.olivia, coyotes)


def connect(by: Member, to: Provider, domains: str = "coyote.example") -> SignInProvider:
    return SignInProvider.add(
        by.organization,
        by=by,
        at=NOON,
        name="Coyote's sign-in",
        issuer=to.address,
        client_id=CLIENT,
        secret=SECRET,
        domains=domains,
    )


def go(
    door: str, at: SignInProvider, coyotes: Provider, client: Client | None = None, to: str = ""
) -> Client:
    """Press the button, sign in over there, come back."""
    client = client or Client()
    begin = f"{door}sign-in/with/{at.pk}/" + (f"?next={to}" if to else "")
    answer = client.get(begin)
    assert answer.status_code == 302, answer.status_code
    assert answer.url.startswith(f"{coyotes.address}/authorize?"), answer.url
    client.last = client.get(coyotes.authorize(answer.url).removeprefix("http://testserver"))
    return client


def is_in(client: Client, door: str) -> bool:
    return client.get(door).status_code == 200


def test_wile_comes_in_by_his_own_sign_in(
    cast: Cast, at_acme: SignInProvider, coyotes: Provider
) -> None:
    door = cast.acme.portal
    page = Client().get(f"{door}sign-in/").content.decode()
    assert "Continue with Coyote&#x27;s sign-in" in page
    assert f"{door}sign-in/with/{at_acme.pk}/" in page

    client = go(door, at_acme, coyotes, to=f"{door}invoices/")

    assert client.last.url == f"{door}invoices/"
    assert is_in(client, door)
    assert Session.objects.get(account=cast.wile.access.account_id).strength == "one"


def test_the_address_may_stand_in_the_details(
    cast: Cast, at_acme: SignInProvider, coyotes: Provider
) -> None:
    coyotes.claims = {"email": None, "email_verified": None}
    coyotes.userinfo = {"email": "WILE@Coyote.example", "email_verified": True}
    assert is_in(go(cast.acme.portal, at_acme, coyotes), cast.acme.portal)

    coyotes.userinfo |= {"sub": "43"}
    assert not is_in(go(cast.acme.portal, at_acme, coyotes), cast.acme.portal)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
        {"iss": "https://login.evil.example"},
        {"exp": -120},
        {"exp": None},
        {"iat": 3600},
        {"sub": None},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": "greta@globex.example"},
        {"email": "wile@coyote.example.evil.example"},
        {"email": "nobody@coyote.example"},
        {"email": ""},
    ],
    ids=str,
)
def test_a_token_that_is_not_right_lets_nobody_in(
    cast: Cast, at_acme: SignInProvider, coyotes: Provider, claims: dict
) -> None:
    # Times are given from now on, so that each run and each worker has the same names of tests.
    now = int(time.time())
    coyotes.claims = {
        name: now + value if name in ("exp", "iat") and value is not None else value
        for name, value in claims.items()
    }
    client = go(cast.acme.portal, at_acme, coyotes)

    assert not is_in(client, cast.acme.portal)
    assert client.last.url == f"{cast.acme.portal}sign-in/"
    assert "did not let you in" in client.get(client.last.url).content.decode()


@pytest.mark.parametrize(
    "spoil", ["no token", "unsigned", "signed with the secret", "another key", "unknown key"]
)
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    cast: Cast, at_acme: SignInProvider, coyotes: Provider, spoil: str
) -> None:
    coyotes.spoil = spoil

    assert not is_in(go(cast.acme.portal, at_acme, coyotes), cast.acme.portal)


def test_state_and_proof_belong_to_the_browser_that_began(
    cast: Cast, at_acme: SignInProvider, coyotes: Provider
) -> None:
    door, victim, thief = cast.acme.portal, Client(), Client()
    begun = thief.get(f"{door}sign-in/with/{at_acme.pk}/").url
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun).query).items()}
    assert len(asked["code_challenge"]) >= 43 and len(asked["nonce"]) == 64
    back = coyotes.authorize(begun).removeprefix("http://testserver")

    victim.get(back)
    assert not is_in(victim, door)
    victim.get(f"{door}sign-in/with/{at_acme.pk}/")
    victim.get(back)
    assert not is_in(victim, door)
    thief.get(back.replace("state=", "state=x"))
    assert not is_in(thief, door)
    thief.get(back)
    assert is_in(thief, door)
    thief.post(f"{door}sign-out/")
    thief.get(back)
    assert not is_in(thief, door)


def test_the_visitor_says_nothing_of_what_is_asked(
    cast: Cast, at_acme: SignInProvider, coyotes: Provider
) -> None:
    begin = f"{cast.acme.portal}sign-in/with/{at_acme.pk}/"
    more = "?scope=offline_access&auth_params=prompt%3Dnone&process=connect&next=//evil.example"

    answer = Client().get(begin + more)

    assert "offline" not in answer.url and "prompt" not in answer.url
    client = Client()
    client.get(begin + more)
    assert (
        "evil"
        not in client.get(coyotes.authorize(answer.url).removeprefix("http://testserver")).url
    )


def test_the_second_step_is_asked_as_always(
    cast: Cast, at_acme: SignInProvider, coyotes: Provider
) -> None:
    door = cast.acme.portal
    key = enrol(sign_in(door, "wile@coyote.example"), door)

    client = go(door, at_acme, coyotes)

    assert client.last.url.startswith(f"{door}sign-in/second-step/")
    assert not is_in(client, door)
    from datetime import timedelta

    from doorstep.lib import clock

    with clock.shifted_to(clock.now() + timedelta(minutes=2)):
        client.post(f"{door}sign-in/second-step/", {"code": code_of(key)})
        assert is_in(client, door)


def test_where_it_is_required_nothing_is_reached_before(
    cast: Cast, at_acme: SignInProvider, coyotes: Provider
) -> None:
    cast.acme.organization.preferences.mfa_required = True
    cast.acme.organization.preferences.save()

    client = go(cast.acme.portal, at_acme, coyotes)

    assert client.get(cast.acme.portal).url.startswith(f"{cast.acme.portal}security/app/")


def test_a_provider_of_one_business_opens_no_other(
    cast: Cast, at_acme: SignInProvider, coyotes: Provider
) -> None:
    """Not its number at another door, not its session there, not the office."""
    for door in (cast.globex.portal, cast.acme.office, cast.globex.office):
        assert Client().get(f"{door}sign-in/with/{at_acme.pk}/").status_code == 404
        assert Client().get(f"{door}sign-in/with/{at_acme.pk}/back/").status_code == 404
        assert "Continue with" not in Client().get(f"{door}sign-in/").content.decode()
    client = go(cast.acme.portal, at_acme, coyotes)
    assert is_in(client, cast.acme.portal)
    there = a_person(cast.globex_customer, "Wile", "wile@coyote.example", access=False)
    PortalAccess.objects.create(
        organization=cast.globex.organization,
        contact_person=there,
        account=cast.wile.access.account,
        accepted_at=NOON,
    )

    assert client.get(cast.globex.portal).url.startswith(f"{cast.globex.portal}sign-in/")
    sign_in(cast.globex.portal, "wile@coyote.example", client=client)
    assert is_in(client, cast.globex.portal)


def test_an_account_that_is_known_elsewhere_uses_its_own_way_in(
    cast: Cast, at_acme: SignInProvider, coyotes: Provider
) -> None:
    there = a_person(cast.globex_customer, "Wile", "wile@coyote.example", access=False)
    PortalAccess.objects.create(
        organization=cast.globex.organization,
        contact_person=there,
        account=cast.wile.access.account,
        accepted_at=NOON,
    )

    assert not is_in(go(cast.acme.portal, at_acme, coyotes), cast.acme.portal)


def test_no_admin_becomes_the_owner_by_a_provider(cast: Cast, coyotes: Provider) -> None:
    at = connect(cast.olivia, coyotes, "acme.example")
    a_person(cast.coyote, "Olivia", "olivia@acme.example", access=False)
    coyotes.claims = {"email": "olivia@acme.example"}

    client = go(cast.acme.portal, at, coyotes)

    assert client.get(cast.acme.office).status_code == 302
    assert not is_in(client, cast.acme.portal)


def test_greta_takes_nobody_over(cast: Cast, coyotes: Provider) -> None:
    """A provider that says whatever Greta likes, at her own portal, for somebody who is not hers."""
    at = connect(cast.greta, coyotes)

    client = go(cast.globex.portal, at, coyotes)

    assert not is_in(client, cast.globex.portal)
    assert not is_in(client, cast.acme.portal)


@pytest.mark.parametrize("page", ["security/address/", "security/app/", "security/passkeys/new/"])
def test_what_lasts_asks_for_a_proof_of_the_persons_own(
    cast: Cast, at_acme: SignInProvider, coyotes: Provider, page: str
) -> None:
    """Else whoever runs the provider could stay for good, and wait until the account is known elsewhere."""
    door = cast.acme.portal
    client = go(door, at_acme, coyotes)

    answer = client.get(door + page)
    assert answer.url.startswith(f"{door}confirm-it-is-you/")
    client.post(answer.url, {"password": PASSWORD})
    assert client.get(door + page).status_code == 200


def test_somebody_else_who_was_signed_in_is_out(
    cast: Cast, at_acme: SignInProvider, coyotes: Provider
) -> None:
    client = sign_in(cast.acme.portal, "wanda@coyote.example")

    go(cast.acme.portal, at_acme, coyotes, client)

    assert "Wile" in client.get(cast.acme.portal).content.decode()


def test_whoever_lost_access_is_not_let_in(
    cast: Cast, at_acme: SignInProvider, coyotes: Provider
) -> None:
    cast.wile.revoke(by=cast.olivia, at=NOON)

    assert not is_in(go(cast.acme.portal, at_acme, coyotes), cast.acme.portal)


def test_a_provider_that_is_down_is_said_so(
    cast: Cast, at_acme: SignInProvider, coyotes: Provider
) -> None:
    coyotes.config = {"token_endpoint": "http://127.0.0.1:1/token"}
    assert not is_in(go(cast.acme.portal, at_acme, coyotes), cast.acme.portal)
    SignInProvider.objects.update(issuer="http://127.0.0.1:1")

    answer = Client().get(f"{cast.acme.portal}sign-in/with/{at_acme.pk}/")

    assert answer.url == f"{cast.acme.portal}sign-in/"


def test_the_secret_is_sealed_and_typed_anew_for_another_server(
    cast: Cast, at_acme: SignInProvider, coyotes: Provider
) -> None:
    assert SECRET not in at_acme.sealed_secret
    office = sign_in(cast.acme.office, "olivia@acme.example")
    page = f"{cast.acme.office}settings/sign-in/{at_acme.pk}/"
    assert SECRET not in office.get(page).content.decode()
    fields = {
        "name": "Coyote",
        "issuer": coyotes.address,
        "client_id": CLIENT,
        "domains": "coyote.example\ncoyote.test",
        "secret": "",
    }
    assert office.post(page, fields).status_code == 302
    at_acme.refresh_from_db()
    assert (at_acme.secret, at_acme.domain_list) == (SECRET, ["coyote.example", "coyote.test"])

    assert office.post(page, {**fields, "issuer": f"{coyotes.address}/other"}).status_code == 200
    for domains in ("gmail.com", "coyote", "*.example", ""):
        assert office.post(page, {**fields, "domains": domains}).status_code == 200
    tried = office.post(f"{page}trial/", follow=True).content.decode()
    assert "people sign in at 127.0.0.1, and 1 key is known" in tried
    office.post(f"{page}removal/")
    assert not SignInProvider.objects.exists()


def test_ben_and_greta_change_nothing(cast: Cast, at_acme: SignInProvider) -> None:
    page = f"settings/sign-in/{at_acme.pk}/"
    ben = sign_in(cast.acme.office, "ben@acme.example")
    greta = sign_in(cast.globex.office, "greta@globex.example")

    assert ben.get(cast.acme.office + page).status_code == 403
    assert ben.post(f"{cast.acme.office}{page}removal/").status_code == 403
    assert greta.get(cast.globex.office + page).status_code == 404
    assert SignInProvider.objects.count() == 1


PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "224.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused(settings, address: str) -> None:
    assert not is_public(address)
    host = f"[{address}]" if ":" in address else address

    with pytest.raises(NotPublic):
        Fetcher().get(f"https://{host}/")


def test_a_name_that_leads_inside_is_refused_and_plain_http_always(settings, monkeypatch) -> None:
    assert is_public("93.184.215.14") and is_public("2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    with pytest.raises(NotPublic):
        Fetcher().get("https://localhost/")
    with pytest.raises(requests.exceptions.InvalidSchema):
        Fetcher().get("http://example.com/")


def test_the_issuer_is_a_public_https_address(cast: Cast) -> None:
    office = sign_in(cast.acme.office, "olivia@acme.example")
    fields = {"name": "C", "client_id": "c", "secret": "s", "domains": "coyote.example"}
    for issuer in (
        "http://login.coyote.example",
        "https://u:p@x.example",
        "ftp://x.example",
        "x",
        "https://x.example/?a=b",
    ):
        answer = office.post(f"{cast.acme.office}settings/sign-in/", {**fields, "issuer": issuer})
        assert answer.status_code == 200, issuer
    office.post(f"{cast.acme.office}settings/sign-in/", {**fields, "issuer": "https://localhost"})
    page = f"{cast.acme.office}settings/sign-in/{SignInProvider.objects.get().pk}/"
    assert (
        "not on the public internet" in office.post(f"{page}trial/", follow=True).content.decode()
    )
