"""The organisation's colours as the pages know them; mails and papers use the same ones."""

from doorstep.lib.brand import (
    DARK_GROUNDS,
    DEFAULT_COLOR,
    LIGHT_GROUNDS,
    READABLE,
    Brand,
    Pair,
    contrast,
    derive,
)

__all__ = [
    "DARK_GROUNDS",
    "DEFAULT_COLOR",
    "LIGHT_GROUNDS",
    "READABLE",
    "Brand",
    "Pair",
    "contrast",
    "derive",
]
