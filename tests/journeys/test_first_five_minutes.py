"""What a stranger does in the first five minutes, at a desk in the light and on a phone in the dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.installation import Installation
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONTACTS = """Contact ID,Display Name,First Name,Last Name,EmailID,Contact Type,Currency Code,Payment Terms,Status
C-1,Pine Street Books,Ada,Marsh,ada@pine.example,customer,USD,30,Active
"""


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)], ids=["desk", "phone"])
def test_the_first_five_minutes(
    visitor: Callable[..., Visitor],
    installation: Installation,
    width: int,
    dark: bool,
    tmp_path: Path,
) -> None:
    someone = visitor(width=width, dark=dark)
    wile_pays_three_overdue_invoices_by_card(someone)
    wile_pays_one_by_bank_debit_and_the_bank_returns_it(someone)
    olivia_hears_of_it_and_switches_bulk_payment_off(someone)
    somebody_starts_with_their_own_business(someone, installation, tmp_path)
    assert "holds" in installation.run("check-invariants")


def wile_pays_three_overdue_invoices_by_card(someone: Visitor) -> None:
    someone.open("/")
    someone.look("welcome")
    someone.be("Wile")
    someone.sees("Closed for Thanksgiving", "3 invoices are overdue", "$4,379.25")
    someone.look("home")
    someone.press("Pay all $4,379.25")
    someone.sees("INV-000092", "INV-000096", "INV-000097")
    someone.look("pay")
    someone.press("Pay $4,379.25")
    someone.sees("This is a test bank")
    someone.look("bank")
    someone.press("Pay $4,379.25")
    someone.sees("Thank you", "Acme Wholesale received $4,379.25")
    someone.look("thank-you")
    with someone.page.expect_response(lambda answer: "receipt" in answer.url) as receipt:
        someone.page.evaluate(
            "fetch([...document.querySelectorAll('a')].find(a => a.innerText.includes('Receipt')).href)"
        )
    assert receipt.value.headers["content-type"] == "application/pdf"


def wile_pays_one_by_bank_debit_and_the_bank_returns_it(someone: Visitor) -> None:
    someone.open("/portal/acme/invoices/INV-000106/")
    someone.look("invoice")
    someone.page.get_by_text("Bank debit").first.click()
    someone.press("Pay $1,560.00")
    someone.press("Pay $1,560.00")
    someone.sees("Your bank is moving $1,560.00")
    someone.look("in-progress")

    someone.be("Wanda")
    someone.open("/portal/acme/invoices/INV-000106/")
    someone.sees("Wile Tanner", "No second payment can be started")
    someone.look("told-of-a-colleague")

    the_bank_returns(someone, "$1,560.00")
    someone.open("/portal/acme/invoices/INV-000106/")
    someone.page.get_by_text("Card").first.click()
    someone.press("Pay $1,560.00")
    someone.press("Pay $1,560.00")
    someone.sees("Thank you", "Acme Wholesale received $1,560.00")


def the_bank_returns(someone: Visitor, amount: str) -> None:
    someone.open("/sandbox-bank/")
    someone.look("bank-overview")
    row = someone.page.get_by_role("listitem").filter(has_text=amount)
    row.get_by_role("button", name="Return it").click()
    someone.page.wait_for_load_state()
    # The signed notice comes over HTTP from the worker.
    for _try in range(20):
        someone.open("/portal/acme/invoices/INV-000106/")
        if "Being paid" not in someone.words():
            return
        someone.page.wait_for_timeout(500)
    raise AssertionError("The notice of the return never arrived.")


def olivia_hears_of_it_and_switches_bulk_payment_off(someone: Visitor) -> None:
    someone.be("Olivia")
    someone.look("office-home")
    someone.open("/office/acme/notices/")
    someone.sees("$4,379.25", "$1,560.00")
    someone.look("notices")
    someone.open("/office/acme/settings/customer-portal/")
    someone.look("preferences")
    someone.page.get_by_label("Enable customers to make bulk payments for invoices").uncheck()
    someone.press("Save", exact=True)
    someone.sees("Saved")

    someone.open("/office/acme/contacts/?q=Coyote")
    someone.press("Coyote Ltd")
    someone.look("contact")
    someone.press("View as customer")
    someone.page.get_by_label("Person").select_option(label="Wile Tanner")
    someone.page.get_by_label("Reason").fill("To see whether bulk payment is gone")
    someone.look("view-as")
    someone.press("Open the portal")
    someone.sees("You see what Wile")
    someone.look("viewing-home")
    someone.open(someone.page.url.removeprefix(someone.base).split("?")[0] + "invoices/")
    assert someone.page.locator("main input[type=checkbox]").count() == 0
    someone.look("viewing")


def somebody_starts_with_their_own_business(
    someone: Visitor, installation: Installation, tmp_path: Path
) -> None:
    someone.open("/set-up/")
    someone.look("set-up")
    page = someone.page
    page.get_by_label("Set-up token").fill(installation.set_up_token)
    page.get_by_label("Name of your business").fill("Juniper Street Tools")
    page.get_by_label("Your name").fill("June Juniper")
    page.get_by_label("Your e-mail address").fill("june@tools.example")
    page.get_by_label("Password", exact=True).fill("a long and private phrase")
    someone.press("Set up and sign in")
    someone.sees("Juniper Street Tools")
    someone.look("checklist")
    export = tmp_path / "Contacts.csv"
    export.write_text(CONTACTS)
    someone.open("/office/juniper-street-tools/settings/imports/")
    page.locator("input[type=file]").set_input_files(export)
    someone.press("Check first")
    someone.sees("Everything can be imported", "1 new")
    someone.look("import-report")
    someone.press("Import now")
    someone.sees("Juniper Street Tools now", "Imported")
    someone.open("/set-up/")
    someone.sees("There is nothing at this address")
