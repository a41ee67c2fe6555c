"""Public pages in a real browser: axe finds nothing, nothing sticks out, and a link leaves no trace of its token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from doorstep.documents.authenticity import code_of
from doorstep.identity.models import Challenge
from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.sales.models import Invoice
from doorstep.sharing.models import Link
from tests.cast import Cast, an_invoice

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]
SIZES = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    cast.acme.organization.bank_details = "Account 0142 5550 87"
    cast.acme.organization.save()
    return an_invoice(cast.coyote, "1204.50", by=cast.olivia, at=clock.now())


@pytest.fixture
def look(chromium: Browser, live_server: Any) -> Callable[..., Any]:
    @contextmanager
    def open_(**options: Any) -> Iterator[Page]:
        context = chromium.new_context(base_url=live_server.url, locale="en-US", **options)
        yield context.new_page()
        context.close()

    return open_


def opened(page: Page, cast: Cast, invoice: Invoice) -> str:
    """Lands at a fresh link; its token."""
    token = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=clock.now())[1]
    page.goto(f"/s/{token}")
    return token


def prove(page: Page) -> None:
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code").wait_for()
    page.get_by_label("Code").fill(unseal(Challenge.objects.latest("pk").sealed_code))
    page.get_by_role("button", name="Show the invoice").click()
    page.get_by_role("link", name="Pass on").wait_for()


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_axe_finds_nothing_and_nothing_sticks_out(
    look: Callable[..., Any], cast: Cast, invoice: Invoice, width: int, scheme: str
) -> None:
    code = code_of("invoice", invoice.organization_id, invoice.pk, invoice.number)
    found: list[str] = []
    with look(viewport={"width": width, "height": 800}, color_scheme=scheme) as page:
        for path in (f"/v/{code}", "/v/0000000000000000000000", "/v/"):
            page.goto(path)
            found += troubles(page, width)
        opened(page, cast, invoice)
        found += troubles(page, width)
        prove(page)
        found += troubles(page, width)
        page.get_by_role("link", name="Pass on").click()
        page.get_by_label("E-mail address").fill("carla@books.example")
        page.get_by_role("button", name="Mail the link").click()
        page.get_by_role("button", name="Take back").wait_for()
        found += troubles(page, width)
    assert found == []


def test_t37_the_token_leaves_no_trace_in_a_real_browser(
    look: Callable[..., Any], cast: Cast, invoice: Invoice, live_server: Any
) -> None:
    """Not in the address, the history, a Referer, the storage or a cookie; nobody else is asked for anything."""
    asked: list[tuple[str, str]] = []
    with look() as page:
        page.on("request", lambda request: asked.append((request.url, str(request.all_headers()))))
        token = opened(page, cast, invoice)
        prove(page)
        address, html = page.url, page.content()
        stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        cookies = str(page.context.cookies())
    first, *others = asked

    assert first[0].endswith(token)
    assert all(url.startswith(live_server.url) for url, _said in asked)
    for place in (address, html, stored, cookies, *(url + said for url, said in others)):
        assert token not in place
    assert not [said for said in ("INV", "Acme", "1,204") if said in stored]


def troubles(page: Page, width: int) -> list[str]:
    rules = [violation["id"] for violation in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        rules.append("too wide")
    return [f"{page.url}: {rule}" for rule in rules]
