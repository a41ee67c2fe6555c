"""Visitors with a browser, who look closely at every page they see."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.installation import Installation, installed
from tests.journeys.visitor import Visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCREENSHOTS = Path(__file__).resolve().parent.parent / "screenshots"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """Its own home for every story, because stories change things."""
    with installed(tmp_path) as running:
        yield running


@pytest.fixture
def visitor(
    chromium: Browser, installation: Installation, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Visitor]]:
    """`visitor(width=360, dark=True)` opens a browser of its own; problems on any page fail the test."""
    opened: list[Visitor] = []
    folder = SCREENSHOTS if os.environ.get("DOORSTEP_SCREENSHOTS") else None

    def open_browser(*, width: int = 1280, dark: bool = False) -> Visitor:
        one = Visitor.begin(chromium, installation.base, width=width, dark=dark, folder=folder)
        opened.append(one)
        return one

    yield open_browser
    problems = [problem for one in opened for problem in one.problems]
    for one in opened:
        one.context.close()
    assert not problems, "\n".join(problems)
