"""*Enable multi-factor authentication (MFA)*: on, nothing is answered before the second step; off, one is enough."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from doorstep.lib import clock
from doorstep.web.tenancy import FACES
from tests.cast import NOON, Cast, an_invoice
from tests.factors import code_of, enrol, recovery_codes, sign_in

pytestmark = pytest.mark.django_db

ENROLMENT = {
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
}


@pytest.fixture
def required(cast: Cast) -> Cast:
    cast.acme.organization.preferences.change(by=cast.olivia, at=NOON, mfa_required=True)
    return cast


def pages(face: str) -> list[tuple[str, str]]:
    """Name and address of everything in a face that asks for sign-in, with arguments made up."""

    def walk(patterns, before: str = ""):
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern) and getattr(
                pattern.callback, "login_required", True
            ):
                yield pattern.name, made_up(route)

    return list(walk(get_resolver(FACES[face]).url_patterns))


def made_up(route: str) -> str:
    route = re.sub(r"<int:[^>]+>", "1", route.removeprefix("^"))
    route = re.sub(r"\(\?P<uidb36>[^)]*\)-\(\?P<key>[^)]*\)/\$", "1-abc/", route)
    return re.sub(r"<[^>]+>", "x1", route).removeprefix("/")


def test_off_one_factor_is_enough(cast: Cast) -> None:
    client = sign_in(cast.acme.portal, "wile@coyote.example")

    assert client.get(cast.acme.portal).status_code == 200


@pytest.mark.parametrize("email", ["wile@coyote.example", "rita@roadrunner.example"])
def test_customers_and_vendors_land_on_secure_your_account(required: Cast, email: str) -> None:
    client = sign_in(required.acme.portal, email)

    answer = client.get(required.acme.portal, follow=True)

    assert b"Secure your account" in answer.content
    assert answer.redirect_chain[-1][0].startswith("/portal/acme/security/app/?next=")


def test_then_the_app_ten_codes_and_where_one_was_going(required: Cast) -> None:
    client = sign_in(required.acme.portal, "wile@coyote.example")
    invoice = an_invoice(required.coyote, by=required.olivia)
    deep = f"{required.acme.portal}invoices/{invoice.number}/"

    page = client.get(deep, follow=True)
    key = page.context["key"].replace(" ", "")
    answer = client.post(page.redirect_chain[-1][0], {"code": code_of(key)}, follow=True)

    assert len(recovery_codes(client, required.acme.portal)) == 10
    kept = client.post(answer.redirect_chain[-1][0], {"next": answer.context["next"]})
    assert kept.url == deep
    assert client.get(deep).status_code == 200
    assert client.get(f"{required.acme.portal}security/recovery-codes/").status_code == 302


@pytest.mark.parametrize(("verb", "htmx"), [("get", False), ("post", False), ("get", True)])
def test_t09_no_page_of_the_portal_is_answered_before(
    required: Cast, verb: str, htmx: bool
) -> None:
    client = sign_in(required.acme.portal, "wile@coyote.example")
    headers = {"HX-Request": "true"} if htmx else {}

    for name, path in pages("portal"):
        if name in ENROLMENT:
            continue
        answer = getattr(client, verb)(required.acme.portal + path, headers=headers)
        if htmx:
            to = answer.headers.get("HX-Redirect", "")
            assert answer.content == b"", name
        else:
            assert answer.status_code == 302, (name, answer.status_code)
            to = answer.url
        assert to.startswith("/portal/acme/security/app/"), (name, to)


@pytest.mark.parametrize("face", ["portal", "office"])
def test_t09_half_signed_in_is_not_signed_in(cast: Cast, face: str) -> None:
    door = getattr(cast.acme, face)
    email = "wile@coyote.example" if face == "portal" else "olivia@acme.example"
    client = sign_in(door, email)
    enrol(client, door)
    half = sign_in(door, email)

    for name, path in pages(face):
        answer = half.get(door + path)
        assert answer.status_code == 302, (name, answer.status_code)
        assert answer.url.startswith(f"{door}sign-in/"), (name, answer.url)


def test_switching_it_on_catches_live_sessions_at_their_next_request(cast: Cast) -> None:
    client = sign_in(cast.acme.portal, "wile@coyote.example")
    assert client.get(cast.acme.portal).status_code == 200

    cast.acme.organization.preferences.change(by=cast.olivia, at=NOON, mfa_required=True)

    assert client.get(cast.acme.portal).url.startswith("/portal/acme/security/app/")


def test_later_sign_ins_ask_the_code_unless_the_browser_is_remembered(required: Cast) -> None:
    door = required.acme.portal
    client = sign_in(door, "wile@coyote.example")
    enrol(client, door, remember="on")
    client.post(f"{door}sign-out/")

    assert sign_in(door, "wile@coyote.example").get(door).url.startswith(f"{door}sign-in/")
    sign_in(door, "wile@coyote.example", client=client)
    assert client.get(door).status_code == 200


def test_a_remembered_browser_is_asked_again_where_the_business_wants_it(required: Cast) -> None:
    door = required.acme.portal
    client = sign_in(door, "wile@coyote.example")
    enrol(client, door, remember="on")
    client.post(f"{door}sign-out/")
    sign_in(door, "wile@coyote.example", client=client)

    required.acme.organization.preferences.change(by=required.olivia, at=NOON, mfa_remember_days=0)

    assert client.get(door).url.startswith(f"{door}confirm-it-is-you/code/")
    client.post(f"{door}sign-out/")
    answer = client.post(
        f"{door}sign-in/", {"login": "wile@coyote.example", "password": "correct horse battery"}
    )
    assert answer.url == f"{door}sign-in/second-step/"


def test_a_remembered_browser_is_forgotten_after_its_days(required: Cast) -> None:
    door = required.acme.portal
    client = sign_in(door, "wile@coyote.example")
    enrol(client, door, remember="on")
    client.post(f"{door}sign-out/")

    with clock.shifted_to(clock.now() + timedelta(days=31)):
        sign_in(door, "wile@coyote.example", client=client)
        assert client.get(door).url.startswith(f"{door}sign-in/")


def test_the_last_factor_cannot_be_removed_while_it_is_asked_for(required: Cast) -> None:
    door = required.acme.portal
    client = sign_in(door, "wile@coyote.example")
    enrol(client, door)

    client.post(f"{door}security/app/removal/")

    wile = required.wile.access.account
    assert wile.second_factors() == {"totp"}
    required.acme.organization.preferences.change(by=required.olivia, at=NOON, mfa_required=False)
    client.post(f"{door}security/app/removal/")
    assert wile.second_factors() == set()


def test_staff_are_asked_only_when_their_business_says_so(required: Cast) -> None:
    client = sign_in(required.acme.office, "ben@acme.example")
    assert client.get(required.acme.office).status_code == 200

    required.acme.organization.preferences.change(
        by=required.olivia, at=NOON, staff_mfa_required=True
    )

    assert client.get(required.acme.office).url.startswith("/office/acme/security/app/")


def test_another_business_does_not_ask(required: Cast) -> None:
    client = sign_in(required.globex.office, "greta@globex.example")

    assert client.get(required.globex.office).status_code == 200


def test_public_pages_never_ask(required: Cast) -> None:
    client = sign_in(required.acme.portal, "wile@coyote.example")

    assert client.get("/").status_code in (200, 302)
    assert client.get("/healthz").status_code == 200


def test_the_gate_costs_nothing_where_it_is_off_and_for_whoever_is_through(
    cast: Cast, django_assert_max_num_queries, signed_in
) -> None:
    door = cast.acme.portal
    client = sign_in(door, "wile@coyote.example")
    enrol(client, door)
    client.get(door)

    def cost() -> int:
        with django_assert_max_num_queries(100) as queries:
            assert client.get(door).status_code == 200
        return len(queries)

    off = cost()
    cast.acme.organization.preferences.change(by=cast.olivia, at=NOON, mfa_required=True)
    assert cost() == off


def test_a_stranger_learns_nothing(required: Cast) -> None:
    client = Client()

    assert client.get(f"{required.acme.portal}security/").url.startswith("/portal/acme/sign-in/")


def test_the_setting_says_whom_it_concerns(cast: Cast) -> None:
    sign_in(cast.acme.portal, "wile@coyote.example")
    client = sign_in(cast.acme.office, "olivia@acme.example")

    page = client.get(f"{cast.acme.office}settings/customer-portal/")

    assert b"3 people with access, 1 of them signed in now" in page.content


def test_saved_in_the_office_it_stands_in_the_history(cast: Cast) -> None:
    client = sign_in(cast.acme.office, "olivia@acme.example")
    url = f"{cast.acme.office}settings/customer-portal/"
    form = client.get(url).context["form"]
    typed = {
        name: "on" if value is True else value
        for name, value in form.initial.items()
        if value is not False
    }

    client.post(url, typed | {"mfa_required": "on", "mfa_remember_days": "7"})

    preferences = type(cast.acme.organization).objects.get(pk=cast.acme.organization.pk).preferences
    assert (preferences.mfa_required, preferences.mfa_remember_days) == (True, 7)
    assert b"Enable multi-factor authentication" in client.get(f"{url}history/").content


@pytest.mark.parametrize("days", ["91", "-1", "x"])
def test_nobody_remembers_for_longer_than_ninety_days(cast: Cast, days: str) -> None:
    client = sign_in(cast.acme.office, "olivia@acme.example")
    url = f"{cast.acme.office}settings/customer-portal/"

    page = client.post(url, {"portal_name": "acme", "mfa_remember_days": days})

    assert page.status_code == 200
    assert page.context["form"].errors["mfa_remember_days"]
