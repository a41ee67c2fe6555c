"""Telephone numbers as people write them, and as a message can be sent to them."""

from __future__ import annotations

import re

_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{7,14}")
_BETWEEN = re.compile(r"[\s().\-/\u2010-\u2015\u00a0]+")


def textable(written: str) -> str:
    """ "+1 (505) 555-0142" → "+15055550142"; "" unless the country is said, for guessing would reach a stranger."""
    plain = _BETWEEN.sub("", written.strip().replace("(0)", ""))
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    return plain if _INTERNATIONAL.fullmatch(plain) else ""
