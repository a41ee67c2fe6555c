"""The portal in a real browser: axe finds nothing, nothing sticks out, and the way from a tick to thank-you."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.web.portal.tests.conftest import Make, tell
from tests.cast import TODAY, Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

Open = Callable[..., Any]


@pytest.fixture
def look(
    chromium: Browser, live_server: Any, cast: Cast, signed_in: Callable[[object], Client]
) -> Open:
    """`with look(cast.wanda, width=360) as page`: a browser with that person's session."""

    @contextmanager
    def open_(somebody: object, **options: Any) -> Iterator[Page]:
        cookie = signed_in(somebody).cookies["session"].value if somebody else ""
        context = chromium.new_context(base_url=live_server.url, locale="en-US", **options)
        if cookie:
            context.add_cookies([{"name": "session", "value": cookie, "url": live_server.url}])
        yield context.new_page()
        context.close()

    return open_


@pytest.fixture
def everything(cast: Cast, bill: Make, begin: Callable[..., Payment]) -> list[str]:
    """Addresses of every page, each with something on it."""
    late, moving, being_paid, paid, back = (bill(due=due) for due in (-7, 4, 5, 6, 8))
    pending = tell(begin(moving), PaymentState.PENDING, expected_on=TODAY + timedelta(days=6))
    begin(being_paid)
    done = tell(begin(paid), PaymentState.SUCCEEDED)
    failed = tell(begin(back), PaymentState.FAILED, reason="Insufficient funds")
    invoices = [f"invoices/{i.number}/" for i in (late, moving, being_paid, paid)]
    payments = [f"payments/{p.number}/" for p in (pending, done, failed)]
    return [
        *("", "invoices/", "invoices/?show=all", "invoices/?q=nothing", "payments/", "details/"),
        *invoices,
        f"{invoices[0]}print/",
        f"pay/?invoice={late.number}&invoice={moving.number}",
        *payments,
        *(f"{path}return/" for path in payments),
    ]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    look: Open, cast: Cast, everything: list[str], width: int, scheme: str
) -> None:
    size = {"width": width, "height": 800}
    with look(cast.wanda, viewport=size, color_scheme=scheme) as page:
        found = [trouble for path in everything for trouble in judge(page, path, width)]
    with look(None, viewport=size, color_scheme=scheme) as page:
        found += [
            trouble
            for path in ("sign-in/", "invitation/x/")
            for trouble in judge(page, path, width)
        ]
    assert found == []


def judge(page: Page, path: str, width: int) -> list[Any]:
    page.goto(f"/portal/acme/{path}")
    violations = Axe().run(page, options={"preload": False}).response["violations"]
    found = [(path, rule["id"], [node["target"] for node in rule["nodes"]]) for rule in violations]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append((path, "sticks out", []))
    return found


def test_wile_ticks_two_and_reads_the_sum(look: Open, cast: Cast, bill: Make) -> None:
    one, other, _third = bill("1204.50", due=-3), bill("864.00", due=-2), bill("5.00")

    with look(cast.wile) as page:
        page.goto("/portal/acme/invoices/")
        page.get_by_label(f"Select {one.number}").check()
        page.get_by_label(f"Select {other.number}").check()
        expect(page.locator("[data-count]")).to_have_text("2 selected")
        page.get_by_role("button", name="Pay $2,068.50").click()
        expect(page.get_by_role("heading", name="Pay 2 invoices")).to_be_visible()
        expect(page.get_by_role("button", name="Pay $2,068.50")).to_be_visible()


def test_without_script_two_are_ticked_and_paid_as_well(look: Open, cast: Cast, bill: Make) -> None:
    one, other = bill("10.00", due=-3), bill("20.00", due=-2)

    with look(cast.wile, java_script_enabled=False) as page:
        page.goto("/portal/acme/invoices/")
        page.locator(f"[value='{one.number}']").check()
        page.locator(f"[value='{other.number}']").check()
        page.locator("#pick button[type=submit]").click()
        expect(page.get_by_role("button", name="Pay $30.00").first).to_be_visible()
