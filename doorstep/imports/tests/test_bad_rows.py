"""Every way in which a row can be wrong is named by line, column and reason."""

from __future__ import annotations

import pytest

from doorstep.contacts.models import Contact
from doorstep.imports.models import BatchState, Mode
from doorstep.imports.running import run
from doorstep.imports.tests.samples import (
    Desk,
    contact,
    invoice,
    paid_invoice,
    payment,
    said,
    table,
)
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice
from tests.cast import NOON, Cast, an_invoice

pytestmark = pytest.mark.django_db

CONTACTS = [
    (contact(Display_Name=""), "Display Name", "Empty."),
    (
        contact(EmailID="laurence at home"),
        "EmailID",
        "“laurence at home” is not an e-mail address.",
    ),
    (
        contact(Currency_Code="dollars"),
        "Currency Code",
        "“dollars” is not a currency code like USD.",
    ),
    (contact(Contact_ID=""), "Contact ID", "Empty."),
    (contact(Phone="1" * 61), "Phone", "Longer than 60 characters."),
    (contact(Payment_Terms="9999"), "Payment Terms", "“9999” is too large."),
    (
        contact(Company_Name="Bon\x00app"),
        "company name",
        "Contains a character that cannot be stored.",
    ),
]
INVOICES = [
    (
        invoice(Invoice_Date="01.10.2026"),
        "Invoice Date",
        "“01.10.2026” is not a date like 2026-11-13.",
    ),
    (invoice(Due_Date="2026-02-30"), "Due Date", "“2026-02-30” is not a date like 2026-11-13."),
    (invoice(Quantity="ten"), "Quantity", "“ten” is not a number."),
    (invoice(Item_Price="NaN"), "Item Price", "“NaN” is not a number."),
    (invoice(Item_Price="1e9"), "Item Price", "“1e9” is not a number."),
    (invoice(Item_Price="99999999999"), "Item Price", "“99999999999” is too large."),
    (invoice(Shipping_Charge="1.005"), "Shipping Charge", "USD has at most 2 decimals."),
    (invoice(Discount="120"), "Discount", "“120.0000” is not a discount from 0 to 100 percent."),
    (invoice(Invoice_Status="Lost"), "Invoice Status", "“Lost” is not a known status."),
    (invoice(Customer_ID="C-404"), "Customer ID", "Unknown customer “C-404”."),
    (
        invoice(Item_Price="-5", Total="-50.00"),
        "Total",
        "Below zero: an invoice cannot owe the customer money.",
    ),
    (invoice(Invoice_Number=""), "Invoice Number", "Empty."),
]
PAYMENTS = [
    (
        payment(Amount="0.00", Amount_Applied_to_Invoice="0"),
        "Amount",
        "A payment is more than zero.",
    ),
    (payment(Invoice_Number="INV-9"), "Invoice Number", "Unknown invoice INV-9."),
    (payment(Date="yesterday"), "Date", "“yesterday” is not a date like 2026-11-13."),
    (payment(Customer_ID="C-2"), "Customer ID", "Invoice INV-1 belongs to another customer."),
    (payment(Currency_Code="EUR"), "Currency Code", "Invoice INV-1 is in USD, the payment in EUR."),
    (
        payment(Amount="200.00", Amount_Applied_to_Invoice="200.00"),
        "Amount Applied to Invoice",
        "$200.00 is more than the $190.00 that is left to pay on INV-1.",
    ),
    (
        payment(Amount="100.00"),
        "Amount Applied to Invoice",
        "$190.00 is applied to invoices, more than the payment of $100.00.",
    ),
]


@pytest.mark.parametrize(("row", "column", "reason"), CONTACTS)
def test_a_contact_that_cannot_be_taken(desk: Desk, row, column, reason):
    assert said(desk.take(contacts=[row])) == [(2, column, reason)]


@pytest.mark.parametrize(("row", "column", "reason"), INVOICES)
def test_an_invoice_that_cannot_be_taken(desk: Desk, row, column, reason):
    assert said(desk.take(contacts=[contact()], invoices=[row])) == [(2, column, reason)]


@pytest.mark.parametrize(("row", "column", "reason"), PAYMENTS)
def test_a_payment_that_cannot_be_taken(desk: Desk, row, column, reason):
    contacts = [contact(), contact(Contact_ID="C-2", Display_Name="Other")]

    batch = desk.take(contacts=contacts, invoices=[invoice()], payments=[row])

    assert said(batch) == [(2, column, reason)]


def test_the_same_contact_twice(desk: Desk):
    batch = desk.take(contacts=[contact(), contact(Phone="1")])

    assert said(batch) == [(3, "Contact ID", "Stands in the file twice, first on line 2.")]


def test_the_same_contact_in_two_files(desk: Desk):
    batch = desk.take(contacts=[contact()], more=[contact(Phone="1")])

    assert said(batch) == [(2, "Contact ID", "Stands in contacts.csv already.")]


def test_two_invoices_with_one_number(desk: Desk):
    batch = desk.take(contacts=[contact()], invoices=[invoice(), invoice(Invoice_ID="I-2")])

    words = "INV-1 is the number of another invoice too, on line 2."
    assert said(batch) == [(3, "Invoice Number", words)]


def test_a_number_that_an_invoice_here_has(desk: Desk, cast: Cast):
    number = an_invoice(cast.coyote, by=cast.olivia).number

    batch = desk.begin(contacts=[contact()], invoices=[invoice(Invoice_Number=number)])
    run(batch, at=NOON)

    words = f"{number} is the number of another invoice here."
    assert said(batch) == [(2, "Invoice Number", words)]


def test_two_payments_with_one_number(desk: Desk):
    payments = [
        payment(Amount_Applied_to_Invoice="90.00", Amount="90.00"),
        payment(CustomerPayment_ID="P-2", Amount="100.00", Amount_Applied_to_Invoice="100.00"),
    ]
    batch = desk.take(contacts=[contact()], invoices=[paid_invoice()], payments=payments)

    words = "1 is the number of another payment too, on line 2."
    assert said(batch) == [(3, "Payment Number", words)]


def test_the_rows_of_an_invoice_must_agree(desk: Desk):
    rows = [invoice(), invoice(Item_Name="Chai", Total="191.00")]

    (problem,) = said(desk.take(contacts=[contact()], invoices=rows))

    assert problem[1:] == ("Total", "Line 3 says “191.00”, line 2 of the same paper “190.00”.")


def test_a_row_with_too_few_cells(desk: Desk):
    content = table([contact()]) + b"C-2,Short\r\n"

    assert said(desk.take(contacts=content)) == [(3, "", "Has 2 cells where the header has 14.")]


def test_a_payment_of_an_invoice_that_cannot_be_taken(desk: Desk):
    rows = {
        "contacts": [contact()],
        "invoices": [paid_invoice(Quantity="x")],
        "payments": [payment()],
    }

    reasons = [reason for _line, _column, reason in said(desk.take(**rows))]

    assert reasons[1] == "Invoice INV-1 cannot be taken, see line 2 of its file."


def test_all_or_nothing_takes_nothing(desk: Desk):
    batch = desk.take(contacts=[contact(), contact(Contact_ID="C-2", EmailID="no")])

    assert batch.state == BatchState.CHECKED
    assert not Contact.everything.filter(foreign_id="C-1").exists()


def test_the_good_rows_are_taken_and_the_bad_ones_given_back(desk: Desk):
    contacts = [contact(), contact(Contact_ID="C-2", Display_Name="Bad, with comma", EmailID="no")]
    invoices = [
        invoice(),
        invoice(Invoice_ID="I-2", Invoice_Number="INV-2", Total="200.00"),
        invoice(Invoice_ID="I-2", Invoice_Number="INV-2", Total="200.00", Quantity="?"),
    ]

    batch = desk.take(mode=Mode.TAKE_GOOD, contacts=contacts, invoices=invoices)

    assert batch.state == BatchState.COMPLETE
    assert [i.number for i in Invoice.of(desk.organization)] == ["INV-1"]
    people, papers = batch.files.all()
    (row,) = people.bad_rows()
    assert row[:2] == ["C-2", "Bad, with comma"]
    assert row[-1] == "EmailID: “no” is not an e-mail address."
    assert [row[-1] for row in papers.bad_rows()] == [
        "Not taken, because another row of it is not",
        "Quantity: “?” is not a number.",
    ]


def test_a_payment_that_exceeds_takes_no_other_with_it(desk: Desk):
    payments = [
        payment(),
        payment(
            Payment_Number="2",
            CustomerPayment_ID="P-2",
            Amount="1.00",
            Amount_Applied_to_Invoice="1.00",
        ),
    ]
    batch = desk.take(
        mode=Mode.TAKE_GOOD, contacts=[contact()], invoices=[paid_invoice()], payments=payments
    )

    assert said(batch)[0][2] == "$1.00 is more than the $0.00 that is left to pay on INV-1."
    assert Payment.of(desk.organization).count() == 1
