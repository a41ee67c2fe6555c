"""A logo as the letterhead takes it: pixels only, small, always the same bytes for the same picture."""

from __future__ import annotations

import io
from base64 import b64encode
from functools import lru_cache
from typing import TypedDict

from PIL import Image

HEIGHT, WIDTH = 34.0, 150.0  # points on paper
_PIXELS = (640, 145)  # about 300 dots an inch
_MOST_PIXELS = 40_000_000


class Logo(TypedDict):
    picture: str
    width: float
    height: float


@lru_cache(maxsize=64)
def letterhead_logo(data: bytes) -> Logo | None:
    """The picture decoded and drawn anew, so that nothing else in the file gets through; None when it is no PNG or
    JPEG that can be read: a paper is never held up by its logo."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as source:
            if source.width * source.height > _MOST_PIXELS:
                return None
            photograph = source.format == "JPEG"
            picture = source.convert("RGB" if photograph else "RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    picture.thumbnail(_PIXELS, Image.Resampling.LANCZOS)
    drawn = io.BytesIO()
    if photograph:
        picture.save(drawn, "JPEG", quality=90)
    else:
        picture.save(drawn, "PNG", optimize=True)
    scale = min(HEIGHT / picture.height, WIDTH / picture.width)
    return Logo(
        picture=_as_drawing(
            drawn.getvalue(), "jpeg" if photograph else "png", picture.width, picture.height
        ),
        width=picture.width * scale,
        height=picture.height * scale,
    )


def _as_drawing(data: bytes, kind: str, width: int, height: int) -> str:
    # The compiler takes data as text alone, and reads base64 only within a drawing: ten times faster than numbers.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/{kind};base64,{b64encode(data).decode()}"/></svg>'
    )
