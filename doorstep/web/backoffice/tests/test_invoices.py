"""Writing, sending and voiding invoices."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from doorstep.activity.models import Event
from doorstep.sales.models import Invoice
from tests.cast import Cast, a_person, an_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.money]

OFFICE = "/office/acme/"


def draft(*lines: dict[str, str], **head: str) -> dict[str, str]:
    """What a browser sends."""
    sent = {
        "date": "2026-11-20",
        "due_date": "2026-12-20",
        "lines-TOTAL_FORMS": str(len(lines)),
        "lines-INITIAL_FORMS": "0",
    }
    for place, line in enumerate(lines):
        sent |= {f"lines-{place}-{name}": value for name, value in line.items()}
    return sent | head


ANVILS = {
    "name": "Anvil",
    "quantity": "3",
    "price": "10.01",
    "discount_percent": "10",
    "tax_rate": "7.5",
}


def test_a_draft_is_written_with_lines_discounts_taxes_and_shipping(olivia: Client, cast: Cast):
    page = f"{OFFICE}invoices/new/?contact={cast.coyote.pk}"
    olivia.post(page, draft(ANVILS, {"name": "", "quantity": "1"}, shipping="1,000.00"))
    (made,) = Invoice.of(cast.acme.organization)
    assert made.is_draft
    # 30.03 less 3.00 is 27.03; 7.5 % of it is 2.03.
    assert (made.subtotal, made.discount_total, made.tax_total) == (2703, 300, 203)
    assert made.total == 2703 + 203 + 100_000
    assert made.lines.count() == 1


def test_the_totals_while_typing_are_those_of_the_saved_draft(olivia: Client, cast: Cast):
    page = f"{OFFICE}invoices/totals/{cast.coyote.pk}/"
    sums = olivia.post(
        page, draft(ANVILS, shipping="5"), headers={"HX-Request": "true"}
    ).content.decode()
    assert "$34.06" in sums
    assert 'id="lines-0-amount" hx-swap-oob="true">$27.03' in sums


def test_one_more_line_without_javascript_loses_nothing(olivia: Client, cast: Cast):
    page = f"{OFFICE}invoices/new/?contact={cast.coyote.pk}"
    answer = olivia.post(page, draft({"name": "Anvil", "price": "not yet"}, add="1"))
    words = answer.content.decode()
    assert 'name="lines-1-name"' in words
    assert 'value="not yet"' in words
    assert 'name="lines-1-quantity" value="1"' in words
    assert not Invoice.of(cast.acme.organization).exists()


def test_what_is_wrong_stands_beside_its_cell(olivia: Client, cast: Cast):
    page = f"{OFFICE}invoices/new/?contact={cast.coyote.pk}"
    wrong = {"name": "Anvil", "quantity": "three", "price": "1.0000001", "tax_rate": "-1"}
    words = olivia.post(page, draft(wrong, shipping="1.005")).content.decode()
    assert "Write a number like" in words
    assert "At most 6 decimals." in words
    assert "Not less than 0." in words
    assert "USD has at most 2 decimals." in words
    assert 'value="three"' in words
    assert not Invoice.of(cast.acme.organization).exists()


def test_amounts_are_typed_as_the_member_writes_them(olivia: Client, cast: Cast):
    cast.olivia.account.language = "de"
    cast.olivia.account.save()
    page = f"{OFFICE}invoices/new/?contact={cast.coyote.pk}"
    olivia.post(page, draft({"name": "Amboss", "quantity": "1,5", "price": "1.000,50"}))
    assert Invoice.of(cast.acme.organization).get().total == 150_075
    made = Invoice.of(cast.acme.organization).get()
    assert 'value="1000,5"' in olivia.get(f"{OFFICE}invoices/{made.pk}/edit/").content.decode()


def test_a_draft_is_rewritten_and_deleted(olivia: Client, cast: Cast):
    made = an_invoice(cast.coyote, by=cast.olivia, issued=False)
    olivia.post(f"{OFFICE}invoices/{made.pk}/edit/", draft(ANVILS, reference="PO-7"))
    made.refresh_from_db()
    assert (made.reference, made.total) == ("PO-7", 2906)
    olivia.post(f"{OFFICE}invoices/{made.pk}/deletion/")
    assert not Invoice.of(cast.acme.organization).exists()


def test_an_issued_invoice_is_not_edited(olivia: Client, cast: Cast):
    made = an_invoice(cast.coyote, by=cast.olivia)
    assert olivia.get(f"{OFFICE}invoices/{made.pk}/edit/").status_code == 404
    assert olivia.post(f"{OFFICE}invoices/{made.pk}/deletion/").status_code == 409


def test_it_is_sent_to_those_who_were_chosen(olivia: Client, cast: Cast):
    made = an_invoice(cast.coyote, by=cast.olivia, issued=False)
    page = f"{OFFICE}invoices/{made.pk}/sending/"
    assert "wile@coyote.example" in olivia.get(page).content.decode()
    assert olivia.post(page, {"people": []}).status_code == 200
    olivia.post(page, {"people": [cast.wanda.pk], "note": "As agreed"})
    made.refresh_from_db()
    assert made.number == "INV-000001"
    event = Event.objects.get(kind="paper.sent")
    assert (event.data["people"], event.data["note"]) == ([cast.wanda.pk], "As agreed")


def test_nobody_elses_people_are_written_to(olivia: Client, cast: Cast):
    made = an_invoice(cast.coyote, by=cast.olivia)
    theirs = a_person(cast.globex_customer, "Theirs", "theirs@globex.example", access=False)
    answer = olivia.post(f"{OFFICE}invoices/{made.pk}/sending/", {"people": [theirs.pk]})
    assert answer.status_code == 200
    assert not Event.objects.filter(kind="paper.sent").exists()


def test_it_is_marked_as_sent_without_mail(olivia: Client, cast: Cast):
    made = an_invoice(cast.coyote, by=cast.olivia)
    olivia.post(f"{OFFICE}invoices/{made.pk}/sent/")
    made.refresh_from_db()
    assert made.sent_at is not None
    assert not Event.objects.filter(kind="paper.sent").exists()


def test_it_is_voided_with_a_reason(olivia: Client, cast: Cast):
    made = an_invoice(cast.coyote, by=cast.olivia)
    page = f"{OFFICE}invoices/{made.pk}/void/"
    assert olivia.post(page, {}).status_code == 200
    olivia.post(page, {"reason": "Written twice"})
    made.refresh_from_db()
    assert made.state == "void"
    assert Event.objects.get(kind="paper.voided").data["reason"] == "Written twice"


def test_the_list_has_segments_and_finds_by_number_and_reference(olivia: Client, cast: Cast):
    late = cast.olivia.organization.created_at.date()
    an_invoice(cast.coyote, by=cast.olivia, day=late, due=late.replace(day=1), reference="PO-4711")
    an_invoice(cast.coyote, by=cast.olivia, issued=False)
    overdue = olivia.get(f"{OFFICE}invoices/?show=overdue").content.decode()
    assert "INV-000001" in overdue
    drafts = olivia.get(f"{OFFICE}invoices/?show=draft").content.decode()
    assert "INV-000001" not in drafts
    assert "INV-000001" in olivia.get(f"{OFFICE}invoices/?q=4711").content.decode()
    assert "INV-000001" not in olivia.get(f"{OFFICE}invoices/?q=0815").content.decode()


def test_one_invoice_shows_paper_sentence_and_history(olivia: Client, cast: Cast):
    made = an_invoice(cast.coyote, "1204.50", by=cast.olivia)
    page = olivia.get(f"{OFFICE}invoices/{made.pk}/").content.decode()
    assert "Cast anvil, 25 kg" in page
    assert "$1,204.50" in page
    assert "Olivia Ortiz issued INV-000001" in page


def test_pages_turn_by_key_and_back_again(olivia: Client, cast: Cast):
    for _n in range(60):
        an_invoice(cast.coyote, by=cast.olivia)

    def numbers(query: str) -> tuple[list[str], Any]:
        page = olivia.get(f"{OFFICE}invoices/?{query}").context["page"]
        return [row["number"] for row in page.rows], page

    first, one = numbers("")
    second, two = numbers(one.older)
    third, three = numbers(two.older)
    assert (len(first), len(second), len(third)) == (25, 25, 10)
    assert [*first, *second, *third] == [f"INV-{n:06d}" for n in range(60, 0, -1)]
    assert numbers(three.newer)[0] == second
    assert numbers(two.newer)[0] == first
    assert (one.newer, three.older) == ("", "")
    assert numbers("older=nonsense~x")[0] == first


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(olivia: Client, cast: Cast):
    an_invoice(cast.coyote, by=cast.olivia, reference='=HYPERLINK("http://evil.example")')
    answer = olivia.get(f"{OFFICE}invoices/csv/")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.startswith("\ufeffnumber,state")
    assert "\"'=HYPERLINK(" in text
    assert ",100.00,100.00" in text
