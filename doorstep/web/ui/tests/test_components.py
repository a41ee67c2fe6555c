"""The page of components in a real browser: what it looks like to axe, and what the script adds."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.urls("doorstep.web.ui.tests.urls"),
]
BAR = ".bar.picking"


@pytest.fixture
def page(chromium: Browser, live_server: Any) -> Iterator[Page]:
    context = chromium.new_context(base_url=live_server.url, locale="en-US")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto("/components")
    yield page
    context.close()
    # What a browser says of its own accord when a test takes the network away.
    assert not [text for text in wrong if "ERR_INTERNET_DISCONNECTED" not in text]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Browser, live_server: Any, width: int, scheme: Any) -> None:
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto("/components")
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_the_bar_counts_what_is_ticked(page: Page) -> None:
    expect(page.locator(BAR)).to_be_hidden()
    page.get_by_label("Choose INV-000118").check()
    page.get_by_label("Choose INV-000126").check()
    expect(page.locator(f"{BAR} [data-count]")).to_have_text("2 selected")
    expect(page.locator(f"{BAR} [data-names]")).to_have_text("INV-000118, INV-000126")
    expect(page.locator(f"{BAR} [data-act]")).to_have_text("Pay $2,764.50")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(BAR)).to_be_hidden()


def test_the_save_bar_names_what_is_unsaved(page: Page) -> None:
    bar = page.locator("#save-bar")
    expect(bar).to_be_hidden()
    page.get_by_label("Require a second step at sign-in").check()
    page.get_by_label("Banner message").fill("Closed on Thursday")
    expect(bar.locator("[data-count]")).to_have_text("2 unsaved changes")
    expect(bar.locator("[data-names]")).to_have_text("Banner message, Second step at sign-in")
    expect(page.get_by_text("31 people set up a second step.")).to_be_visible()
    expect(page.get_by_text("18 of 1,000")).to_be_visible()
    bar.get_by_role("button", name="Discard").click()
    expect(bar).to_be_hidden()
    expect(page.get_by_label("Banner message")).to_have_value("")


def test_settings_are_found_while_typing(page: Page) -> None:
    page.get_by_label("Search settings").fill("second step")
    expect(page.get_by_label("Banner message")).to_be_hidden()
    expect(page.get_by_label("Require a second step at sign-in")).to_be_visible()
    page.get_by_label("Search settings").fill("nothing of the kind")
    expect(page.get_by_text("No setting has these words.")).to_be_visible()


def test_the_keyboard_alone_opens_and_closes(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    menu = page.locator("summary", has_text="Any date")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="This month")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="This month")).to_be_hidden()
    expect(menu).to_be_focused()
    page.get_by_role("link", name="Void the invoice").press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_password_can_be_shown(page: Page) -> None:
    field = page.get_by_label("Password")
    field.fill("correct horse")
    page.get_by_role("button", name="Show").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide").click()
    expect(field).to_have_attribute("type", "password")


def test_without_a_connection_it_says_so(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    expect(page.locator("[data-offline]")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_hidden()


def test_targets_can_be_hit_with_a_thumb(page: Page) -> None:
    """44 px at least, counting what a pseudo-element adds around a small one."""
    small = page.evaluate(
        """() => [...document.querySelectorAll("main :is(button, .button, .action, summary, select, input)")]
          .filter((one) => one.checkVisibility() && !one.disabled && !one.closest("[inert]"))
          .filter((one) => {
            const box = one.getBoundingClientRect();
            const more = getComputedStyle(one, "::after");
            const added = more.position === "absolute" ? -2 * parseFloat(more.top || 0) : 0;
            return box.height + (added > 0 ? added : 0) < 43.5;
          }).map((one) => one.outerHTML.slice(0, 100))"""
    )
    assert small == []
