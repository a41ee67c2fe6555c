"""Row 2: *Banner Message*, above the portal's home; vendors may read another one."""

from __future__ import annotations

import pytest
from django.test import Client

from doorstep.organizations.models import PortalPreferences
from tests.cast import NOON, Cast

pytestmark = pytest.mark.django_db


def say(cast: Cast, **banners: str) -> None:
    stored = PortalPreferences.objects.get(organization=cast.acme.organization)
    stored.change(by=cast.olivia, at=NOON, **banners)


def home(client: Client) -> str:
    return client.get("/portal/acme/").content.decode()


def test_bold_italics_lists_and_links_are_shown(cast: Cast, signed_in):
    say(
        cast,
        banner_message="<b>Closed</b> <i>today</i><ul><li>Phones too</li></ul>"
        '<a href="https://acme.example/hours">Hours</a>',
    )
    page = home(signed_in(cast.wile))
    assert "<b>Closed</b> <i>today</i><ul><li>Phones too</li></ul>" in page
    assert 'href="https://acme.example/hours"' in page


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>Hello",
        '<img src=x onerror="alert(1)">Hello',
        '<a href="javascript:alert(1)">Hello</a>',
        '<b onclick="alert(1)" style="position:fixed">Hello</b>',
        "<form action=/elsewhere><input name=password>Hello</form>",
    ],
)
def test_whatever_else_was_typed_is_taken_out_when_shown(cast: Cast, signed_in, typed: str):
    say(cast, banner_message=typed)
    page = home(signed_in(cast.wile))
    assert "Hello" in page
    for danger in ("alert(1)", "onerror", "onclick", "javascript:", "position:fixed", "/elsewhere"):
        assert danger not in page


def test_it_is_stored_as_typed(cast: Cast):
    say(cast, banner_message="<script>alert(1)</script>")
    assert PortalPreferences.objects.get(
        organization=cast.acme.organization
    ).banner_message.startswith("<script>")


def test_vendors_read_their_own_or_else_the_same(cast: Cast, signed_in):
    wile, rita = signed_in(cast.wile), signed_in(cast.rita)
    say(cast, banner_message="For everybody")
    assert "For everybody" in home(wile)
    assert "For everybody" in home(rita)
    say(cast, vendor_banner_message="Dock 4 is closed")
    assert "Dock 4" not in home(wile)
    assert "Dock 4 is closed" in home(rita)
    assert "For everybody" not in home(rita)


def test_empty_is_a_welcome_with_the_organisations_name(cast: Cast, signed_in):
    page = home(signed_in(cast.wile))
    assert "Acme Wholesale" in page
    assert "Good " in page
