"""What a file is, is told by its content (T66, T67, T68)."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from PIL import Image

from doorstep.files.kinds import CSV, GIF, JPEG, PDF, PNG, TXT, NotTaken, kind_of
from doorstep.files.pictures import NotAPicture, redrawn

PAGE = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"


def archive(**parts: bytes) -> bytes:
    saved = BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return saved.getvalue()


def word(**more: bytes) -> bytes:
    return archive(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **more})


def picture(kind: str, size: tuple[int, int] = (8, 8)) -> bytes:
    saved = BytesIO()
    Image.new("RGB", size, "teal").save(saved, kind)
    return saved.getvalue()


def test_the_kinds_that_are_taken() -> None:
    assert kind_of("a.pdf", PAGE) == PDF
    assert kind_of("a.jpg", picture("JPEG")) == JPEG
    assert kind_of("a", picture("PNG")) == PNG
    assert kind_of("notes.txt", "Grüße, 12 €\r\n".encode()) == TXT
    assert kind_of("old.txt", "Grüße".encode("latin-1")) == TXT
    assert kind_of("rows.CSV", b"a;b\n1;2\n") == CSV
    assert kind_of("offer.docx", word()).suffix == "docx"
    sheet = archive(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"})
    assert kind_of("plan.xlsx", sheet).suffix == "xlsx"
    odt = archive(mimetype=b"application/vnd.oasis.opendocument.text", **{"content.xml": b"<x/>"})
    assert kind_of("brief.odt", odt).suffix == "odt"


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"  \n<html><body onload=alert(1)>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]>',
        b'<html xmlns="http://www.w3.org/1999/xhtml"/>',
        b"MIME-Version: 1.0\nContent-Type: multipart/related\n",
        b"<?php system($_GET['x']); ?>",
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"\x7fELF\x02\x01\x01\x00",
        b"\x00\x01\x02",
    ],
)
@pytest.mark.parametrize("name", ["a.html", "a.pdf", "a.pdf.html", "a.txt", "a"])
def test_pages_programs_and_unknown_bytes_are_refused_whatever_their_name(
    name: str, content: bytes
) -> None:
    with pytest.raises(NotTaken):
        kind_of(name, content)


def test_a_name_does_not_make_a_picture_of_a_page() -> None:
    with pytest.raises(NotTaken):
        kind_of("photo.png", b"<html>")


def test_a_gif_that_is_also_a_script_comes_out_as_pixels() -> None:
    both = picture("GIF") + b"/*<script>alert(1)</script>*/"
    assert kind_of("x.gif", both) == GIF
    kind, clean = redrawn(GIF, both)
    assert kind == PNG and b"script" not in clean


def test_what_a_camera_wrote_beside_the_pixels_is_gone() -> None:
    saved = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "at home, 52.5 N"
    Image.new("RGB", (8, 8)).save(saved, "JPEG", exif=exif)
    assert b"at home" in saved.getvalue()
    assert b"at home" not in redrawn(JPEG, saved.getvalue())[1]


def test_an_archive_that_is_no_office_file_is_refused() -> None:
    for content in (archive(a=b"x"), archive(**{"word/document.xml": b"<w/>"}), b"PK\x03\x04junk"):
        with pytest.raises(NotTaken):
            kind_of("a.zip", content)


def test_macros_are_refused() -> None:
    with pytest.raises(NotTaken, match="macros"):
        kind_of("a.docm", word(**{"word/vbaProject.bin": b"x"}))


def test_bombs_are_refused_without_being_unpacked() -> None:
    with pytest.raises(NotTaken, match="unpacks"):
        kind_of("bomb.docx", word(**{"word/media/a.bin": b"\0" * 50_000_000}))
    many = word(**{f"word/{n}.xml": b"" for n in range(5_001)})
    with pytest.raises(NotTaken, match="unpacks"):
        kind_of("many.docx", many)


def test_a_picture_that_claims_to_be_huge_is_refused() -> None:
    header = struct.pack("!2I5B", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    png = b"\x89PNG\r\n\x1a\n" + struct.pack("!I", len(header)) + chunk
    png += struct.pack("!I", zlib.crc32(chunk))
    with pytest.raises(NotAPicture):
        redrawn(PNG, png)


def test_half_a_pdf_is_refused() -> None:
    with pytest.raises(NotTaken, match="cut off"):
        kind_of("a.pdf", PAGE[:20])
