"""One person at one browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


@dataclass
class Visitor:
    """`problems` collects what no page may have: console errors, foreign requests, axe's findings."""

    base: str
    context: BrowserContext
    page: Page
    mode: str
    folder: Path | None
    problems: list[str] = field(default_factory=list)
    looked: set[str] = field(default_factory=set)

    @classmethod
    def begin(
        cls, browser: Browser, base: str, *, width: int, dark: bool, folder: Path | None
    ) -> Visitor:
        scheme = "dark" if dark else "light"
        context = browser.new_context(
            viewport={"width": width, "height": 800 if width > 600 else 740},
            color_scheme=scheme,
            has_touch=width < 600,
            reduced_motion="reduce",
        )
        visitor = cls(base, context, context.new_page(), f"{width}-{scheme}", folder)
        visitor.page.set_default_timeout(15_000)
        visitor.page.on("console", visitor._hear)
        visitor.page.on("pageerror", lambda error: visitor.problems.append(f"script: {error}"))
        visitor.page.on("request", visitor._watch)
        return visitor

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)

    def be(self, name: str) -> None:
        """Step into a role from the welcome page, as anybody can in the demo company."""
        self.open("/")
        self.page.get_by_role("button", name=f"Be {name}").click()
        self.page.wait_for_load_state()

    def press(self, words: str, *, exact: bool = False) -> None:
        """The visible button or link with these words, as soon as it is there; a button rather than a link."""
        for _try in range(50):
            for role in ("button", "link"):
                found = self.page.get_by_role(role, name=words, exact=exact)  # type: ignore[arg-type]
                found = found.filter(visible=True)
                if found.count():
                    found.first.click()
                    self.page.wait_for_load_state()
                    return
            self.page.wait_for_timeout(100)
        raise AssertionError(
            f"No button or link says {words!r} at {self.page.url}:\n{self.words()}"
        )

    def words(self) -> str:
        return self.page.inner_text("body")

    def sees(self, *expected: str) -> None:
        """Waits for each of the words."""
        for words in expected:
            self.page.get_by_text(words).filter(visible=True).first.wait_for(timeout=15_000)

    def does_not_see(self, *unwanted: str) -> None:
        shown = self.words()
        for words in unwanted:
            assert words not in shown, f"{words!r} is on {self.page.url}"

    def look(self, name: str) -> None:
        """Let axe judge the page, see that nothing sticks out, and take a picture when asked to."""
        self.page.wait_for_load_state("networkidle")
        found = Axe().run(self.page)
        for violation in found.response["violations"]:
            places = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
            self.problems.append(f"axe {self.mode} {self.page.url}: {violation['id']} at {places}")
        wider = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wider > 0:
            self.problems.append(f"{self.mode} {self.page.url}: {wider} px too wide")
        if self.folder:
            self.folder.mkdir(exist_ok=True)
            self.page.screenshot(path=self.folder / f"{name}-{self.mode}.png", full_page=True)

    def _hear(self, message: object) -> None:
        kind, text = message.type, message.text  # type: ignore[attr-defined]
        if kind == "error" and "status of 4" not in text:
            self.problems.append(f"console at {self.page.url}: {text}")

    def _watch(self, request: object) -> None:
        url: str = request.url  # type: ignore[attr-defined]
        if not url.startswith((self.base, "data:", "blob:")):
            self.problems.append(f"foreign request from {self.page.url}: {url}")
