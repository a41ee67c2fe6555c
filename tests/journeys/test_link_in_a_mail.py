"""Somebody without an account opens the link in a mail on their phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_mail_link_code_view_and_pay(visitor: Callable[..., Visitor]) -> None:
    """Mail → link → code → view → pay, on a phone; the office sees all of it."""
    olivia, priya = visitor(), visitor(width=360)
    link = olivia_shares_an_invoice(olivia)
    priya.page.goto(link)
    assert link.rsplit("/", 1)[1] not in priya.page.url
    priya.sees("First, is it you?", "$698.40")
    priya.does_not_see("Coyote", "Climbing rope")
    priya.look("link")
    priya.press("Mail me a code")
    priya.sees("We mailed a 6-digit code")
    priya.look("link-code")
    priya.page.get_by_label("Code").fill(the_code_in(olivia))
    priya.press("Show the invoice")
    priya.sees("Coyote Ltd", "Amount due")
    priya.look("link-paper")
    priya.press("Pay $698.40")
    priya.press("Pay $698.40")
    priya.sees("Paid", "Thank you")
    priya.look("link-paid")


def olivia_shares_an_invoice(olivia: Visitor) -> str:
    olivia.be("Olivia")
    olivia.open("/office/acme/invoices/?q=INV-000110")
    olivia.press("INV-000110")
    olivia.press("Share")
    olivia.page.get_by_label("How").select_option("copy")
    olivia.page.locator("main form").last.get_by_role("button", name="Share").click()
    olivia.sees("Here is the link, this once")
    olivia.look("share")
    return olivia.page.inner_text("#fresh-link").strip()


def the_code_in(olivia: Visitor) -> str:
    """The demo keeps all mail; its owner may reveal what a kept mail hides, and each time is on record."""
    for _try in range(30):
        olivia.open("/office/acme/outbox/")
        mail = olivia.page.get_by_role("link", name=re.compile("Your code for invoice"))
        if mail.count():
            mail.first.click()
            olivia.press("Reveal")
            found = re.search(r"(?<![\w-])\d{6}\b", olivia.page.inner_text("main"))
            assert found, olivia.words()
            return found[0]
        olivia.page.wait_for_timeout(300)
    raise AssertionError("The code never came.")
