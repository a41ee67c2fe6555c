"""A passkey opens one site to the person who holds it, and nothing else does."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from doorstep.identity.tests.device import Device
from tests.cast import NOON, Cast
from tests.factors import enrol, sign_in

pytestmark = pytest.mark.django_db


def options_of(page: Any) -> dict[str, Any]:
    found = re.search(
        r'<script id="passkey-options" type="application/json">(.*?)</script>',
        page.content.decode(),
    )
    assert found, page.content.decode()
    return json.loads(found[1])


def add(client: Client, door: str, device: Device, name: str = "Phone"):
    url = f"{door}security/passkeys/new/"
    return client.post(
        url, {"name": name, "credential": device.create(options_of(client.get(url)))}
    )


def challenge(client: Client, door: str) -> dict[str, Any]:
    return client.get(f"{door}sign-in/passkey/", headers={"Accept": "application/json"}).json()[
        "request_options"
    ]


def sign_in_with(
    device: Device, door: str, client: Client | None = None, options: Any = None
) -> Client:
    client = client or Client()
    answer = device.get(options or challenge(client, door))
    client.post(f"{door}sign-in/passkey/", {"credential": answer})
    return client


def is_in(client: Client, door: str) -> bool:
    return client.get(door).status_code == 200


@pytest.fixture
def wiles(cast: Cast) -> Device:
    device = Device()
    assert (
        add(sign_in(cast.acme.portal, "wile@coyote.example"), cast.acme.portal, device).status_code
        == 302
    )
    return device


def test_a_passkey_is_both_steps(cast: Cast, wiles: Device) -> None:
    cast.acme.organization.preferences.change(by=cast.olivia, at=NOON, mfa_required=True)

    assert is_in(sign_in_with(wiles, cast.acme.portal), cast.acme.portal)


def test_it_leads_where_one_was_going_and_this_browser_offers_it_first(
    cast: Cast, wiles: Device
) -> None:
    door, client = cast.acme.portal, Client()
    answer = wiles.get(challenge(client, door))
    to = client.post(f"{door}sign-in/passkey/?next={door}details/", {"credential": answer})

    assert to.url == f"{door}details/"
    client.post(f"{door}sign-out/")
    page = client.get(f"{door}sign-in/").content.decode()
    assert page.index("Sign in with a passkey") < page.index('name="password"')


def test_the_password_still_asks_for_the_passkey(cast: Cast, wiles: Device) -> None:
    door = cast.acme.portal
    half = sign_in(door, "wile@coyote.example")
    assert not is_in(half, door)

    step = f"{door}sign-in/second-step/"
    half.post(step, {"credential": wiles.get(options_of(half.get(step)))})

    assert is_in(half, door)


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "http://evil.example"},
        {"origin": "https://testserver"},
        {"origin": "http://sub.testserver"},
        {"site": "evil.example"},
        {"verifies": False},
    ],
)
def test_t11_a_device_that_lies_opens_nothing(
    cast: Cast, wiles: Device, lie: dict[str, Any]
) -> None:
    for name, value in lie.items():
        setattr(wiles, name, value)

    assert not is_in(sign_in_with(wiles, cast.acme.portal), cast.acme.portal)


def test_t11_a_challenge_is_answered_once_in_the_session_that_got_it(
    cast: Cast, wiles: Device
) -> None:
    door, client = cast.acme.portal, Client()
    options = challenge(client, door)
    answer = wiles.get(options)

    other = Client()
    challenge(other, door)
    other.post(f"{door}sign-in/passkey/", {"credential": answer})
    assert not is_in(other, door)
    client.post(f"{door}sign-in/passkey/", {"credential": answer})
    assert is_in(client, door)
    client.post(f"{door}sign-out/")
    client.post(f"{door}sign-in/passkey/", {"credential": answer})
    assert not is_in(client, door)


def test_t11_a_removed_passkey_opens_nothing(cast: Cast, wiles: Device) -> None:
    door, client = cast.acme.portal, sign_in_with(wiles, cast.acme.portal)
    passkey = cast.wile.access.account.authenticator_set.get(type="webauthn")

    assert client.post(f"{door}security/passkeys/{passkey.pk}/removal/").status_code == 302

    assert not is_in(sign_in_with(wiles, door), door)


def test_t11_a_device_that_does_not_verify_its_person_cannot_be_added(cast: Cast) -> None:
    client = sign_in(cast.acme.portal, "wile@coyote.example")

    add(client, cast.acme.portal, Device(verifies=False))

    assert cast.wile.access.account.second_factors() == set()


def test_somebody_elses_passkey_cannot_be_renamed_or_removed(cast: Cast, wiles: Device) -> None:
    door, wanda = cast.acme.portal, sign_in(cast.acme.portal, "wanda@coyote.example")
    passkey = cast.wile.access.account.authenticator_set.get(type="webauthn")

    assert wanda.post(f"{door}security/passkeys/{passkey.pk}/", {"name": "Mine"}).status_code == 404
    assert wanda.post(f"{door}security/passkeys/{passkey.pk}/removal/").status_code == 404


def test_the_last_passkey_stays_while_a_second_step_is_asked_for(cast: Cast, wiles: Device) -> None:
    cast.acme.organization.preferences.change(by=cast.olivia, at=NOON, mfa_required=True)
    door, client = cast.acme.portal, sign_in_with(wiles, cast.acme.portal)
    passkey = cast.wile.access.account.authenticator_set.get(type="webauthn")

    assert client.post(f"{door}security/passkeys/{passkey.pk}/removal/").status_code == 409
    enrol(client, door)
    assert client.post(f"{door}security/passkeys/{passkey.pk}/removal/").status_code == 302


def test_a_disabled_person_s_passkey_opens_nothing(cast: Cast, wiles: Device) -> None:
    cast.wile.access.account.disable()

    assert not is_in(sign_in_with(wiles, cast.acme.portal), cast.acme.portal)


def test_names_are_the_persons_own(cast: Cast, wiles: Device) -> None:
    door, client = cast.acme.portal, sign_in_with(wiles, cast.acme.portal)
    passkey = cast.wile.access.account.authenticator_set.get(type="webauthn")

    client.post(f"{door}security/passkeys/{passkey.pk}/", {"name": "Wile's <b>phone</b>"})

    assert b"Wile&#x27;s &lt;b&gt;phone&lt;/b&gt;" in client.get(f"{door}security/").content
