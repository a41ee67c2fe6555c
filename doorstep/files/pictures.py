"""Pictures from outside: read, drawn anew and kept small, so that nothing else comes along."""

from __future__ import annotations

from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from doorstep.files.kinds import JPEG, PNG, FileKind
from doorstep.lib.errors import Refused

MOST_PIXELS = 40_000_000
MOST_BYTES = 10 * 1024 * 1024


class NotAPicture(Refused):
    """No picture that we can read."""


def as_png(content: bytes, *, most: int) -> bytes:
    """The picture as PNG with no side longer than `most`, and nothing of the file but its pixels.

    Raises `NotAPicture`.
    """
    if len(content) > MOST_BYTES:
        raise NotAPicture(_("The picture is larger than 10 MB."))
    try:
        with Image.open(BytesIO(content), formats=["PNG", "JPEG", "WEBP", "GIF"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotAPicture(_("The picture has too many pixels."))
            drawn = ImageOps.exif_transpose(picture).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise NotAPicture(_("This is no PNG, JPEG, WebP or GIF picture.")) from error
    drawn.thumbnail((most, most))
    clean = Image.new("RGBA", drawn.size)
    clean.paste(drawn)
    saved = BytesIO()
    clean.save(saved, "PNG", optimize=True)
    return saved.getvalue()


def redrawn(kind: FileKind, content: bytes) -> tuple[FileKind, bytes]:
    """The same picture with nothing of the file but its pixels: JPEG stays JPEG, everything else becomes PNG.

    Raises `NotAPicture`.
    """
    try:
        with Image.open(BytesIO(content), formats=["PNG", "JPEG", "WEBP", "GIF"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotAPicture(_("The picture has too many pixels."))
            upright = ImageOps.exif_transpose(picture)
            drawn = upright.convert("RGB" if kind == JPEG else "RGBA")
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        raise NotAPicture(_("This is no PNG, JPEG, WebP or GIF picture.")) from error
    clean = Image.new(drawn.mode, drawn.size)
    clean.paste(drawn)
    saved = BytesIO()
    if kind == JPEG:
        clean.save(saved, "JPEG", quality=90)
        return JPEG, saved.getvalue()
    clean.save(saved, "PNG")
    return PNG, saved.getvalue()
