"""Home: what is the matter, how much, what to press."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from doorstep.payments.states import PaymentState
from doorstep.web.portal.tests.conftest import Make, tell
from tests.cast import TODAY, Cast, a_contact, an_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.money]


def home(client: Client, cast: Cast) -> str:
    answer = client.get(cast.acme.portal)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_wile_reads_what_is_overdue_and_pays_all_of_it(
    wile: Client, cast: Cast, bill: Make
) -> None:
    bill("1204.50", due=-28)
    bill("864.00", due=-14)
    bill("50.00", due=3)

    page = home(wile, cast)

    assert "2 invoices are overdue" in page
    assert "28 days late" in page
    assert "Pay all $2,068.50" in page
    assert "pay/?overdue=USD" in page
    assert "$2,118.50" in page


def test_what_a_bank_moves_is_neither_overdue_nor_paid_again(
    wile: Client, cast: Cast, bill: Make, begin: Callable[..., object]
) -> None:
    late, moving = bill("100.00", due=-3), bill("420.00", due=-2)
    tell(begin(moving), PaymentState.PENDING, expected_on=TODAY + timedelta(days=4))  # type: ignore[arg-type]

    page = home(wile, cast)

    assert "1 invoice is overdue" in page
    assert "Pay $100.00" in page
    assert "Bank transfer in progress" in page
    assert f"invoice={late.number}" in page


def test_without_bulk_payment_there_is_no_pay_all(wile: Client, cast: Cast, bill: Make) -> None:
    bill(due=-3)
    bill(due=-4)
    preferences = cast.acme.organization.preferences
    preferences.change(by=cast.olivia, at=cast.olivia.created_at, allow_bulk_payment=False)

    page = home(wile, cast)

    assert "2 invoices are overdue" in page
    assert "Pay all" not in page


def test_currencies_are_never_added_together(wile: Client, cast: Cast, bill: Make) -> None:
    bill("100.00", due=-3)
    bill("30.00", due=-3, currency="EUR")

    page = home(wile, cast)

    assert "$100.00" in page
    assert "€30.00" in page
    assert "130.00" not in page


def test_a_customer_who_owes_nothing_reads_so(wile: Client, cast: Cast) -> None:
    page = home(wile, cast)

    assert "Nothing is overdue" in page
    assert "There is nothing to pay" in page


def test_the_banner_keeps_bold_and_loses_scripts(wile: Client, cast: Cast) -> None:
    preferences = cast.acme.organization.preferences
    preferences.banner_message = (
        '<b>Closed</b> <script>alert(1)</script><a href="javascript:x">x</a>'
    )
    preferences.save()

    page = home(wile, cast)

    assert "<b>Closed</b>" in page
    assert "alert(1)" not in page
    assert "javascript:" not in page


def test_an_empty_banner_is_a_plain_welcome(wile: Client, cast: Cast) -> None:
    assert "Welcome to the portal of Acme Wholesale." in home(wile, cast)


def test_the_last_payment_leads_to_its_receipt(
    wile: Client, cast: Cast, bill: Make, begin: Callable[..., object]
) -> None:
    payment = tell(begin(bill("932.00"), bill("8.00")), PaymentState.SUCCEEDED)  # type: ignore[arg-type]

    page = home(wile, cast)

    assert "$940.00" in page
    assert "2 invoices · reference " + payment.number in page


def test_rita_the_vendor_finds_a_vendors_home(
    cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    preferences = cast.acme.organization.preferences
    preferences.banner_message, preferences.vendor_banner_message = "For customers", "For vendors"
    preferences.save()

    page = home(signed_in(cast.rita), cast)

    assert "For vendors" in page
    assert "For customers" not in page
    assert "Purchase orders from Acme Wholesale" in page
    assert "Balance payable" not in page


def test_a_customer_with_hundreds_of_open_invoices_sees_the_whole_sum(
    wile: Client, cast: Cast, bill: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doorstep.sales.standing.MOST", 2)
    for _each in range(4):
        bill("10.00", due=-3)

    page = home(wile, cast)

    assert "4 invoices are overdue" in page
    assert "$40.00" in page


def test_papers_of_other_customers_are_not_counted(wile: Client, cast: Cast, bill: Make) -> None:
    bill("10.00", due=-3)
    an_invoice(a_contact(cast.acme, "Someone else"), "999.00", by=cast.olivia)

    assert "999.00" not in home(wile, cast)
