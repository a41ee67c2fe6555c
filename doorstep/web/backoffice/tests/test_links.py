"""Sharing a paper from the back office."""

from __future__ import annotations

import pytest

from doorstep.lib import clock
from doorstep.sales.models import Invoice
from doorstep.sharing.models import Link, Opening
from tests.cast import Cast, an_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.money]


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    return an_invoice(cast.coyote, by=cast.olivia, at=clock.now())


def page(invoice: Invoice) -> str:
    return f"/office/acme/invoices/{invoice.pk}/links/"


def test_olivia_mails_wanda_a_link_that_only_shows(cast: Cast, invoice: Invoice, signed_in) -> None:
    answer = signed_in(cast.olivia).post(
        page(invoice), {"person": cast.wanda.pk, "channel": "mail", "right": "view", "lasts": "7"}
    )
    assert answer.status_code == 302
    link = Link.objects.get()
    assert (link.person, link.right, link.shared_by_name) == (cast.wanda, "view", "Olivia Ortiz")


def test_a_link_to_copy_is_shown_once_and_works(cast: Cast, invoice: Invoice, signed_in) -> None:
    olivia = signed_in(cast.olivia)
    shown = olivia.post(
        page(invoice), {"person": "", "channel": "copy", "right": "pay"}
    ).content.decode()
    token = shown.split("/s/")[1].split("<")[0]

    assert Link.objects.opened_by(token, at=clock.now())
    assert "<svg" in shown
    assert token not in olivia.get(page(invoice)).content.decode()


def test_mail_needs_somebody_to_go_to(cast: Cast, invoice: Invoice, signed_in) -> None:
    answer = signed_in(cast.olivia).post(page(invoice), {"channel": "mail", "right": "pay"})
    assert answer.status_code == 422
    assert not Link.objects.exists()


def test_a_person_of_another_customer_is_no_choice(cast: Cast, invoice: Invoice, signed_in) -> None:
    answer = signed_in(cast.olivia).post(
        page(invoice), {"person": cast.rita.pk, "channel": "mail", "right": "pay"}
    )
    assert answer.status_code == 422


def test_a_revoked_link_is_listed_and_dead(cast: Cast, invoice: Invoice, signed_in) -> None:
    link, token = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=clock.now())
    olivia = signed_in(cast.olivia)
    assert olivia.post(f"{page(invoice)}{link.pk}/revocation/").status_code == 302

    assert Link.objects.opened_by(token, at=clock.now()) is None
    assert "Revoked" in olivia.get(page(invoice)).content.decode()


def test_greta_can_neither_see_nor_revoke(cast: Cast, invoice: Invoice, signed_in) -> None:
    link, token = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=clock.now())
    greta = signed_in(cast.greta)
    assert greta.get(page(invoice)).status_code == 404
    assert (
        greta.post(f"/office/globex/invoices/{invoice.pk}/links/{link.pk}/revocation/").status_code
        == 404
    )
    assert Link.objects.opened_by(token, at=clock.now())


def test_the_register_tells_people_from_scanners(cast: Cast, invoice: Invoice, signed_in) -> None:
    link, _token = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=clock.now())
    told = {"browser": "Firefox on Windows", "address": "203.0.113.9", "at": clock.now()}
    Opening.note(link, "landed", by_scanner=True, **told)
    shown = signed_in(cast.olivia).get(page(invoice)).content.decode()
    assert "a mail scanner" in shown
    assert "Not opened yet" in shown
    Opening.note(link, "viewed", person_name="Wanda Reyes", **told)
    shown = signed_in(cast.olivia).get(page(invoice)).content.decode()

    assert "Looked at, Wanda Reyes" in shown
    assert "Not opened yet" not in shown
