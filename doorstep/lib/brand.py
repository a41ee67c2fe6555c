"""The organisation has one colour; the pages need seven, readable in light and dark.

The hue stays, lightness moves until it can be read: OKLCH, because equal steps there look equal.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

DEFAULT_COLOR = "#0f5c43"
READABLE = 4.5

LIGHT_GROUNDS = ("#f5f6f3", "#ffffff", "#eff1ed")  # ground, surface, sunken of tokens.css
DARK_GROUNDS = ("#0d1210", "#151b18", "#1f2824")


class Pair(NamedTuple):
    light: str
    dark: str

    @property
    def css(self) -> str:
        return f"light-dark({self.light},{self.dark})"


class Brand(NamedTuple):
    """Colours of style sheet tokens of the same names."""

    mark: str
    on_mark: str
    deep: str
    brand: Pair
    on_brand: Pair
    brand_ink: Pair
    brand_soft: Pair
    focus: Pair

    @property
    def css(self) -> str:
        values = {
            name.replace("_", "-"): value.css if isinstance(value, Pair) else value
            for name, value in self._asdict().items()
        }
        return ":root{" + ";".join(f"--{name}:{value}" for name, value in values.items()) + "}"


@lru_cache(maxsize=256)
def derive(color: str) -> Brand:
    """The palette of a colour like #0f5c43. Every pair that meets on a page has at least 4.5:1."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
        raise ValueError(f"{color!r} is no colour like {DEFAULT_COLOR}")
    mark = color.lower()
    lightness, chroma, hue = to_oklch(mark)
    vivid = min(chroma * 1.35, 0.16)
    soft = Pair(
        to_hex(0.95, min(chroma, 0.022), hue),
        to_hex(0.29, min(chroma * 0.5, 0.045), hue),
    )
    brand = Pair(
        readable(lightness, chroma, hue, on=LIGHT_GROUNDS, step=-0.01),
        readable(max(lightness, 0.765), vivid, hue, on=DARK_GROUNDS, step=0.01),
    )
    return Brand(
        mark=mark,
        on_mark=max("#ffffff", "#000000", key=lambda ink: contrast(ink, mark)),
        deep=brand.light,
        brand=brand,
        on_brand=Pair("#ffffff", to_hex(0.18, min(chroma, 0.03), hue)),
        brand_ink=Pair(
            readable(lightness, chroma, hue, on=(*LIGHT_GROUNDS, soft.light), step=-0.01),
            readable(max(lightness, 0.82), vivid, hue, on=(*DARK_GROUNDS, soft.dark), step=0.01),
        ),
        brand_soft=soft,
        focus=Pair(
            readable(lightness, chroma, hue, on=(*LIGHT_GROUNDS, soft.light), step=-0.01),
            readable(0.88, vivid, hue, on=(*DARK_GROUNDS, soft.dark), step=0.01),
        ),
    )


def readable(
    lightness: float, chroma: float, hue: float, *, on: tuple[str, ...], step: float
) -> str:
    """The first colour on the way to black (or white) that can be read on all of these."""
    while 0 < lightness < 1:
        color = to_hex(lightness, chroma, hue)
        if all(contrast(color, ground) >= READABLE for ground in on):
            return color
        lightness += step
    return "#000000" if step < 0 else "#ffffff"


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    red, green, blue = to_linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def to_linear(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return unbend(red), unbend(green), unbend(blue)


def unbend(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def bend(part: float) -> float:
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def to_oklch(color: str) -> tuple[float, float, float]:
    """Lightness, chroma and hue of a colour, by Björn Ottosson's matrices."""
    red, green, blue = to_linear(color)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def to_hex(lightness: float, chroma: float, hue: float) -> str:
    """The colour as #rrggbb; chroma gives way when the screen cannot show it."""
    while True:
        parts = to_srgb(lightness, chroma, hue)
        if chroma <= 0 or all(-0.0005 <= part <= 1.0005 for part in parts):
            return "#" + "".join(f"{round(255 * min(max(part, 0), 1)):02x}" for part in parts)
        chroma = max(0.0, chroma - 0.004)


def to_srgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        bend(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        bend(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        bend(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )
