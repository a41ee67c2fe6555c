"""Which files are taken, told by their content: what a name or a browser says about a file proves nothing."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from django.utils.translation import gettext as _

from doorstep.lib.errors import Refused

# What an office file may hold once it is unpacked. Real ones stay far below.
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 5_000
MOST_RATIO = 200


@dataclass(frozen=True, slots=True)
class FileKind:
    """`suffix` without the dot; `is_picture` when it is drawn anew before it is kept."""

    suffix: str
    content_type: str
    is_picture: bool = False


PDF = FileKind("pdf", "application/pdf")
JPEG = FileKind("jpg", "image/jpeg", is_picture=True)
PNG = FileKind("png", "image/png", is_picture=True)
WEBP = FileKind("webp", "image/webp", is_picture=True)
GIF = FileKind("gif", "image/gif", is_picture=True)
TXT = FileKind("txt", "text/plain")
CSV = FileKind("csv", "text/csv")
OFFICE = {
    "word/document.xml": FileKind(
        "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    "xl/workbook.xml": FileKind(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    "ppt/presentation.xml": FileKind(
        "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ),
}
OPEN_OFFICE = {
    content_type: FileKind(suffix, content_type)
    for suffix, content_type in (
        ("odt", "application/vnd.oasis.opendocument.text"),
        ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("odp", "application/vnd.oasis.opendocument.presentation"),
    )
}
PICTURES = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
)
# Texts that a browser would run, whatever their name.
MARKUP = (
    "<!doctype",
    "<html",
    "<script",
    "<svg",
    "<?xml",
    "<?php",
    "<body",
    "<iframe",
    "mime-version:",
)


class NotTaken(Refused):
    """A file of a kind that is not taken."""


def kind_of(name: str, content: bytes) -> FileKind:
    """The kind by content. `name` only tells a table from a text. Raises `NotTaken`."""
    for beginning, kind in PICTURES:
        if content.startswith(beginning):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return _text(name, content)


def _pdf(content: bytes) -> FileKind:
    if b"%%EOF" not in content[-2048:]:
        raise NotTaken(_("The PDF is cut off: its end is missing."))
    return PDF


def _office(content: bytes) -> FileKind:
    """Word, Excel, PowerPoint and OpenDocument without macros; no other archive."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or unpacked > min(MOST_UNPACKED, len(content) * MOST_RATIO):
                raise NotTaken(_("The file unpacks to far more than a document holds."))
            names = {part.filename for part in parts}
            if any(PurePath(name).name.lower() == "vbaproject.bin" for name in names):
                raise NotTaken(_("Files with macros are not taken."))
            if "mimetype" in names and (kind := _open_office(archive)):
                return kind
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise NotTaken(_not_one_of_these()) from error
    for part, kind in OFFICE.items():
        if part in names and "[Content_Types].xml" in names:
            return kind
    raise NotTaken(_not_one_of_these())


def _open_office(archive: zipfile.ZipFile) -> FileKind | None:
    with archive.open("mimetype") as said:
        return OPEN_OFFICE.get(said.read(100).decode("ascii", "replace").strip())


def _text(name: str, content: bytes) -> FileKind:
    """Text in UTF-8, UTF-16 with its mark, or Latin-1 without control characters; nothing a browser would run."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = content.decode("utf-16")
        else:
            text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
        if any("\x7f" <= letter <= "\x9f" for letter in text):
            raise NotTaken(_not_one_of_these()) from None
    if any(letter < " " and letter not in "\t\n\r\f" for letter in text):
        raise NotTaken(_not_one_of_these())
    start = text.lstrip()[:2000].lower()
    if any(sign in start for sign in MARKUP):
        raise NotTaken(_("Pages and programs for a browser are not taken."))
    return CSV if name.lower().endswith(".csv") else TXT


def _not_one_of_these() -> str:
    return _("Taken are PDF, pictures, Word, Excel, PowerPoint, OpenDocument, CSV and text files.")
