"""Somebody without an account opens the link in a mail on their phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_mail_link_code_view_pay_and_sign_up(visitor: Callable[..., Visitor]) -> None:
    """Mail → link → code → view → pay → sign up → portal home, on a phone; the office sees all of it."""
    olivia, priya = visitor(), visitor(width=360)
    link = olivia_shares_an_invoice(olivia)
    priya.page.goto(link)
    assert link.rsplit("/", 1)[1] not in priya.page.url
    priya.sees("First, is it you?", "$698.40")
    priya.does_not_see("Coyote", "Climbing rope")
    priya.look("link")
    priya.page.get_by_label("p••••@c••••.example").check()
    priya.press("Send me a code")
    priya.sees("6-digit code")
    priya.look("link-code")
    priya.page.get_by_label("Code").fill(the_code_in(olivia))
    priya.press("Show the invoice")
    priya.sees("Coyote Ltd", "Amount due")
    priya.look("link-paper")
    priya.press("Pay $698.40")
    priya.press("Pay $698.40")
    priya.sees("Paid", "Thank you")
    priya.look("link-paid")
    priya.press("Create your portal account")
    priya.sees("You have shown that priya@coyote.example is yours")
    priya.look("sign-up-proven")
    priya.press("Go on")
    priya.sees("Your address is confirmed")
    priya.look("sign-up-password")
    priya.page.get_by_label("Password", exact=True).fill("a heap of old anvils")
    priya.press("Set password and enter")
    priya.page.wait_for_url("**/portal/acme/as/*/")
    priya.sees("Closed for Thanksgiving", "3 invoices are overdue")
    priya.look("sign-up-home")
    olivia.open("/office/acme/notices/")
    olivia.sees("Priya Raman signed up to the portal")


def test_a_stranger_asks_and_waits_and_wanda_decides_about_her_own(
    visitor: Callable[..., Visitor],
) -> None:
    """Held, approved and invited; meanwhile Wanda looks after her colleagues on a phone in the dark."""
    olivia, sam, wanda = visitor(), visitor(width=360), visitor(width=360, dark=True)
    sam.page.goto(olivia_shares_an_invoice(olivia))
    sam.sees("Create your portal account")
    sam.press("Create your portal account")
    sam.look("sign-up")
    sam.page.get_by_label("Your e-mail address").fill("sam@print.example")
    sam.press("Mail me a code")
    sam.sees("a 6-digit code is on its way")
    sam.look("sign-up-code")
    sam.page.get_by_label("Code").fill(the_code_in(olivia, "Your code for Acme"))
    sam.press("Go on")
    sam.sees("Somebody at Acme Wholesale then looks at your request")
    sam.does_not_see("Coyote")
    sam.page.get_by_label("Your name").fill("Sam Print")
    sam.look("sign-up-name")
    sam.press("Ask for access")
    sam.sees("Acme Wholesale looks at your request")
    sam.look("sign-up-held")

    olivia.open("/office/acme/access/")
    olivia.press("Requests")
    olivia.sees("Sam Print", "Erin Falk")
    olivia.look("requests")
    olivia.page.get_by_role("button", name="Let Sam Print in").click()
    olivia.sees("Sam Print is invited at sam@print.example.")

    wanda.be("Wanda")
    wanda.open("/portal/acme/colleagues/")
    wanda.sees("Dana Ortiz", "Sam Print", "Invite a colleague")
    wanda.look("colleagues")
    wanda.page.get_by_label("Name").fill("Nora Newcomer")
    wanda.page.get_by_label("E-mail address").fill("nora@coyote.example")
    wanda.press("Send invitation")
    wanda.sees("Nora Newcomer is invited")
    wanda.page.get_by_role("link", name="Manage Wile Tanner").click()
    wanda.sees("What Wile may do")
    wanda.look("colleague")
    wanda.page.get_by_label("May pay").uncheck()
    wanda.press("Save")
    wanda.sees("Saved", "Wanda Reyes changed what Wile Tanner may do")
    olivia.open("/portal/acme/sign-out/")
    olivia.be("Wile")
    olivia.open("/portal/acme/colleagues/")
    olivia.sees("A colleague who manages people invites others")
    olivia.look("colleagues-seen")
    olivia.open("/portal/acme/invoices/")
    assert olivia.page.locator("main input[type=checkbox]").count() == 0


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


def the_code_in(olivia: Visitor, subject: str = "Your code for invoice") -> str:
    """The demo keeps all mail; its owner may reveal what a kept mail hides, and each time is on record."""
    for _try in range(30):
        olivia.open("/office/acme/outbox/")
        mail = olivia.page.get_by_role("link", name=re.compile(subject))
        if mail.count():
            mail.first.click()
            olivia.press("Reveal")
            found = re.search(r"(?<![\w-])\d{6}\b", olivia.page.inner_text("main"))
            assert found, olivia.words()
            return found[0]
        olivia.page.wait_for_timeout(300)
    raise AssertionError("The code never came.")
