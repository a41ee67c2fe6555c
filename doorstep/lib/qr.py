"""A text as a QR code, drawn quickly: a few dark bars in a square, the same for the same text."""

from __future__ import annotations

import re
from bisect import bisect_left

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

# Looking for the best of the eight masks takes five times as long, and any of them can be read.
_MASK = 3
_QUIET = 2
# How many bytes each size holds, so that no size is tried in vain.
_HOLDS = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213)
_DARK = re.compile(b"\x01+")


def drawing(text: str) -> str:
    """The code as an SVG of one path, with a quiet edge, black on white."""
    version = bisect_left(_HOLDS, len(text.encode())) + 1
    code = QRCode(version=version, error_correction=ERROR_CORRECT_M, mask_pattern=_MASK, border=0)
    code.add_data(text, optimize=0)
    code.make(fit=version > len(_HOLDS))
    size = code.modules_count + 2 * _QUIET
    bars = "".join(
        f"M{found.start() + _QUIET} {y}h{found.end() - found.start()}v1H{found.start() + _QUIET}z"
        for y, row in enumerate(code.modules, start=_QUIET)
        for found in _DARK.finditer(bytes(map(bool, row)))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{bars}"/></svg>'
    )
