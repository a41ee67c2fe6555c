"""The back office in a real browser: axe finds nothing, nothing sticks out, and its search is reached on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from doorstep.lib.clock import shifted_to
from tests.cast import NOON, Cast
from tests.test_office_query_counts import OFFICE, stock

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
    """`with look(width=360) as page`: a browser with Olivia's session."""

    @contextmanager
    def open_(**options: Any) -> Iterator[Page]:
        cookie = signed_in(cast.olivia).cookies["session"].value
        context = chromium.new_context(base_url=live_server.url, locale="en-US", **options)
        context.add_cookies([{"name": "session", "value": cookie, "url": live_server.url}])
        yield context.new_page()
        context.close()

    return open_


@pytest.mark.slow
def test_axe_finds_nothing_on_any_page(look: Open, cast: Cast) -> None:
    """One walk: each page is loaded once, and looked at in both widths and both schemes.

    Only contrast can differ between light and dark, so in the dark nothing else is looked for.
    """
    with shifted_to(NOON):
        names = stock(cast, 1)
    found: list[Any] = []
    with look() as page:
        for path in OFFICE:
            if "bell" in path:
                continue
            page.goto(f"/office/acme/{path.format(**names)}")
            for width in (360, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                for scheme in ("light", "dark"):
                    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                    found += judge(page, (path, width, scheme))
    assert found == []


def judge(page: Page, where: tuple[str, int, str]) -> list[Any]:
    only = {"runOnly": ["color-contrast"]} if where[2] == "dark" else {}
    violations = Axe().run(page, options={"preload": False, **only}).response["violations"]
    found = [(where, rule["id"], [node["target"] for node in rule["nodes"]]) for rule in violations]
    if page.evaluate("document.documentElement.scrollWidth") > where[1]:
        found.append((where, "sticks out", []))
    return found


def test_on_a_phone_the_search_is_in_the_menu(look: Open, cast: Cast) -> None:
    with look(viewport={"width": 360, "height": 800}) as page:
        page.goto("/office/acme/")
        page.get_by_label("Menu", exact=True).click()
        page.get_by_role("searchbox", name="Search").fill("coyote")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Coyote Ltd").first).to_be_visible()


def test_the_page_wears_a_colour_while_somebody_chooses_it(look: Open) -> None:
    with look() as page:
        page.goto("/office/acme/settings/profile/")
        wearing = "getComputedStyle(document.documentElement).getPropertyValue('--mark').trim()"
        assert page.evaluate(wearing) != "#8a1538"
        page.get_by_label("Brand colour").fill("#8a1538")
        for _try in range(100):
            if page.evaluate(wearing) == "#8a1538":
                break
            page.wait_for_timeout(50)
        assert page.evaluate(wearing) == "#8a1538"
