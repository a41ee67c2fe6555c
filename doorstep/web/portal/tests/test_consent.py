"""The business's terms: linked everywhere, agreed to on coming in, asked again when they change."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doorstep.contacts.models import Viewing
from doorstep.lib.secrets import unseal
from doorstep.organizations.models import Consent
from tests.cast import NOON, Cast, a_person

pytestmark = pytest.mark.django_db
TERMS, PRIVACY = "https://acme.example/terms", "https://acme.example/privacy"


@pytest.fixture
def asked(cast: Cast) -> Cast:
    set_terms(cast, "2026-11")
    return cast


def set_terms(cast: Cast, version: str) -> None:
    details = {"terms_url": TERMS, "privacy_url": PRIVACY, "terms_version": version}
    cast.acme.organization.change(by=cast.olivia, at=NOON, **details)


def agree(client: Client, cast: Cast, **more: str):
    return client.post(f"{cast.acme.portal}terms/", {"agreed": "on", **more})


def test_where_no_terms_are_set_nothing_is_asked_and_nothing_linked(
    cast: Cast, wile: Client
) -> None:
    page = wile.get(cast.acme.portal)

    assert page.status_code == 200
    assert b"legal" not in page.content
    assert wile.get(f"{cast.acme.portal}terms/").url == cast.acme.portal


def test_every_page_waits_for_the_agreement(asked: Cast, wile: Client) -> None:
    door = asked.acme.portal
    for page in ("", "invoices/", "invoices.csv", "pay/", "details/", "security/"):
        answer = wile.get(door + page)
        assert answer.url.startswith(f"{door}terms/?next="), page
    assert wile.post(f"{door}pay/").url.startswith(f"{door}terms/")
    assert wile.get(f"{door}invoices/", headers={"HX-Request": "true"}).headers["HX-Redirect"]
    page = wile.get(f"{door}terms/").content.decode()
    assert TERMS in page and PRIVACY in page
    assert wile.post(f"{door}terms/").status_code == 200
    assert not Consent.objects.exists()

    assert agree(wile, asked, next=f"{door}invoices/").url == f"{door}invoices/"

    assert TERMS in wile.get(f"{door}invoices/").content.decode()
    given = Consent.objects.get()
    assert (given.account, given.version, given.how) == (
        asked.wile.access.account,
        "2026-11",
        "visit",
    )
    assert (given.place, given.email) == ("127.0.x.x", "wile@coyote.example")
    assert "version 2026-11" in wile.get(f"{door}security/").content.decode()


def test_a_new_version_is_asked_at_the_next_visit_and_the_old_consent_stays(
    asked: Cast, wile: Client
) -> None:
    agree(wile, asked)
    agree(wile, asked)
    set_terms(asked, "2026-12")

    assert wile.get(asked.acme.portal).url.startswith(f"{asked.acme.portal}terms/")
    agree(wile, asked)
    assert wile.get(asked.acme.portal).status_code == 200
    versions = Consent.objects.order_by("pk").values_list("version", flat=True)
    assert list(versions) == ["2026-11", "2026-12"]


def test_it_costs_no_query_once_the_session_knows(asked: Cast, wile: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert wile.get(f"{asked.acme.portal}details/").status_code == 200
        return len(queries)

    agree(wile, asked)
    wile.get(f"{asked.acme.portal}details/")
    with_terms = count()
    details = {"terms_url": "", "privacy_url": "", "terms_version": ""}
    asked.acme.organization.change(by=asked.olivia, at=NOON, **details)
    assert with_terms == count()


def test_the_team_and_who_looks_through_a_customers_eyes_are_not_asked(
    asked: Cast, signed_in
) -> None:
    olivia = signed_in(asked.olivia)
    assert olivia.get(asked.acme.office).status_code == 200
    viewing = Viewing.start(asked.wile, by=asked.olivia, reason="A question", at=NOON)
    assert olivia.get(f"/portal/acme/viewing/{viewing.pk}/").status_code == 200


def test_an_invitation_is_accepted_with_the_terms(asked: Cast, client: Client) -> None:
    nora = a_person(asked.coyote, "Nora", "nora@coyote.example", access=False)
    token = unseal(nora.invite(by=asked.olivia, at=NOON).sealed_token)
    client.get(f"{asked.acme.portal}invitation/{token}/", follow=True)
    page = f"{asked.acme.portal}invitation/"

    client.post(page, {"password": "a heap of anvils"})
    assert not Consent.objects.exists()
    answer = client.post(page, {"password": "a heap of anvils", "agreed": "on"})

    given = Consent.objects.get()
    assert (given.email, given.how) == ("nora@coyote.example", "invitation")
    assert client.get(answer.url).status_code == 200


def test_olivia_reads_who_agreed_and_greta_does_not(asked: Cast, wile: Client, signed_in) -> None:
    agree(wile, asked)
    page = signed_in(asked.olivia).get(f"{asked.acme.office}settings/consents/").content.decode()
    assert "Wile Tanner" in page and "2026-11" in page and "At a later visit" in page

    theirs = signed_in(asked.greta).get(f"{asked.globex.office}settings/consents/")
    assert "Wile" not in theirs.content.decode()


def test_pages_and_version_belong_together(cast: Cast, signed_in) -> None:
    olivia = signed_in(cast.olivia)
    profile = f"{cast.acme.office}settings/profile/"
    form = olivia.get(profile).context["form"]
    fields = {name: form.initial.get(name) or "" for name in form.fields}
    fields = {n: v for n, v in fields.items() if n not in ("new_logo", "drop_logo")}

    assert olivia.post(profile, {**fields, "terms_url": TERMS}).status_code == 200
    assert olivia.post(profile, {**fields, "terms_version": "1"}).status_code == 200
    both = {**fields, "terms_url": TERMS, "terms_version": "1"}
    assert olivia.post(profile, both).status_code == 302
    cast.acme.organization.refresh_from_db()
    assert cast.acme.organization.asks_consent
