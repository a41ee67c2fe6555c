"""Texts as a sheet of paper can carry them."""

from __future__ import annotations

import re
from typing import Any

# Characters that show nothing, or that turn round what stands beside them: "$12" must not print as "21$".
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff0-\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
_LINE_END = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LONG_WORD = re.compile("[!-~\u00a1-\u1fff]{16,}")
_BREAK_HERE = "\u200b"
_ISOLATE, _END_OF_ISOLATE = "\u2068", "\u2069"

# Neither read by a person nor part of a line of text.
_VERBATIM = frozenset({"language", "direction", "page_size", "brand", "tone", "pdf", "url"})
_NARROW = frozenset(
    {"facts", "recipient", "delivery", "number", "quantity", "price", "tax", "amount"}
)


def clean(text: str) -> str:
    """The text without characters that no paper can show."""
    return _UNPRINTABLE.sub("", _LINE_END.sub("\n", text).replace("\t", " "))


def printable(value: Any, direction: str, limit: int = 40) -> Any:
    """The same texts, made to stand on paper: cleaned, long words breakable, each in its own direction of writing."""
    match value:
        case str():
            return "\n".join(_line(line, direction, limit) for line in clean(value).split("\n"))
        case list() | tuple():
            return [printable(item, direction, limit) for item in value]
        case dict():
            return {
                key: cleaned(item)
                if key in _VERBATIM
                else printable(item, direction, 16 if key in _NARROW else limit)
                for key, item in value.items()
            }
        case _:
            return value


def cleaned(value: Any) -> Any:
    """The same texts, cleaned and no more."""
    match value:
        case str():
            return clean(value)
        case list() | tuple():
            return [cleaned(item) for item in value]
        case dict():
            return {key: cleaned(item) for key, item in value.items()}
        case _:
            return value


def _line(text: str, direction: str, limit: int) -> str:
    text = _LONG_WORD.sub(lambda word: _breakable(word[0], limit), text)
    # A Hebrew name on an English sheet keeps its bracket at its own end, and an English one on a Hebrew sheet too.
    if text and (direction == "rtl" or _RIGHT_TO_LEFT.search(text)):
        return f"{_ISOLATE}{text}{_END_OF_ISOLATE}"
    return text


def _breakable(word: str, limit: int) -> str:
    if len(word) <= limit:
        return word
    step = limit // 2
    return _BREAK_HERE.join(word[start : start + step] for start in range(0, len(word), step))
