"""Invoices and receipts as files."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from pypdf import PdfReader

from doorstep.documents.models import Rendition
from doorstep.files.models import StoredFile
from doorstep.payments.facts import PaymentFact
from doorstep.payments.models import Payment
from doorstep.payments.renditions import receipt_name, receipt_pdf
from doorstep.payments.states import PaymentState
from doorstep.sales import renditions
from doorstep.sales.models import Invoice
from tests.cast import NOON, Cast, an_invoice

pytestmark = pytest.mark.django_db


def words(pdf: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split()
    )


def pay(cast: Cast, invoices: list[Invoice]) -> Payment:
    payment = Payment.start(
        invoices, by=cast.wile, method="card", seen_total=sum(i.balance for i in invoices), at=NOON
    )
    return Payment.record(
        PaymentFact(
            gateway=payment.gateway,
            attempt=payment.attempt,
            reference=f"ref-{payment.pk}",
            state=PaymentState.SUCCEEDED,
            money=payment.money,
            at=NOON,
            method="card",
            method_label="Visa ending 4242",
        )
    )


def test_an_invoice_says_what_it_is_about(cast: Cast) -> None:
    invoice = an_invoice(cast.coyote, "2310.75", by=cast.olivia, reference="PO 77")

    said = words(renditions.pdf_of(invoice, locale="en", at=NOON))

    for expected in ("INV-000001", "$2,310.75", "Coyote Ltd", "Cast anvil, 25 kg", "PO 77", "TEST"):
        assert expected in said


def test_a_draft_and_a_paid_one_are_stamped(cast: Cast) -> None:
    draft = an_invoice(cast.coyote, by=cast.olivia, issued=False)
    paid = an_invoice(cast.coyote, by=cast.olivia)
    pay(cast, [paid])
    paid.refresh_from_db()

    assert "DRAFT" in words(renditions.pdf_of(draft, locale="en", at=NOON))
    assert "PAID" in words(renditions.pdf_of(paid, locale="en", at=NOON))


def test_the_second_time_it_comes_from_the_store(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    first = renditions.pdf_of(invoice, locale="en", at=NOON)
    monkeypatch.setattr("doorstep.documents.renditions.render", None)

    assert renditions.pdf_of(invoice, locale="en", at=NOON) == first
    assert Rendition.objects.count() == 1


def test_another_language_and_another_brand_are_other_papers(cast: Cast) -> None:
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    renditions.pdf_of(invoice, locale="en", at=NOON)
    renditions.pdf_of(invoice, locale="de", at=NOON)
    invoice.organization.brand_color = "#123456"
    renditions.pdf_of(invoice, locale="en", at=NOON)

    assert Rendition.objects.filter(document=invoice).count() == 3


def test_a_lost_file_is_drawn_again(cast: Cast) -> None:
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    first = renditions.pdf_of(invoice, locale="en", at=NOON)
    StoredFile.objects.update(path="nowhere")

    assert renditions.pdf_of(invoice, locale="en", at=NOON) == first
    assert renditions.pdf_of(invoice, locale="en", at=NOON) == first
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Acme Wholesale", "Acme-INV-000001.pdf"),
        ('Ev"il\r\nX: y', "Ev-il-X-INV-000001.pdf"),
        ("../../etc", "etc-INV-000001.pdf"),
        ("東京商事", "INV-000001.pdf"),
        ("Müller GmbH", "Muller-INV-000001.pdf"),
    ],
)
def test_a_file_name_fits_any_header(cast: Cast, name: str, expected: str) -> None:
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    invoice.organization.name = name

    assert renditions.file_name(invoice) == expected


@pytest.mark.parametrize(
    ("price", "currency", "locale", "shown"),
    [
        ("1200", "USD", "en", "$1,200.00"),
        ("12.345", "USD", "en", "$12.345"),
        ("0.0005", "EUR", "de", "0,0005\u00a0€"),
        ("500", "JPY", "en", "¥500"),
        ("1.5", "KWD", "en", "KWD\u00a01.500"),
    ],
)
def test_a_price_shows_every_decimal_that_it_has(
    price: str, currency: str, locale: str, shown: str
) -> None:
    assert renditions.price_text(Decimal(price), currency, locale) == shown


def test_a_receipt_says_which_invoices_it_paid(cast: Cast) -> None:
    invoices = [an_invoice(cast.coyote, amount, by=cast.olivia) for amount in ("10.00", "20.50")]
    payment = pay(cast, invoices)

    said = words(receipt_pdf(payment, locale="en", at=NOON))

    for expected in (
        "$30.50 USD",
        "INV-000001",
        "INV-000002",
        "Visa ending 4242",
        "Wile Tanner",
        "TEST",
    ):
        assert expected in said
    assert receipt_name(payment) == "Acme-receipt-000001.pdf"


def test_what_no_invoice_took_stands_on_the_receipt_as_credit(cast: Cast) -> None:
    invoices = [an_invoice(cast.coyote, amount, by=cast.olivia) for amount in ("10.00", "20.50")]
    total = sum(i.balance for i in invoices)
    payment = Payment.start(invoices, by=cast.wile, method="card", seen_total=total, at=NOON)
    Invoice.of(cast.coyote).filter(pk=invoices[0].pk).update(state="void", balance=0)
    payment = Payment.record(
        PaymentFact(
            gateway=payment.gateway,
            attempt=payment.attempt,
            reference="r",
            state=PaymentState.SUCCEEDED,
            money=payment.money,
            at=NOON,
        )
    )

    said = words(receipt_pdf(payment, locale="en", at=NOON))

    assert "Credit $10.00" in said
    assert "INV-000001" not in said
