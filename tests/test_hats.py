"""One account, several hats: customers, a vendor, another business, and a place on a team."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doorstep.activity.models import System
from doorstep.contacts.hats import hats_of
from doorstep.contacts.models import Contact, PortalAccess
from doorstep.organizations.models import Member
from tests.cast import NOON, Cast, a_contact, a_person, an_invoice

pytestmark = pytest.mark.django_db


def gives(cast: Cast, contact: Contact) -> PortalAccess:
    """Wanda, with her own account, is also a person at this contact."""
    person = a_person(contact, "Wanda Reyes", "wanda@coyote.example", access=False)
    return PortalAccess.objects.create(
        organization_id=contact.organization_id,
        contact_person=person,
        account=cast.wanda.access.account,
        accepted_at=NOON,
    )


@pytest.fixture
def hats(cast: Cast) -> list[PortalAccess]:
    """Hers at Coyote, and three more: a second customer, a vendor, a customer of Globex."""
    bigfoot = a_contact(cast.acme, "Bigfoot Hiking", at=NOON)
    more = [gives(cast, contact) for contact in (bigfoot, cast.roadrunner, cast.globex_customer)]
    return [cast.wanda.access, *more]


def at(hat: PortalAccess) -> str:
    return f"/portal/{hat.organization.portal_name}/as/{hat.pk}/"


def test_each_page_leads_to_every_other_hat(
    cast: Cast, hats: list[PortalAccess], signed_in: Callable[..., Client]
) -> None:
    Member.add(cast.globex.organization, hats[0].account, "sales", by=cast.greta, at=NOON)
    wanda = signed_in(cast.wanda)
    everything = [*(at(hat) for hat in hats), "/office/globex/"]
    for page in everything:
        answer = wanda.get(page)
        assert answer.status_code == 200, page
        for other in everything:
            assert f'href="{other}"' in answer.content.decode(), (page, other)
        assert answer.content.decode().count(f'href="{page}" aria-current="true"') >= 1


def test_the_hat_in_the_address_says_whose_papers_these_are(
    cast: Cast, hats: list[PortalAccess], signed_in: Callable[..., Client]
) -> None:
    papers = {
        hat.pk: an_invoice(hat.contact_person.contact, "7.00", by=by, reference=f"for {hat.pk}")
        for hat, by in ((hats[0], cast.olivia), (hats[1], cast.olivia), (hats[3], cast.greta))
    }
    wanda = signed_in(cast.wanda)
    for hat in (hats[0], hats[1], hats[3]):
        page = wanda.get(f"{at(hat)}invoices/?show=all").content.decode()
        for number, paper in papers.items():
            if number == hat.pk:
                assert f"for {number}" in page
                assert f"{at(hat)}invoices/{paper.number}/" in page
            else:
                assert f"for {number}" not in page
    assert wanda.get(f"{at(hats[2])}invoices/").status_code == 404  # a vendor has none


def test_most_people_have_nothing_to_switch_to_and_pay_nothing_for_it(
    cast: Cast, hats: list[PortalAccess], signed_in: Callable[..., Client]
) -> None:
    def count(client: Client, page: str) -> int:
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    wile, wanda = signed_in(cast.wile), signed_in(cast.wanda)
    assert "Switch to" not in wile.get(cast.acme.portal).content.decode()
    alone, many = count(wile, cast.acme.portal), count(wanda, at(hats[0]))
    assert many <= min(alone + 1, 8)


def test_what_is_lost_or_closed_is_no_hat(cast: Cast, hats: list[PortalAccess]) -> None:
    account = hats[0].account_id
    assert len(hats_of(account)) == 4
    hats[1].contact_person.revoke(by=cast.olivia, at=NOON)
    cast.globex.organization.suspend(by=System(), at=NOON)
    cast.roadrunner.change(by=cast.olivia, at=NOON, is_active=False)

    assert [hat.contact for hat in hats_of(account)] == ["Coyote Ltd"]


def test_greta_neither_takes_over_nor_resets_who_is_also_a_person_of_acme(
    cast: Cast, hats: list[PortalAccess], signed_in: Callable[..., Client]
) -> None:
    """Whatever the owner of one business may do to her own person, the account stays Wanda's."""
    from tests.factors import proven

    account, there = hats[0].account, hats[3].contact_person
    before = (account.password, account.email)
    greta = proven(signed_in(cast.greta))
    office = f"/office/globex/people/{there.pk}/"
    greta.post(f"{office}second-factor/")
    greta.post(office, {"name": "Greta's now", "email": "greta@globex.example", "may_pay": "on"})
    greta.post(f"{office}invitation/")
    link = greta.post(f"{office}link/").content.decode()
    greta.post(f"{office}revocation/")

    account.refresh_from_db()
    assert (account.password, account.email) == before
    assert "/portal/globex/invitation/" in link
    acmes = [f"/office/acme/people/{cast.wanda.pk}/{act}/" for act in ("invitation", "link",
             "revocation", "second-factor")]  # fmt: skip
    for act in (*acmes, f"/office/globex/people/{cast.wanda.pk}/second-factor/"):
        assert greta.post(act).status_code == 404
    wanda = signed_in(cast.wanda)
    assert wanda.get(at(hats[0])).status_code == 200
    assert wanda.get(at(hats[3])).status_code == 404
