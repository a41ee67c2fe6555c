"""Money that came another way, and what the list says."""

from __future__ import annotations

import pytest
from django.test import Client

from doorstep.payments.models import Payment
from doorstep.web.backoffice.forms.payments import PaymentForm
from tests.cast import NOON, Cast, an_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.money]

OFFICE = "/office/acme/"


def received(cast: Cast, amount: str, **more: str) -> dict[str, str]:
    """What the form sends, with a key as it was drawn."""
    key = PaymentForm(contact=cast.coyote, today=NOON.date()).initial["key"]
    return {"amount": amount, "date": "2026-11-20", "method": "bank_transfer", "key": key} | more


def test_a_payment_is_spread_and_the_rest_is_credit(olivia: Client, cast: Cast):
    first = an_invoice(cast.coyote, "100.00", by=cast.olivia)
    second = an_invoice(cast.coyote, "50.00", by=cast.olivia)
    page = f"{OFFICE}payments/new/?contact={cast.coyote.pk}"
    olivia.post(
        page,
        received(cast, "130.00", **{f"share-{first.pk}": "100.00", f"share-{second.pk}": "20"}),
    )
    payment = Payment.objects.get()
    assert (payment.amount, payment.unallocated, payment.state) == (13000, 1000, "succeeded")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.balance) == ("paid", 3000)
    shown = olivia.get(f"{OFFICE}payments/{payment.pk}/").content.decode()
    assert "$10.00 was not needed" in shown


def test_the_amount_is_spread_over_the_oldest_without_javascript(olivia: Client, cast: Cast):
    late = an_invoice(cast.coyote, "100.00", by=cast.olivia, due=NOON.date().replace(day=1))
    later = an_invoice(cast.coyote, "50.00", by=cast.olivia, due=NOON.date().replace(day=19))
    page = f"{OFFICE}payments/new/?contact={cast.coyote.pk}"
    shown = olivia.post(page, received(cast, "120", spread="1")).context["form"]
    assert shown[f"share-{late.pk}"].value() == "100.00"
    assert shown[f"share-{later.pk}"].value() == "20.00"
    assert not Payment.objects.exists()


def test_more_than_was_received_or_is_owed_is_refused_beside_the_field(olivia: Client, cast: Cast):
    invoice = an_invoice(cast.coyote, "100.00", by=cast.olivia)
    page = f"{OFFICE}payments/new/?contact={cast.coyote.pk}"
    too_much = olivia.post(page, received(cast, "500", **{f"share-{invoice.pk}": "100.01"}))
    assert "More than is still owed." in too_much.content.decode()
    too_far = olivia.post(page, received(cast, "50", **{f"share-{invoice.pk}": "100"}))
    assert "You have spread more than was received." in too_far.content.decode()
    assert not Payment.objects.exists()


def test_a_transfer_in_progress_warns_and_does_not_block(olivia: Client, cast: Cast):
    from doorstep.payments.facts import PaymentFact
    from doorstep.payments.states import PaymentState

    invoice = an_invoice(cast.coyote, "100.00", by=cast.olivia)
    started = Payment.start([invoice], by=cast.wile, method="bank_debit", seen_total=10000, at=NOON)
    Payment.record(
        PaymentFact(
            gateway=started.gateway,
            attempt=started.attempt,
            reference="ref",
            state=PaymentState.PENDING,
            money=started.money,
            at=NOON,
        )
    )
    page = f"{OFFICE}payments/new/?contact={cast.coyote.pk}"
    assert "started by Wile Tanner, is in progress" in olivia.get(page).content.decode()
    typed = received(cast, "100", **{f"share-{invoice.pk}": "100"})
    warned = olivia.post(page, typed).content.decode()
    assert "Wile Tanner: $100.00, Bank transfer in progress." in warned
    assert not Payment.objects.filter(gateway="manual").exists()
    olivia.post(page, {**typed, "anyway": "on"})
    assert Payment.objects.filter(gateway="manual", state="succeeded").exists()


def test_a_day_that_has_not_come_is_refused(olivia: Client, cast: Cast):
    page = f"{OFFICE}payments/new/?contact={cast.coyote.pk}"
    answer = olivia.post(page, received(cast, "5") | {"date": "2126-01-01"})
    assert "This day has not come yet." in answer.content.decode()


def test_the_list_is_found_by_customer_and_reference(olivia: Client, cast: Cast):
    page = f"{OFFICE}payments/new/?contact={cast.coyote.pk}"
    olivia.post(page, received(cast, "5.00", reference="WIRE 77"))
    for words in ("wire", "coyote", "PAY-0"):
        assert "PAY-000001" in olivia.get(f"{OFFICE}payments/?q={words}").content.decode()
    assert "PAY-000001" not in olivia.get(f"{OFFICE}payments/?q=other").content.decode()


def test_nobody_records_money_of_somebody_elses_customer(olivia: Client, cast: Cast):
    page = f"{OFFICE}payments/new/?contact={cast.globex_customer.pk}"
    assert olivia.post(page, received(cast, "5.00")).status_code == 404


def test_a_double_submit_books_once(olivia: Client, cast: Cast):
    invoice = an_invoice(cast.coyote, "100.00", by=cast.olivia)
    page = f"{OFFICE}payments/new/?contact={cast.coyote.pk}"
    typed = received(cast, "40", **{f"share-{invoice.pk}": "40"})
    first, second = olivia.post(page, typed), olivia.post(page, typed)

    assert first.headers["Location"] == second.headers["Location"]
    assert Payment.objects.count() == 1
    invoice.refresh_from_db()
    assert invoice.balance == 6000


def test_two_forms_are_two_payments(olivia: Client, cast: Cast):
    page = f"{OFFICE}payments/new/?contact={cast.coyote.pk}"
    for _form in range(2):
        olivia.post(page, received(cast, "40"))

    assert Payment.objects.count() == 2


def test_a_used_form_takes_no_other_money_in_silence(olivia: Client, cast: Cast):
    page = f"{OFFICE}payments/new/?contact={cast.coyote.pk}"
    typed = received(cast, "40")
    olivia.post(page, typed)
    answer = olivia.post(page, {**typed, "amount": "55"})

    assert "With this form you recorded PAY-000001 already." in answer.content.decode()
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("key", ["", "made up", "made:up"])
def test_a_form_that_we_did_not_draw_books_nothing(olivia: Client, cast: Cast, key: str):
    page = f"{OFFICE}payments/new/?contact={cast.coyote.pk}"
    answer = olivia.post(page, received(cast, "40", key=key))

    assert answer.status_code == 200
    assert not Payment.objects.exists()


def test_somebody_who_is_at_the_bank_is_named_before_the_same_is_recorded(
    olivia: Client, cast: Cast
):
    invoice = an_invoice(cast.coyote, "100.00", by=cast.olivia)
    Payment.start([invoice], by=cast.wanda, method="card", seen_total=10000, at=NOON)
    page = f"{OFFICE}payments/new/?contact={cast.coyote.pk}&invoice={invoice.pk}"

    assert "Wanda Reyes: $100.00" in olivia.get(page).content.decode()


def test_reading_the_form_stores_nothing(olivia: Client, cast: Cast, django_assert_max_num_queries):
    page = f"{OFFICE}payments/new/?contact={cast.coyote.pk}"
    olivia.get(page)
    with django_assert_max_num_queries(8) as asked:
        olivia.get(page)
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)


def test_an_empty_list_offers_the_next_step(olivia: Client):
    """Of payments and of invoices: where to press stands where somebody looks."""
    for page, steps in (
        ("payments", ["payments/new/"]),
        ("invoices", ["invoices/new/", "settings/imports/"]),
    ):
        shown = olivia.get(f"/office/acme/{page}/").content.decode()
        empty = shown[shown.index("card empty") :]
        for step in steps:
            assert f'href="/office/acme/{step}"' in empty, step
