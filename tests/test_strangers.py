"""Every address of the portal and the office, today's and tomorrow's: who is not known here finds nothing.

Routes are read from the URLconf, so that a new one is tested without anybody remembering to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from doorstep.identity import urls as identity_urls
from doorstep.web.account import urls as account_urls
from doorstep.web.tenancy import FACES
from tests.cast import NOON, Cast, a_person, an_invoice

pytestmark = pytest.mark.django_db

# What somebody may open who has not signed in. Think before you add one.
OPEN = {
    "account_confirm_login_code",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "brand",
    "factor_reset",
    "invitation",
    "invitation_open",
    "invitation_opening",
    "logo",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "not_me",
    "not_me_open",
    "openid_connect_callback",
    "openid_connect_login",
    "sign_out",
    "team_invitation",
    "team_joining",
}
EXAMPLES = {"int": 1, "path": "INV-000001", "str": "INV-000001", "slug": "a", "uuid": "0" * 32}


class Route(NamedTuple):
    face: str
    name: str
    path: str
    is_open: bool


def routes(face: str) -> Iterator[Route]:
    yield from _below(get_resolver(FACES[face]).url_patterns, face, "")


def _below(patterns: list[URLPattern | URLResolver], face: str, path: str) -> Iterator[Route]:
    for entry in patterns:
        below = path + _example(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _below(entry.url_patterns, face, below)
        else:
            is_open = not getattr(entry.callback, "login_required", True)
            yield Route(face, entry.name or below, below, is_open)


def _example(pattern: object) -> str:
    """The address of a route with something in each of its gaps."""
    if not isinstance(pattern, RoutePattern):
        return "password/new/1-x/"  # the sign-in library's only expression, and it is open
    address = str(pattern)
    for name, converter in pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        address = address.replace(f"<{kind}:{name}>", str(EXAMPLES[kind])).replace(
            f"<{name}>", str(EXAMPLES["str"])
        )
    return address


EVERYTHING = [*routes("portal"), *routes("office")]
CLOSED = [route for route in EVERYTHING if not route.is_open]


def test_only_these_pages_ask_for_no_sign_in() -> None:
    assert {route.name for route in EVERYTHING if route.is_open} <= OPEN


def test_there_are_pages_to_walk() -> None:
    assert {"home", "invoices", "invoice", "pay", "payments", "contacts"} <= {
        r.name for r in CLOSED
    }
    assert not [route for route in EVERYTHING if "<" in route.path]


@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "head"])
def test_who_is_not_signed_in_is_sent_to_the_door(client: Client, cast: Cast, method: str) -> None:
    for route in CLOSED:
        prefix = f"/{route.face}/acme/"
        answer = getattr(client, method)(prefix + route.path)
        assert answer.status_code == 302, route
        assert answer.headers["Location"].startswith(f"{prefix}sign-in/?next="), route


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_a_stranger_finds_nothing(
    cast: Cast, signed_in: Callable[[object], Client], method: str
) -> None:
    an_invoice(cast.coyote, by=cast.olivia)
    gus = a_person(cast.globex_customer, "Gus", "gus@globex-customer.example")
    cast.wanda.revoke(by=cast.olivia, at=NOON)
    outside = {
        "portal": [cast.greta, gus, cast.olivia, cast.wanda],
        "office": [cast.greta, gus, cast.wile, cast.rita],
    }
    for face, strangers in outside.items():
        for stranger in strangers:
            client = signed_in(stranger)
            for route in (route for route in CLOSED if route.face == face):
                answer = getattr(client, method)(f"/{face}/acme/{route.path}")
                assert answer.status_code == 404, (str(stranger), route)


def test_a_vendor_finds_no_page_of_customers(
    cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    """Home, details, documents, colleagues and one's own account are for both."""
    rita = signed_in(cast.rita)
    own = [*identity_urls.urlpatterns, *account_urls.urlpatterns]
    account = {route.name for route in _below(own, "portal", "")}
    ours = {"colleagues", "colleague", "colleague_invitation", "colleague_removal"}
    ours |= {"documents", "document", "document_asked", "document_version", "details_edit"}
    shared = account | ours | {"home", "details", "consent"}
    for route in (route for route in CLOSED if route.face == "portal" and route.name not in shared):
        assert rita.get(f"/portal/acme/{route.path}").status_code == 404, route


def test_somebody_elses_hat_does_not_fit(cast: Cast, signed_in: Callable[[object], Client]) -> None:
    from doorstep.contacts.models import PortalAccess

    hats = PortalAccess.objects.exclude(account=cast.wile.actor_account_id)
    wile = signed_in(cast.wile)
    for hat in hats:
        assert wile.get(f"/portal/acme/as/{hat.pk}/").status_code == 404
    assert wile.get("/portal/acme/as/999999/").status_code == 404


def test_a_closed_account_is_out_at_once(cast: Cast, signed_in: Callable[[object], Client]) -> None:
    wile = signed_in(cast.wile)
    assert wile.get("/portal/acme/").status_code == 200

    account = cast.wile.access.account  # type: ignore[attr-defined]
    account.is_active = False
    account.save()

    assert wile.get("/portal/acme/").status_code in (302, 404)


def test_revoked_access_ends_at_the_next_request(
    cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    wile = signed_in(cast.wile)
    assert wile.get("/portal/acme/").status_code == 200

    cast.wile.revoke(by=cast.olivia, at=NOON)

    assert wile.get("/portal/acme/").status_code == 404
