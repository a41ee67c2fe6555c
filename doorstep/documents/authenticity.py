"""Is a paper really ours? A short code, signed by this installation, that stands on each paper and in its mail."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from typing import Literal

from django.conf import settings

type Sheet = Literal["invoice", "receipt"]

_SHEETS: tuple[Sheet, ...] = ("invoice", "receipt")
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: nobody mistakes one for another
_READ_AS = str.maketrans("ILO", "110", " -")
_SIGNED = 16  # digits, 5 bits each
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Claim:
    """What a code says it stands for. Believe it only when `holds()`."""

    sheet: Sheet
    pk: int
    signature: str

    def holds(self, organization: int, number: str) -> bool:
        """This installation signed it, with today's key or an earlier one, for this paper of this business."""
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        right = [_signature(key, self.sheet, organization, self.pk, number) for key in keys]
        return any(hmac.compare_digest(self.signature, each) for each in right)


def code_of(sheet: Sheet, organization: int, pk: int, number: str) -> str:
    """Some twenty digits and capitals: which paper, and the signature."""
    named = _digits(pk * len(_SHEETS) + _SHEETS.index(sheet))
    return named + _signature(settings.SECRET_KEY, sheet, organization, pk, number)


def address_of(code: str) -> str:
    """Where the code is checked. It names no portal, so that it outlives every name."""
    return f"{settings.BASE_URL}/v/{code}"


def read(typed: str) -> Claim | None:
    """The claim in a code as it was scanned or typed; None when it cannot be one."""
    code = typed.upper().translate(_READ_AS)
    named, signature = code[:-_SIGNED], code[-_SIGNED:]
    if not 0 < len(named) <= _LONGEST or not set(code) <= set(_DIGITS):
        return None
    number = 0
    for digit in named:
        number = number * 32 + _DIGITS.index(digit)
    return Claim(_SHEETS[number % len(_SHEETS)], number // len(_SHEETS), signature)


def _signature(key: str, sheet: Sheet, organization: int, pk: int, number: str) -> str:
    said = f"doorstep.authenticity\0{sheet}\0{organization}\0{pk}\0{number}"
    digest = hmac.digest(key.encode(), said.encode(), "sha256")[: _SIGNED * 5 // 8]
    return base64.b32encode(digest).decode().translate(_FROM_BASE32)


_FROM_BASE32 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _DIGITS)


def _digits(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 32)
        digits = _DIGITS[rest] + digits
    return digits or "0"
