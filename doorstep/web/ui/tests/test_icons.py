"""An icon that does not exist would be an error page; it is found here instead."""

import re
from pathlib import Path

import pytest

import doorstep
from doorstep.web.ui.templatetags.ui import BADGES, draw_icon

PACKAGE = Path(doorstep.__file__).parent
NAMED = re.compile(r'{% icon "([^"]+)"')


def test_every_icon_that_a_template_names_exists() -> None:
    for template in PACKAGE.rglob("templates/**/*.html"):
        for name in NAMED.findall(template.read_text()):
            assert draw_icon(name), (template, name)


@pytest.mark.parametrize("look", BADGES.values())
def test_every_badge_can_be_drawn(look) -> None:
    assert not look.icon or draw_icon(look.icon)


def test_an_icon_is_hidden_from_screen_readers_and_has_no_style_of_its_own() -> None:
    drawn = draw_icon("receipt-text", "flips")
    assert 'aria-hidden="true"' in drawn
    assert 'class="icon flips"' in drawn
    assert "style=" not in drawn
