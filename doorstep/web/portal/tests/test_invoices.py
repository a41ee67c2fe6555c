"""The list of invoices, and one of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from doorstep.activity.models import Event
from doorstep.documents.events import PAPER_VIEWED
from doorstep.organizations.models import Organization
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.web.portal.tests.conftest import Make, tell
from tests.cast import NOON, TODAY, Cast, a_contact, a_person, an_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.money]

SignIn = Callable[[object], Client]
Begin = Callable[..., Payment]


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    body = b"".join(answer) if answer.streaming else answer.content
    return " ".join(body.decode().split())


@pytest.fixture
def shelf(cast: Cast, bill: Make, begin: Begin) -> dict[str, str]:
    """One invoice of each sort: number by name."""
    late, later = bill("100.00", due=-7, reference="PO 7752"), bill("200.00", due=14)
    paid, draft = bill("300.00", due=2), bill("400.00", issued=False)
    tell(begin(paid), PaymentState.SUCCEEDED)
    void = bill("500.00")
    void.void(by=cast.olivia, at=NOON)
    return {
        "late": late.number,
        "later": later.number,
        "paid": paid.number,
        "draft": str(draft),
        "void": void.number,
    }


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"late", "later"}),
        ("?show=open", {"late", "later"}),
        ("?show=overdue", {"late"}),
        ("?show=paid", {"paid"}),
        ("?show=all", {"late", "later", "paid"}),
        ("?show=all&q=7752", {"late"}),
        ("?show=all&q=nothing", set()),
        ("?show=all&from=2026-11-01", {"later"}),
        ("?show=all&to=2026-10-20", {"late"}),
        ("?show=nonsense&sort=nonsense&newer=x~y&from=2026-99-99", {"late", "later"}),
    ],
)
def test_the_list_shows_what_is_asked(
    wile: Client, cast: Cast, shelf: dict[str, str], query: str, shown: set[str]
) -> None:
    page = text(wile, f"{cast.acme.portal}invoices/{query}")

    assert {name for name, number in shelf.items() if f">{number}</a>" in page} == shown


def test_each_segment_says_how_many_it_holds(
    wile: Client, cast: Cast, shelf: dict[str, str]
) -> None:
    page = text(wile, f"{cast.acme.portal}invoices/")

    for label, count in (("Open", 2), ("Overdue", 1), ("Paid", 1), ("All", 3)):
        assert f'{label} <span class="count">{count}</span>' in page
    assert "$300.00</strong> in total" in page


def test_a_search_is_shown_as_text(wile: Client, cast: Cast, shelf: dict[str, str]) -> None:
    assert "<script>" not in text(
        wile, f"{cast.acme.portal}invoices/?q=<script>alert(1)</script>"
    ).replace("<script src", "")


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("?show=open", [1, 2, 0]),
        ("?show=open&sort=due", [1, 2, 0]),
        ("?show=open&sort=amount", [2, 0, 1]),
        ("?show=open&sort=date", [0, 2, 1]),
        ("?show=all", [0, 2, 1]),
        ("?show=all&sort=amount", [0, 2, 1]),
    ],
)
def test_the_list_is_sorted(
    wile: Client, cast: Cast, bill: Make, query: str, order: list[int]
) -> None:
    numbers = [
        bill("20.00", due=9).number,
        bill("10.00", due=3).number,
        bill("30.00", due=5).number,
    ]

    page = text(wile, f"{cast.acme.portal}invoices/{query}")

    assert [numbers.index(n) for n in sorted(numbers, key=page.index)] == order


@pytest.mark.parametrize("query", ["?show=open", "?show=all", "?show=open&sort=amount"])
def test_pages_turn_without_losing_or_repeating_a_row(
    wile: Client, cast: Cast, bill: Make, query: str
) -> None:
    everything = {bill(f"{10 + n % 3}.00", due=n % 4).number for n in range(27)}

    first = wile.get(f"{cast.acme.portal}invoices/{query}")
    second = wile.get(f"{cast.acme.portal}invoices/?{first.context['page'].older}")
    back = wile.get(f"{cast.acme.portal}invoices/?{second.context['page'].newer}")

    rows = [[row["number"] for row in answer.context["rows"]] for answer in (first, second, back)]
    assert len(rows[0]) == 25
    assert set(rows[0] + rows[1]) == everything
    assert rows[2] == rows[0]


def test_the_file_holds_the_same_rows_and_runs_nothing(
    wile: Client, cast: Cast, shelf: dict[str, str], bill: Make
) -> None:
    bill("12.34", due=5, reference="=HYPERLINK(1)")

    lines = text(wile, f"{cast.acme.portal}invoices.csv?show=open")

    assert "'=HYPERLINK(1)" in lines
    assert "12.34" in lines
    assert shelf["late"] in lines
    assert shelf["paid"] not in lines


def test_an_invoice_under_way_has_a_lock_and_says_who_and_until_when(
    wanda: Client, cast: Cast, bill: Make, begin: Begin
) -> None:
    tell(begin(bill()), PaymentState.PENDING, expected_on=TODAY + timedelta(days=6))

    page = text(wanda, f"{cast.acme.portal}invoices/")

    assert "Started by Wile, arrives Thu 26 Nov" in page
    assert 'type="checkbox" form="pick"' not in page


def test_without_bulk_payment_there_are_no_tick_boxes(wile: Client, cast: Cast, bill: Make) -> None:
    bill()
    assert 'form="pick"' in text(wile, f"{cast.acme.portal}invoices/")

    cast.acme.organization.preferences.change(by=cast.olivia, at=NOON, allow_bulk_payment=False)

    assert 'form="pick"' not in text(wile, f"{cast.acme.portal}invoices/")


def test_only_one_currency_is_picked_at_a_time(wile: Client, cast: Cast, bill: Make) -> None:
    dollars, euros = bill("10.00"), bill("10.00", currency="EUR")

    page = text(wile, f"{cast.acme.portal}invoices/")

    assert f'value="{dollars.number}" data-amount' in page
    assert f'value="{euros.number}" data-amount' not in page


def test_an_invoice_says_how_it_stands_and_what_to_press(
    wile: Client, cast: Cast, bill: Make
) -> None:
    invoice = bill("2310.75", due=-7)

    page = text(wile, f"{cast.acme.portal}invoices/{invoice.number}/")

    assert "This invoice was due on Friday 13 November 2026, 7 days ago." in page
    assert "Pay $2,310.75" in page
    assert "Cast anvil, 25 kg" in page


@pytest.mark.breaks_invariants  # its number is changed behind the invoice's back
def test_a_number_from_another_system_may_hold_a_slash(
    wile: Client, cast: Cast, bill: Make
) -> None:
    invoice = bill()
    type(invoice).objects.filter(pk=invoice.pk).update(number="2026/11 #7")

    assert "2026/11%20%237/" in text(wile, f"{cast.acme.portal}invoices/")
    assert text(wile, f"{cast.acme.portal}invoices/2026/11%20%237/")


def test_drafts_void_papers_and_strangers_find_nothing(
    wile: Client, cast: Cast, shelf: dict[str, str], signed_in: SignIn
) -> None:
    globex = a_person(cast.globex_customer, "Gus", "gus@globex-customer.example")
    theirs = an_invoice(cast.globex_customer, by=cast.greta)
    colleague = a_contact(cast.acme, "Someone else")
    neighbour = an_invoice(colleague, by=cast.olivia)
    base = f"{cast.acme.portal}invoices/"

    assert wile.get(f"{base}{shelf['void']}/").status_code == 404
    assert wile.get(f"{base}{neighbour.number}/").status_code == 404
    assert wile.get(f"{cast.globex.portal}invoices/{theirs.number}/").status_code == 404
    for stranger in (cast.greta, cast.rita, globex, cast.olivia):
        client = signed_in(stranger)
        for path in ("", "pdf/", "print/"):
            assert client.get(f"{base}{shelf['late']}/{path}").status_code == 404


def test_the_first_view_is_noted_once(wile: Client, wanda: Client, cast: Cast, bill: Make) -> None:
    invoice = bill()
    path = f"{cast.acme.portal}invoices/{invoice.number}/"

    wile.head(path)
    wile.get(path, headers={"Sec-Purpose": "prefetch"})
    assert not Event.about(invoice).filter(kind=PAPER_VIEWED)
    wile.get(path)
    wanda.get(path)

    assert [event.actor_name for event in Event.about(invoice).filter(kind=PAPER_VIEWED)] == [
        "Wile Tanner"
    ]


def test_the_pdf_carries_a_name_that_says_what_it_is(wile: Client, cast: Cast, bill: Make) -> None:
    answer = wile.get(f"{cast.acme.portal}invoices/{bill().number}/pdf/")

    assert answer.content.startswith(b"%PDF")
    assert 'filename="Acme-INV-000001.pdf"' in answer.headers["Content-Disposition"]


def test_a_sheet_printed_where_money_is_play_money_says_test(
    wile: Client, cast: Cast, bill: Make
) -> None:
    sheet = f"{cast.acme.portal}invoices/{bill().number}/print/"
    says_test = {}
    for test_mode in (False, True):
        Organization.objects.filter(pk=cast.acme.organization.pk).update(test_mode=test_mode)
        says_test[test_mode] = "TEST</strong>" in wile.get(sheet).content.decode()

    assert says_test == {False: False, True: True}


def test_while_the_bank_moves_money_there_is_no_button(
    wanda: Client, cast: Cast, bill: Make, begin: Begin
) -> None:
    invoice = bill("420.00")
    payment = tell(
        begin(invoice),
        PaymentState.PENDING,
        expected_on=TODAY + timedelta(days=6),
        method_label="First Mesa",
    )

    page = text(wanda, f"{cast.acme.portal}invoices/{invoice.number}/")

    assert "Your bank is moving $420.00." in page
    assert "It should arrive on Thursday 26 November 2026." in page
    assert payment.number in page
    assert "Wile Tanner" in page
    assert "Pay $" not in page


def test_a_returned_transfer_brings_the_button_back(
    wanda: Client, cast: Cast, bill: Make, begin: Begin
) -> None:
    invoice = bill("420.00")
    payment = begin(invoice)
    tell(payment, PaymentState.PENDING)
    tell(payment, PaymentState.FAILED, reason="Insufficient funds")

    page = text(wanda, f"{cast.acme.portal}invoices/{invoice.number}/")

    assert "Pay $420.00" in page
    assert "did not go through" in page


def test_without_a_gateway_the_bank_details_are_shown(wile: Client, cast: Cast, bill: Make) -> None:
    organization, invoice = cast.acme.organization, bill("10.00")
    organization.gateway, organization.bank_details = "", "First Mesa Bank\n0142 5550"
    organization.save()

    page = text(wile, f"{cast.acme.portal}invoices/{invoice.number}/")

    assert "First Mesa Bank" in page
    assert "Pay $10.00" not in page


def test_a_person_who_may_not_pay_is_told_whom_to_ask(wile: Client, cast: Cast, bill: Make) -> None:
    invoice = bill("10.00")
    cast.wile.may_pay = False
    cast.wile.save()

    page = text(wile, f"{cast.acme.portal}invoices/{invoice.number}/")

    assert "Ask a colleague who may." in page
    assert "Pay $10.00" not in page
