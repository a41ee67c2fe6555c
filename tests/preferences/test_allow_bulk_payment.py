"""Row 10: *Enable customers to make bulk payments for invoices*, on and off on every face."""

from __future__ import annotations

import pytest
from django.test import Client

from doorstep.identity.models import Challenge
from doorstep.lib.secrets import unseal
from doorstep.organizations.models import PortalPreferences
from doorstep.organizations.preferences import BulkPaymentOff, TooManyInvoices
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice
from doorstep.sharing.models import Link
from tests.cast import NOON, Cast, an_invoice

# A payment commits before the bank is asked, so these tests may not run inside one transaction.
pytestmark = [
    pytest.mark.money,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("noon"),
]


def switch_off(cast: Cast) -> None:
    stored = PortalPreferences.objects.get(organization=cast.acme.organization)
    stored.change(by=cast.olivia, at=NOON, allow_bulk_payment=False)
    cast.wile.organization.preferences = stored


def overdue(cast: Cast, *amounts: str) -> list[Invoice]:
    due = NOON.date().replace(day=6)
    return [an_invoice(cast.coyote, amount, by=cast.olivia, due=due) for amount in amounts]


def press(client, *invoices: Invoice):
    total = sum(invoice.balance for invoice in invoices)
    sent = {"invoice": [i.number for i in invoices], "seen_total": total, "method": "card"}
    return client.post("/portal/acme/pay/", sent)


def pages(client) -> tuple[str, str]:
    home, listed = client.get("/portal/acme/"), client.get("/portal/acme/invoices/")
    return home.content.decode(), listed.content.decode()


def test_on_invoices_are_ticked_and_all_overdue_are_paid_from_home(cast: Cast, signed_in):
    overdue(cast, "10.00", "20.50")
    home, listed = pages(signed_in(cast.wile))
    assert "Pay all $30.50" in home
    assert 'type="checkbox"' in listed


def test_on_several_are_one_payment(cast: Cast, signed_in):
    invoices = overdue(cast, "10.00", "20.50")
    assert press(signed_in(cast.wile), *invoices).status_code == 302
    assert Payment.objects.get().amount == 3050


def test_off_there_is_nothing_to_tick_and_no_pay_all(cast: Cast, signed_in):
    overdue(cast, "10.00", "20.50")
    switch_off(cast)
    home, listed = pages(signed_in(cast.wile))
    assert "Pay all" not in home
    assert 'type="checkbox"' not in listed


def test_off_several_are_refused_by_address_and_by_post(cast: Cast, signed_in):
    invoices = overdue(cast, "10.00", "20.50")
    switch_off(cast)
    wile = signed_in(cast.wile)
    query = "&".join(f"invoice={invoice.number}" for invoice in invoices)
    assert wile.get(f"/portal/acme/pay/?{query}").status_code in (404, 409)
    assert press(wile, *invoices).status_code in (404, 409)
    with pytest.raises(BulkPaymentOff):
        Payment.start(invoices, by=cast.wile, method="card", seen_total=3050, at=NOON)
    assert not Payment.objects.exists()


def test_off_one_at_a_time_goes_on(cast: Cast, signed_in):
    first, _second = overdue(cast, "10.00", "20.50")
    switch_off(cast)
    assert press(signed_in(cast.wile), first).status_code == 302


def test_at_most_two_hundred_at_once(cast: Cast):
    class Paper:
        number = "INV-1"

        def has_exclusive_hold(self) -> bool:
            return False

    preferences = cast.acme.organization.preferences
    preferences.check_bulk_payment([Paper()] * 200)
    with pytest.raises(TooManyInvoices):
        preferences.check_bulk_payment([Paper()] * 201)


def visit(cast: Cast, invoice: Invoice) -> tuple[Client, str]:
    """Wanda's browser at the page of a link, with her address proven."""
    _link, token = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=NOON)
    client = Client()
    page = client.get(f"/s/{token}")["Location"]
    client.post(f"{page}code/", {"person": cast.wanda.pk})
    code = unseal(Challenge.objects.latest("pk").sealed_code)
    assert client.post(f"{page}proof/", {"code": code}).status_code == 302
    return client, page


@pytest.mark.parametrize("on", [True, False])
def test_a_link_offers_the_overdue_rest_only_when_it_is_on(cast: Cast, on: bool):
    first, _second = overdue(cast, "10.00", "20.50")
    if not on:
        switch_off(cast)
    client, page = visit(cast, first)
    assert ("$30.50" in client.get(page).content.decode()) is on
    both = {"what": "overdue", "method": "card", "seen_total": 3050}
    assert client.post(f"{page}pay/", both).status_code == (302 if on else 409)
    assert Payment.objects.count() == int(on)
