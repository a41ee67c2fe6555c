"""Row 1: *Portal Name*, the unique id in the portal's address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from doorstep.lib.clock import shifted_to
from doorstep.organizations.models import Organization, PortalPreferences
from tests.cast import NOON, Cast, a_company, an_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with shifted_to(NOON):
        yield


def rename(cast: Cast, name: str, *, days: int = 0) -> None:
    organization = Organization.objects.with_preferences().get(pk=cast.acme.organization.pk)
    organization.preferences.change(
        by=cast.olivia, at=NOON + timedelta(days=days), portal_name=name
    )


@pytest.mark.parametrize(
    "name", ["ab", "Acme", "-acme", "acme-", "ac--me", "a" * 41, "äcme", "ac me", ""]
)
def test_a_name_has_three_to_forty_plain_characters(cast: Cast, name: str):
    with pytest.raises(ValidationError, match="3 to 40"):
        rename(cast, name)


@pytest.mark.parametrize(
    "name", ["portal", "office", "static", "healthz", "sandbox-bank", "gateways"]
)
def test_reserved_words_are_refused(cast: Cast, name: str):
    with pytest.raises(ValidationError, match="reserved"):
        rename(cast, name)


def test_a_name_is_taken_by_one_only(cast: Cast):
    with pytest.raises(ValidationError, match="already taken"):
        rename(cast, "globex")


def test_a_name_is_made_from_the_organisations_and_counts_on(cast: Cast):
    assert PortalPreferences.free_name("Acme", at=NOON) == "acme-2"
    a_company("Acme", "acme-2", "o@two.example", "O", at=NOON)
    assert PortalPreferences.free_name("Acme!", at=NOON) == "acme-3"


def test_customers_vendors_and_staff_go_by_the_same_name(cast: Cast, signed_in):
    rename(cast, "acme-wholesale")
    assert signed_in(cast.wile).get("/portal/acme-wholesale/").status_code == 200
    assert signed_in(cast.rita).get("/portal/acme-wholesale/").status_code == 200
    assert signed_in(cast.olivia).get("/office/acme-wholesale/").status_code == 200


def test_the_old_address_leads_on_with_its_path_for_ninety_days(cast: Cast, signed_in):
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    rename(cast, "acme-wholesale")
    wile = signed_in(cast.wile)
    old, new = (
        f"/portal/{name}/invoices/{invoice.number}/?from=mail"
        for name in ("acme", "acme-wholesale")
    )

    answer = wile.get(old)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(new)
    with shifted_to(NOON + timedelta(days=89)):
        assert wile.get(old).status_code == 302
    with shifted_to(NOON + timedelta(days=91)):
        assert wile.get(old).status_code == 404


def test_the_old_address_is_for_reading_only(client: Client, cast: Cast):
    rename(cast, "acme-wholesale")
    assert client.post("/portal/acme/pay/").status_code == 404


def test_nobody_else_gets_the_old_name_while_it_leads_on(cast: Cast):
    rename(cast, "acme-wholesale")
    globex = Organization.objects.with_preferences().get(pk=cast.globex.organization.pk).preferences
    with pytest.raises(ValidationError, match="already taken"):
        globex.change(by=cast.greta, at=NOON + timedelta(days=89), portal_name="acme")
    globex = Organization.objects.with_preferences().get(pk=cast.globex.organization.pk).preferences
    globex.change(by=cast.greta, at=NOON + timedelta(days=91), portal_name="acme")


def test_its_own_old_name_can_be_taken_back(cast: Cast, signed_in):
    rename(cast, "acme-wholesale")
    rename(cast, "acme", days=1)
    wile = signed_in(cast.wile)
    assert wile.get("/portal/acme/").status_code == 200
    assert wile.get("/portal/acme-wholesale/").status_code == 302
