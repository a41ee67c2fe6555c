"""Row 4: *Prevent duplicate payments*, on every face, with its open and pending states."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from doorstep.organizations.models import PortalPreferences
from doorstep.organizations.preferences import PaymentInProgress
from doorstep.payments.facts import PaymentFact
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.sales.models import Invoice
from doorstep.sharing.models import Link
from tests.cast import NOON, Cast, an_invoice

# A payment commits before the bank is asked, so these tests may not run inside one transaction.
pytestmark = [
    pytest.mark.money,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("noon"),
]


def switch(cast: Cast, *, on: bool) -> None:
    stored = PortalPreferences.objects.get(organization=cast.acme.organization)
    stored.change(by=cast.olivia, at=NOON, prevent_duplicate_payments=on)
    for person in (cast.wile, cast.wanda):
        person.organization.preferences = stored


def debit(cast: Cast, *invoices: Invoice, state: PaymentState = PaymentState.PENDING) -> Payment:
    """Wile's bank debit, as far as the bank says."""
    total = sum(invoice.balance for invoice in invoices)
    started = Payment.start(
        list(invoices), by=cast.wile, method="bank_debit", seen_total=total, at=NOON
    )
    return tell(started, state)


def tell(payment: Payment, state: PaymentState) -> Payment:
    return Payment.record(
        PaymentFact(
            gateway=payment.gateway,
            attempt=payment.attempt,
            reference=payment.provider_reference or f"ref-{payment.pk}",
            state=state,
            money=payment.money,
            at=NOON,
            expected_on=date(2026, 11, 26) if state == PaymentState.PENDING else None,
        )
    )


def press(client, *invoices: Invoice, method: str = "card"):
    total = sum(invoice.balance for invoice in invoices)
    sent = {"invoice": [i.number for i in invoices], "seen_total": total, "method": method}
    return client.post("/portal/acme/pay/", sent)


def test_on_wanda_reads_who_started_it_how_much_and_until_when(cast: Cast, signed_in):
    invoice = an_invoice(cast.coyote, "420.00", by=cast.olivia)
    debit(cast, invoice)
    page = signed_in(cast.wanda).get(f"/portal/acme/invoices/{invoice.number}/").content.decode()
    for words in ("Wile Tanner", "$420.00", "26 Nov"):
        assert words in page
    assert "/pay/?invoice=" not in page


def test_on_nobody_pays_it_a_second_time_not_even_by_address(cast: Cast, signed_in):
    invoice = an_invoice(cast.coyote, "420.00", by=cast.olivia)
    debit(cast, invoice)
    for person in (cast.wile, cast.wanda):
        assert press(signed_in(person), invoice).status_code == 409
    with pytest.raises(PaymentInProgress):
        Payment.start([invoice], by=cast.wanda, method="card", seen_total=42000, at=NOON)
    assert Payment.objects.count() == 1


def test_on_bulk_payment_leaves_it_out_and_totals_again(cast: Cast, signed_in):
    moving, other = (
        an_invoice(cast.coyote, amount, by=cast.olivia) for amount in ("420.00", "30.00")
    )
    debit(cast, moving)
    page = (
        signed_in(cast.wanda)
        .get(f"/portal/acme/pay/?invoice={moving.number}&invoice={other.number}")
        .content.decode()
    )
    assert "Pay $30.00" in page
    assert moving.number in page


@pytest.mark.parametrize("end", [PaymentState.FAILED, PaymentState.EXPIRED, PaymentState.CANCELLED])
def test_on_it_is_payable_again_the_moment_the_first_one_ends(
    cast: Cast, signed_in, end: PaymentState
):
    invoice = an_invoice(cast.coyote, "420.00", by=cast.olivia)
    first = debit(cast, invoice, state=PaymentState.OPEN)
    if end == PaymentState.FAILED:
        tell(first, PaymentState.PENDING)
    tell(first, end)
    assert press(signed_in(cast.wanda), invoice).status_code == 302


def test_on_an_open_attempt_is_resumed_by_its_starter_and_told_to_others(cast: Cast, signed_in):
    invoice = an_invoice(cast.coyote, "420.00", by=cast.olivia)
    first = debit(cast, invoice, state=PaymentState.OPEN)
    assert press(signed_in(cast.wile), invoice, method="bank_debit").status_code == 302
    assert Payment.objects.get() == first
    told = press(signed_in(cast.wanda), invoice)
    assert told.status_code == 409
    assert "Wile Tanner" in told.content.decode()


def test_off_the_payer_is_warned_and_the_surplus_becomes_credit(cast: Cast, signed_in):
    switch(cast, on=False)
    invoice = an_invoice(cast.coyote, "420.00", by=cast.olivia)
    first = debit(cast, invoice)
    wanda = signed_in(cast.wanda)
    page = wanda.get(f"/portal/acme/pay/?invoice={invoice.number}").content.decode()
    assert "Wile Tanner" in page
    assert press(wanda, invoice).status_code == 302
    second = Payment.objects.exclude(pk=first.pk).get()
    tell(second, PaymentState.SUCCEEDED)
    late = tell(first, PaymentState.SUCCEEDED)
    invoice.refresh_from_db()
    assert (invoice.state, late.unallocated) == ("paid", 42000)


@pytest.mark.parametrize("on", [True, False])
def test_a_double_click_is_one_attempt_whatever_the_setting(cast: Cast, signed_in, on: bool):
    switch(cast, on=on)
    invoice = an_invoice(cast.coyote, "420.00", by=cast.olivia)
    wile = signed_in(cast.wile)
    assert press(wile, invoice).headers["Location"] == press(wile, invoice).headers["Location"]
    assert Payment.objects.count() == 1


def test_staff_are_warned_and_never_blocked(cast: Cast, signed_in):
    invoice = an_invoice(cast.coyote, "420.00", by=cast.olivia)
    debit(cast, invoice)
    olivia = signed_in(cast.olivia)
    page = f"/office/acme/payments/new/?contact={cast.coyote.pk}"
    shown = olivia.get(page)
    assert "is in progress" in shown.content.decode()
    sent = {
        "key": shown.context["form"].initial["key"],
        "anyway": "on",
        "amount": "420.00",
        "date": "2026-11-20",
        "method": "cheque",
        f"share-{invoice.pk}": "420",
    }
    assert olivia.post(page, sent).status_code == 302
    invoice.refresh_from_db()
    assert invoice.state == "paid"


def test_money_for_an_invoice_paid_meanwhile_arrives_as_credit(cast: Cast, signed_in):
    invoice = an_invoice(cast.coyote, "420.00", by=cast.olivia)
    moving, olivia = debit(cast, invoice), signed_in(cast.olivia)
    page = f"/office/acme/payments/new/?contact={cast.coyote.pk}"
    sent = {
        "key": olivia.get(page).context["form"].initial["key"],
        "anyway": "on",
        "amount": "420.00",
        "date": "2026-11-20",
        "method": "cash",
        f"share-{invoice.pk}": "420",
    }
    olivia.post(page, sent)
    assert tell(moving, PaymentState.SUCCEEDED).unallocated == 42000


def test_pending_is_no_state_of_the_invoice(cast: Cast):
    invoice = an_invoice(cast.coyote, "420.00", by=cast.olivia)
    debit(cast, invoice)
    invoice.refresh_from_db()
    assert (invoice.state, invoice.balance) == ("sent", 42000)


def test_on_a_link_takes_no_second_payment_either(cast: Cast):
    invoice = an_invoice(cast.coyote, "420.00", by=cast.olivia)
    debit(cast, invoice)
    _link, token = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=NOON)
    client = Client()
    page = client.get(f"/s/{token}")["Location"]
    sent = {"method": "card", "seen_total": 42000}
    assert client.post(f"{page}pay/", sent).status_code == 409
    assert Payment.objects.count() == 1
