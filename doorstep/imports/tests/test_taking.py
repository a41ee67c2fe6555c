"""What an export becomes here."""

from __future__ import annotations

from datetime import date

import pytest

from doorstep.activity.models import Event
from doorstep.contacts.models import Contact, ContactPerson
from doorstep.imports.models import BatchState, Staged
from doorstep.imports.tests.samples import Desk, contact, invoice, paid_invoice, payment, said
from doorstep.imports.wording import verdict
from doorstep.notifications.models import Message
from doorstep.organizations.models import Curtain
from doorstep.organizations.models.organization import WentLive
from doorstep.payments.models import CarriedOver, Payment
from doorstep.sales.models import Invoice
from tests.cast import NOON, Cast, an_invoice

pytestmark = pytest.mark.django_db
NOTHING_NEW = "Nothing has changed since these files were last imported."


def test_a_customer_with_its_person(desk: Desk):
    desk.take(contacts=[contact()])

    customer = Contact.objects.get(foreign_id="C-1")
    person = ContactPerson.objects.with_state().get(contact=customer)
    assert (customer.name, customer.role, customer.payment_terms_days) == (
        "Bon app'",
        "customer",
        30,
    )
    assert customer.billing_lines == ["12, rue des Bouchers", "Marseille", "France"]
    assert (person.name, person.email, person.is_primary) == (
        "Laurence Lebihan",
        "laurence@bonapp.example",
        True,
    )
    assert person.state == "not_invited"


def test_a_vendor_is_told_by_its_type_or_by_the_name_of_the_file(desk: Desk):
    desk.take(
        contacts=[contact(Contact_Type="vendor")],
        vendors=[contact(Contact_ID="V-2", Contact_Type="")],
    )

    assert Contact.objects.vendors().exclude(foreign_id="").count() == 2


def test_an_issued_invoice_is_frozen_as_it_went_out(desk: Desk):
    rows = [
        invoice(
            Discount="10",
            Shipping_Charge="5.50",
            Total="218.50",
            Balance="218.50",
            Billing_Address="Old street 1",
        ),
        invoice(
            **{
                "Item_Name": "Chai",
                "Quantity": "2",
                "Item_Price": "20",
                "Item_Tax": "VAT",
                "Item_Tax_%": "5",
            },
            Shipping_Charge="5.50",
            Total="218.50",
            Balance="218.50",
        ),
    ]
    desk.take(contacts=[contact()], invoices=rows)

    paper = Invoice.of(desk.organization).get(number="INV-1")
    assert (paper.state, paper.total, paper.balance, paper.tax_total) == ("sent", 21850, 21850, 200)
    assert (paper.date, paper.due_date, paper.reference) == (
        date(2026, 10, 1),
        date(2026, 10, 31),
        "PO-7",
    )
    assert paper.frozen["recipient"]["lines"] == ["Old street 1"]
    assert [line.amount for line in paper.lines.all()] == [17100, 4000]


def test_the_state_follows_from_the_money_not_from_the_word(desk: Desk):
    rows = [
        paid_invoice(),
        invoice(
            Invoice_ID="I-2", Invoice_Number="INV-2", Invoice_Status="Overdue", Balance="90.00"
        ),
        invoice(Invoice_ID="I-3", Invoice_Number="INV-3", Invoice_Status="Draft", Balance="0"),
        invoice(Invoice_ID="I-4", Invoice_Number="INV-4", Invoice_Status="Void", Balance="0"),
    ]
    payments = [
        payment(),
        payment(
            CustomerPayment_ID="P-2",
            Payment_Number="2",
            Amount="100",
            Invoice_Number="INV-2",
            Amount_Applied_to_Invoice="100.00",
        ),
    ]
    desk.take(contacts=[contact()], invoices=rows, payments=payments)

    papers = Invoice.of(desk.organization).order_by("number").values_list("state", "balance")
    assert list(papers) == [("paid", 0), ("partly_paid", 9000), ("draft", 19000), ("void", 0)]


def test_what_is_not_applied_is_credit(desk: Desk):
    payments = [payment(Amount="200.00", Unused_Amount="10.00")]
    desk.take(contacts=[contact()], invoices=[paid_invoice()], payments=payments)

    booked = Payment.of(desk.organization).get()
    assert (booked.amount, booked.unallocated, booked.method, booked.gateway) == (
        20000,
        1000,
        "cheque",
        "import",
    )
    assert booked.started_by_name == "Olivia Ortiz"


def test_one_payment_of_two_invoices(desk: Desk):
    invoices = [paid_invoice(), paid_invoice(Invoice_ID="I-2", Invoice_Number="INV-2")]
    payments = [payment(Amount="380.00"), payment(Amount="380.00", Invoice_Number="INV-2")]
    desk.take(contacts=[contact()], invoices=invoices, payments=payments)

    assert Payment.of(desk.organization).get().allocations.count() == 2
    assert set(Invoice.of(desk.organization).values_list("state", flat=True)) == {"paid"}


def test_numbers_go_on_behind_those_that_came(desk: Desk, cast: Cast):
    desk.take(contacts=[contact()], invoices=[invoice(Invoice_Number="INV-000041")])

    assert an_invoice(cast.coyote, by=cast.olivia).number == "INV-000042"


def test_play_money_never_pays_what_the_old_system_sent(desk: Desk):
    desk.take(
        contacts=[contact()], invoices=[invoice(Invoice_Status="Draft", Invoice_Number="D-1")]
    )
    desk.organization.refresh_from_db()
    desk.organization.start_test_mode()
    desk.organization.end_test_mode()

    desk.take(invoices=[invoice(Invoice_ID="I-2", Invoice_Number="R-2")])
    desk.organization.refresh_from_db()
    with pytest.raises(WentLive):
        desk.organization.start_test_mode()


def test_what_is_imported_to_try_things_out_does_not_end_the_trial(desk: Desk):
    desk.organization.start_test_mode()
    desk.take(contacts=[contact()], invoices=[invoice()])
    desk.organization.refresh_from_db()

    assert desk.organization.went_live_at is None


def test_nobody_is_notified(desk: Desk):
    desk.take(contacts=[contact()], invoices=[paid_invoice()], payments=[payment()])

    assert not Event.objects.filter(origin="import", swept_at=None).exists()
    assert not Message.objects.exists()


def test_nothing_stays_staged_and_nothing_behind_the_curtain(desk: Desk):
    batch = desk.take(contacts=[contact()], invoices=[paid_invoice()], payments=[payment()])

    assert batch.state == BatchState.COMPLETE
    assert not Staged.objects.exists()
    assert Curtain.objects.get().raised_at == NOON
    assert not Invoice.everything.exclude(curtain=None).exists()


# Exports that contradict themselves


def test_a_total_that_is_not_the_sum_becomes_an_adjustment_with_a_name(desk: Desk):
    batch = desk.take(contacts=[contact()], invoices=[invoice(Total="185.00", Balance="185.00")])

    paper = Invoice.of(desk.organization).get()
    assert (paper.total, paper.adjustment, paper.adjustment_label) == (
        18500,
        -500,
        "Difference to the original total",
    )
    assert "the difference of -$5.00 is kept as an adjustment" in said(batch, "odd")[0][2]


def test_a_cent_of_difference_is_rounding(desk: Desk):
    desk.take(contacts=[contact()], invoices=[invoice(Total="190.01", Balance="190.01")])

    assert Invoice.of(desk.organization).get().adjustment_label == "Rounding"


def test_closed_without_a_payment_is_carried_over_and_no_money_is_invented(desk: Desk):
    batch = desk.take(contacts=[contact()], invoices=[paid_invoice()])

    assert Invoice.of(desk.organization).get().state == "paid"
    assert CarriedOver.objects.get().settlement.amount == 19000
    assert not Payment.of(desk.organization).exists()
    assert "$190.00 is carried over as settled elsewhere" in said(batch, "odd")[0][2]


def test_the_payment_that_comes_later_takes_the_place_of_what_was_carried_over(desk: Desk):
    desk.take(contacts=[contact()], invoices=[paid_invoice()])
    desk.take(payments=[payment(Amount="100.00", Amount_Applied_to_Invoice="100.00")])

    paper = Invoice.of(desk.organization).get()
    assert (paper.state, paper.balance) == ("paid", 0)
    assert CarriedOver.objects.standing().get().settlement.amount == 9000
    assert Payment.of(desk.organization).get().unallocated == 0


def test_money_that_came_before_the_papers_is_not_counted_twice(desk: Desk):
    desk.take(contacts=[contact()], invoices=[invoice(Balance="150.00")])
    desk.take(payments=[payment(Amount="40.00", Amount_Applied_to_Invoice="40.00")])

    assert Invoice.of(desk.organization).get().balance == 15000
    assert not CarriedOver.objects.standing().exists()


def test_money_that_came_after_the_papers_reduces_what_is_owed(desk: Desk):
    desk.take(contacts=[contact()], invoices=[invoice(Balance="150.00")])
    desk.take(
        payments=[payment(Date="2026-12-01", Amount="50.00", Amount_Applied_to_Invoice="50.00")]
    )

    assert Invoice.of(desk.organization).get().balance == 10000
    assert CarriedOver.objects.standing().get().settlement.amount == 4000


def test_payments_that_pay_more_than_the_balance_says_count(desk: Desk):
    batch = desk.take(contacts=[contact()], invoices=[invoice()], payments=[payment()])

    assert Invoice.of(desk.organization).get().state == "paid"
    assert [reason for _line, _column, reason in said(batch, "odd")] == [
        "Balance says $190.00, the payments in these files leave $0.00: the payments are taken as they are.",
        "The status is “Sent”, but nothing is left to pay.",
    ]


def test_an_unused_amount_that_does_not_fit_is_derived(desk: Desk):
    rows = [payment(Amount="200.00", Unused_Amount="3.00")]
    batch = desk.take(contacts=[contact()], invoices=[paid_invoice()], payments=rows)

    assert Payment.of(desk.organization).get().unallocated == 1000
    assert said(batch, "odd")[0][2].startswith("Unused Amount says $3.00")


# Again


def test_the_same_files_again_change_nothing_and_say_so(desk: Desk):
    files = {"contacts": [contact()], "invoices": [paid_invoice()], "payments": [payment()]}
    first, second = desk.take(**files), desk.take(**files)

    assert first.report["organization"] == second.report["organization"]
    assert verdict(second) == ("good", NOTHING_NEW)


def test_a_changed_contact_is_changed_here(desk: Desk):
    desk.take(contacts=[contact()])
    batch = desk.take(contacts=[contact(Phone="12345", Last_Name="Dupont")])

    customer = Contact.objects.get(foreign_id="C-1")
    assert (customer.phone, customer.people.get().name) == ("12345", "Laurence Dupont")
    assert batch.tally["customer.changed"] == 1
    assert Event.objects.get(kind="contact.changed").origin == "import"


def test_what_was_edited_here_outlives_an_export_that_says_nothing_new(desk: Desk, cast: Cast):
    desk.take(contacts=[contact()])
    Contact.objects.get(foreign_id="C-1").change(by=cast.olivia, at=NOON, phone="999")
    desk.take(contacts=[contact()])

    assert Contact.objects.get(foreign_id="C-1").phone == "999"


def test_an_issued_invoice_never_changes(desk: Desk):
    desk.take(contacts=[contact()], invoices=[invoice()])
    batch = desk.take(invoices=[invoice(Item_Price="20.00", Total="200.00", Balance="200.00")])

    assert Invoice.of(desk.organization).get().total == 19000
    assert said(batch, "odd")[0][2] == (
        "INV-1 is issued and stays as it is; it differs from what was imported before: lines, subtotal, total."
    )


def test_a_draft_follows_the_export_until_it_is_issued(desk: Desk):
    desk.take(contacts=[contact()], invoices=[invoice(Invoice_Status="Draft")])
    desk.take(
        invoices=[paid_invoice(Quantity="20", Total="380.00")],
        payments=[payment(Amount="380.00", Amount_Applied_to_Invoice="380.00")],
    )

    paper = Invoice.of(desk.organization).get()
    assert (paper.state, paper.total, paper.lines.get().amount) == ("paid", 38000, 38000)


def test_invoices_first_and_payments_later_come_to_the_same(desk: Desk):
    desk.take(contacts=[contact()], invoices=[invoice()])
    batch = desk.take(payments=[payment()])

    assert batch.state == BatchState.COMPLETE
    assert Invoice.of(desk.organization).get().state == "paid"
    assert Event.objects.filter(kind="payment.succeeded").count() == 1


def test_customers_by_name_when_the_file_has_no_ids(desk: Desk):
    row = invoice(Customer_Name="Bon app'")
    del row["Customer ID"]
    desk.take(contacts=[contact()], invoices=[row])

    assert Invoice.of(desk.organization).get().contact.foreign_id == "C-1"


def test_rows_of_one_invoice_need_not_stand_together(desk: Desk):
    first = invoice(Total="380.00", Balance="380.00")
    other = invoice(Invoice_ID="I-2", Invoice_Number="INV-2")
    desk.take(contacts=[contact()], invoices=[first, other, first])

    assert Invoice.of(desk.organization).get(number="INV-1").lines.count() == 2
