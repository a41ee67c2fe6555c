"""One account, four hats, on a phone: two customers, a vendor, and a customer of another business."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.journeys.installation import Installation
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECOND_BUSINESS = """
from doorstep.activity.models import System
from doorstep.contacts.models import Contact, ContactPerson, PortalAccess
from doorstep.identity.models import Account
from doorstep.lib import clock
from doorstep.organizations.models import Member, Organization

now, wanda = clock.now(), Account.at_address("wanda@coyote.example")
acme = Organization.at("acme")
globex = Organization.create(name="Globex", currency="EUR", portal_name="globex", at=now, by=System())
Member.add(globex, Account.create("greta@globex.example", name="Greta Gale"), "owner", by=System(), at=now)
for business, role, name in ((acme, "customer", "Canyon Rafting"), (acme, "vendor", "Reyes Repairs"),
                             (globex, "customer", "Reyes Holdings")):
    contact = Contact.create(business, role=role, name=name, by=System(), at=now)
    person = ContactPerson.add(contact, name="Wanda Reyes", email=wanda.email, by=System(), at=now)
    PortalAccess.objects.create(
        organization=business, contact_person=person, account=wanda, accepted_at=now
    )
"""


def switch(wanda: Visitor, contact: str, business: str) -> None:
    """Through the menu behind her initials, as on every page."""
    wanda.page.locator("header details.menu > summary").filter(visible=True).last.click()
    wanda.page.get_by_role("link", name=re.compile(rf"{contact}\s+{business}")).click()
    wanda.page.wait_for_load_state()


def test_wanda_changes_hats_on_her_phone(
    visitor: Callable[..., Visitor], installation: Installation
) -> None:
    installation.run("shell", "-c", SECOND_BUSINESS)
    wanda = visitor(width=360, dark=True)
    wanda.be("Wanda")
    wanda.sees("Coyote Ltd")
    seen = {wanda.page.url}

    for contact, business in (
        ("Canyon Rafting", "Acme Wholesale"),
        ("Reyes Repairs", "Acme Wholesale"),
        ("Reyes Holdings", "Globex"),
    ):
        switch(wanda, contact, business)
        wanda.sees(contact)
        assert re.search(r"/portal/(acme|globex)/as/\d+/$", wanda.page.url), wanda.page.url
        assert wanda.page.url not in seen
        seen.add(wanda.page.url)
    assert "/portal/globex/" in wanda.page.url
    wanda.page.locator("header details.menu > summary").filter(visible=True).last.click()
    wanda.look("hats")

    # The hat is in the address: it stays from page to page, and a second tab wears another one.
    wanda.page.get_by_role("link", name=re.compile(r"Coyote Ltd\s+Acme")).click()
    wanda.page.wait_for_load_state()
    wanda.open(wanda.page.url.removeprefix(wanda.base) + "invoices/")
    wanda.sees("INV-")
    other = wanda.context.new_page()
    other.goto(f"{wanda.base}/portal/globex/")
    assert "Globex" in other.inner_text("body")
    wanda.page.reload()
    wanda.sees("INV-")
