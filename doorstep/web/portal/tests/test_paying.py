"""The payment page, what refuses, and the way back from the bank."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from doorstep.payments.gateways.base import GatewayError
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.sales.models import Invoice
from doorstep.web.portal.tests.conftest import Make, tell
from tests.cast import NOON, TODAY, Cast, a_contact, an_invoice

# A payment commits before the bank is asked, so these tests may not run inside one transaction.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.money]

Begin = Callable[..., Payment]


def press(client: Client, cast: Cast, *invoices: Invoice, **more: object) -> object:
    total = sum(invoice.balance for invoice in invoices)
    sent = {
        "invoice": [invoice.number for invoice in invoices],
        "seen_total": total,
        "method": "card",
        **more,
    }
    return client.post(f"{cast.acme.portal}pay/", sent)


def words(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_three_invoices_go_to_the_bank_as_one_payment(wile: Client, cast: Cast, bill: Make) -> None:
    invoices = [bill("10.00"), bill("20.00"), bill("30.50")]

    answer = press(wile, cast, *invoices)

    payment = Payment.of(cast.coyote).get()
    assert answer.status_code == 302
    assert "/sandbox-bank/" in answer.headers["Location"]
    assert payment.amount == 6050
    assert payment.allocations.count() == 3


def test_looking_at_the_page_starts_nothing(wile: Client, cast: Cast, bill: Make) -> None:
    invoice = bill("10.00")

    page = words(wile.get(f"{cast.acme.portal}pay/?invoice={invoice.number}"))

    assert "Pay $10.00" in page
    assert not Payment.of(cast.coyote)


def test_a_double_click_is_one_payment(wile: Client, cast: Cast, bill: Make) -> None:
    invoice = bill()

    first, second = press(wile, cast, invoice), press(wile, cast, invoice)

    assert first.headers["Location"] == second.headers["Location"]
    assert Payment.of(cast.coyote).count() == 1


def test_a_changed_total_is_shown_and_asked_again(wile: Client, cast: Cast, bill: Make) -> None:
    invoice = bill("10.00")

    answer = press(wile, cast, invoice, seen_total=999)

    assert answer.status_code == 409
    assert "Look at the new total." in words(answer)
    assert "Pay $10.00" in words(answer)
    assert not Payment.of(cast.coyote)


def test_an_invoice_paid_meanwhile_is_left_out(
    wile: Client, cast: Cast, bill: Make, begin: Begin
) -> None:
    paid, left = bill("10.00"), bill("20.00")
    tell(begin(paid), PaymentState.SUCCEEDED)

    answer = press(wile, cast, paid, left, seen_total=3000)

    assert answer.status_code == 409
    assert f"{paid.number}: already paid" in words(answer)
    assert "Pay $20.00" in words(answer)


def test_what_is_on_its_way_is_left_out_with_its_reason(
    wanda: Client, cast: Cast, bill: Make, begin: Begin
) -> None:
    moving, left = bill("10.00"), bill("20.00")
    tell(begin(moving), PaymentState.PENDING, expected_on=TODAY + timedelta(days=6))

    page = words(wanda.get(f"{cast.acme.portal}pay/?invoice={moving.number}&invoice={left.number}"))

    assert (
        f"{moving.number}: bank transfer in progress, started by Wile, arrives Thu 26 Nov" in page
    )
    assert "Pay $20.00" in page


def test_wanda_reads_that_wile_is_paying_and_takes_over(
    wanda: Client, cast: Cast, bill: Make, begin: Begin
) -> None:
    invoice = bill("10.00")
    wiles = begin(invoice)
    wiles.go_to_gateway(return_url="http://testserver/", cancel_url="http://testserver/", at=NOON)

    told = press(wanda, cast, invoice)
    assert told.status_code == 409
    assert "Wile Tanner began to pay $10.00" in words(told)
    taken = press(wanda, cast, invoice, instead_of=wiles.number)

    assert taken.status_code == 302
    wiles.refresh_from_db()
    assert not wiles.is_open
    assert Payment.of(cast.coyote).under_way().get().started_by_name == "Wanda Reyes"


def test_what_the_bank_already_moves_cannot_be_taken_over(
    wanda: Client, cast: Cast, bill: Make, begin: Begin
) -> None:
    invoice = bill("10.00")
    wiles = tell(begin(invoice), PaymentState.PENDING)

    answer = press(wanda, cast, invoice, instead_of=wiles.number)

    assert answer.status_code == 409
    assert "Take over" not in words(answer)
    assert Payment.of(cast.coyote).count() == 1


def test_without_bulk_payment_two_are_refused_by_address_too(
    wile: Client, cast: Cast, bill: Make
) -> None:
    one, other = bill(), bill()
    cast.acme.organization.preferences.change(by=cast.olivia, at=NOON, allow_bulk_payment=False)

    looked = wile.get(f"{cast.acme.portal}pay/?invoice={one.number}&invoice={other.number}")
    pressed = press(wile, cast, one, other)

    assert looked.status_code == pressed.status_code == 409
    assert "Invoices are paid one at a time here." in words(pressed)
    assert press(wile, cast, one).status_code == 302


@pytest.mark.parametrize("total", ["", "x", "-1", "1.5", "9" * 30, "١٠"])
def test_a_total_that_is_no_number_pays_nothing(
    wile: Client, cast: Cast, bill: Make, total: str
) -> None:
    assert press(wile, cast, bill(), seen_total=total).status_code == 409
    assert not Payment.of(cast.coyote)


def test_nobody_pays_for_somebody_else(wile: Client, cast: Cast, bill: Make) -> None:
    theirs = an_invoice(a_contact(cast.acme, "Someone else"), by=cast.olivia)

    assert wile.get(f"{cast.acme.portal}pay/?invoice={theirs.number}").status_code == 404
    assert press(wile, cast, theirs).status_code == 404
    assert press(wile, cast, bill(), instead_of="PAY-999999").status_code == 404


def test_a_way_to_pay_that_does_not_exist_is_refused(wile: Client, cast: Cast, bill: Make) -> None:
    assert press(wile, cast, bill(), method="shells").status_code == 409


def test_two_currencies_are_two_payments(wile: Client, cast: Cast, bill: Make) -> None:
    dollars, euros = bill("10.00"), bill("20.00", currency="EUR")

    page = words(
        wile.get(f"{cast.acme.portal}pay/?invoice={dollars.number}&invoice={euros.number}")
    )

    assert f"{euros.number}: in EUR, to be paid by itself" in page
    assert "Pay $10.00" in page


def test_the_way_back_asks_the_bank_and_says_thank_you(
    wile: Client, cast: Cast, bill: Make, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = begin(bill("10.00"))
    path = f"{cast.acme.portal}payments/{payment.number}/return/"
    monkeypatch.setattr(
        Payment, "ask_gateway", lambda self, *, at: tell(self, PaymentState.SUCCEEDED)
    )

    looked = wile.get(path)
    assert "Confirming" in words(looked)
    assert Payment.of(cast.coyote).get().is_open
    asked = wile.post(path, headers={"HX-Request": "true"})

    assert "Thank you" in words(asked)
    assert "hx-post" not in words(asked)
    assert "<html" not in words(asked)
    assert wile.post(path).status_code == 302


def test_while_nothing_is_known_the_page_asks_again(
    wile: Client, cast: Cast, bill: Make, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = begin(bill("10.00"))

    def silent(self: Payment, *, at: object) -> Payment:
        raise GatewayError("The bank does not answer just now.")

    monkeypatch.setattr(Payment, "ask_gateway", silent)

    page = words(
        wile.post(
            f"{cast.acme.portal}payments/{payment.number}/return/", headers={"HX-Request": "true"}
        )
    )

    assert "The bank does not answer just now." in page
    assert 'hx-trigger="load delay:2s"' in page


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (PaymentState.PENDING, "Bank transfer in progress"),
        (PaymentState.FAILED, "That did not go through"),
        (PaymentState.CANCELLED, "Nothing was paid"),
        (PaymentState.EXPIRED, "Nothing was paid"),
    ],
)
def test_the_way_back_says_how_it_ended(
    wile: Client, bill: Make, begin: Begin, state: PaymentState, said: str
) -> None:
    payment = tell(begin(bill("10.00")), state)

    assert said in words(wile.get(f"/portal/acme/payments/{payment.number}/return/"))


def test_a_payment_has_a_page_a_receipt_and_a_line_in_the_file(
    wanda: Client, cast: Cast, bill: Make, begin: Begin
) -> None:
    payment = tell(
        begin(bill("10.00"), bill("5.00")), PaymentState.SUCCEEDED, method_label="Visa 4242"
    )
    base = f"{cast.acme.portal}payments/"

    page = words(wanda.get(f"{base}{payment.number}/"))
    assert "Acme Wholesale received $15.00 on Friday 20 November 2026." in page
    assert "$5.00" in page
    assert payment.number in words(wanda.get(base))
    assert "Visa 4242" in b"".join(wanda.get(f"{cast.acme.portal}payments.csv")).decode()
    receipt = wanda.get(f"{base}{payment.number}/receipt/")
    assert receipt.content.startswith(b"%PDF")


def test_there_is_no_receipt_before_the_money_came(
    wile: Client, cast: Cast, bill: Make, begin: Begin
) -> None:
    payment = tell(begin(bill()), PaymentState.PENDING)

    assert wile.get(f"{cast.acme.portal}payments/{payment.number}/receipt/").status_code == 404


def test_strangers_find_no_payment(
    cast: Cast, bill: Make, begin: Begin, signed_in: Callable[[object], Client]
) -> None:
    payment = tell(begin(bill()), PaymentState.SUCCEEDED)

    for stranger in (cast.greta, cast.rita, cast.olivia):
        client = signed_in(stranger)
        for path in ("", "receipt/", "return/"):
            answer = client.get(f"{cast.acme.portal}payments/{payment.number}/{path}")
            assert answer.status_code == 404
