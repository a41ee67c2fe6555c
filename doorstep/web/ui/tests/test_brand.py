"""Whatever colour a business has, its pages can be read."""

import random

import pytest

from doorstep.web.ui.brand import DARK_GROUNDS, LIGHT_GROUNDS, READABLE, Brand, contrast, derive

RANDOM = random.Random(20261120)
COLORS = [f"#{RANDOM.randrange(0x1000000):06x}" for _ in range(500)]
EXTREMES = ["#000000", "#ffffff", "#ffff00", "#0000ff", "#ff0000", "#00ff00", "#808080", "#0f5c43"]


def test_every_pair_that_meets_on_a_page_can_be_read() -> None:
    for color in EXTREMES + COLORS:
        for ink, ground in pairs_that_meet(derive(color)):
            assert contrast(ink, ground) >= READABLE, (color, ink, ground)


def pairs_that_meet(brand: Brand) -> list[tuple[str, str]]:
    meets = [
        (brand.on_mark, brand.mark),
        ("#ffffff", brand.deep),
        (brand.on_brand.light, brand.brand.light),
        (brand.on_brand.dark, brand.brand.dark),
        (brand.brand_ink.light, brand.brand_soft.light),
        (brand.brand_ink.dark, brand.brand_soft.dark),
        ("#5f6a64", brand.brand_soft.light),  # the faintest ink on a chosen row
        ("#93a099", brand.brand_soft.dark),
    ]
    for pair in (brand.brand, brand.brand_ink, brand.focus):
        meets += [(pair.light, ground) for ground in LIGHT_GROUNDS]
        meets += [(pair.dark, ground) for ground in DARK_GROUNDS]
    return meets


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert derive("#0F5C43").brand.light == "#0f5c43"


@pytest.mark.parametrize("color", ["", "green", "#fff", "#12345g", "#0f5c43;", "#0f5c431"])
def test_what_is_no_colour_is_refused(color: str) -> None:
    with pytest.raises(ValueError, match="is no colour"):
        derive(color)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
