"""The file around a printed paper: readable for everybody, whole in itself, the same bytes each time."""

import hashlib
import io
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from doorstep.documents.renditions import render
from doorstep.documents.renditions.compiler import _FONTS
from doorstep.documents.renditions.logo import letterhead_logo
from doorstep.documents.tests.printed import fonts, opened, png, tags
from doorstep.documents.tests.printed_samples import invoice, receipt


@pytest.mark.parametrize(("template", "paper"), [("invoice", invoice()), ("receipt", receipt())])
def test_the_file_is_readable_for_everybody(template, paper):
    pdf = render(template, paper, png())
    root = opened(pdf).trailer["/Root"]
    assert root["/Lang"] == "en-US"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    said = tags(pdf)
    assert "/Figure Acme Wholesale Inc." in said
    assert said.count("/H1") == 1
    assert {"/Table", "/THead", "/TH", "/TBody", "/TD", "/H2"} <= set(said)


def test_the_file_names_itself():
    about = opened(render("invoice", invoice())).metadata
    assert about is not None
    assert about.title == "Invoice INV-000123"
    assert about.author == "Acme Wholesale Inc."
    assert about["/Keywords"] == "INV-000123, Coyote Ltd"
    assert about["/CreationDate"] == about["/ModDate"] == "D:20261013000000Z"


def test_every_font_is_in_the_file_and_comes_from_here():
    used = fonts(render("invoice", invoice()))
    assert {str(font["/FontName"]).partition("+")[2] for font in used} == {
        "Inter-Regular",
        "Inter-Medium",
        "Inter-SemiBold",
    }
    assert all("/FontFile2" in font for font in used)
    assert sum(path.stat().st_size for path in _FONTS.iterdir()) < 3_000_000
    assert "SIL OPEN FONT LICENSE" in (_FONTS / "OFL.txt").read_text()


def test_the_same_paper_is_the_same_bytes_in_every_thread():
    paper, logo = invoice(), png()
    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(lambda _: render("invoice", paper, logo), range(12)))) == 1


def test_the_same_paper_is_the_same_bytes_in_another_process():
    program = (
        "import sys, json, hashlib; from doorstep.documents.renditions import render;"
        "print(hashlib.sha256(render('invoice', json.load(sys.stdin))).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(invoice()),
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == hashlib.sha256(render("invoice", invoice())).hexdigest()


def test_another_amount_is_other_bytes():
    other = invoice(amount_due={"label": "Balance due", "value": "$1,739.61 USD"})
    assert render("invoice", invoice()) != render("invoice", other)


def test_a_forked_process_is_told_instead_of_left_waiting(monkeypatch):
    render("invoice", invoice())
    here = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: here + 1)
    with pytest.raises(RuntimeError, match="forked"):
        render("invoice", invoice())


def test_a_logo_is_redrawn_small_and_keeps_its_shape():
    logo = letterhead_logo(png(3000, 1000))
    assert logo is not None
    assert (round(logo["width"]), round(logo["height"])) == (102, 34)
    assert len(logo["picture"]) < 20_000
    wide = letterhead_logo(png(2000, 100))
    assert wide is not None
    assert wide["width"] == 150


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        b"GIF89a" + bytes(40),
        png()[:60],
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"%PDF-1.7",
    ],
)
def test_what_is_no_png_or_jpeg_is_left_out_and_the_paper_prints(data):
    assert letterhead_logo(data) is None
    assert render("invoice", invoice(), data) == render("invoice", invoice())


def test_a_logo_of_absurd_size_is_not_even_decoded():
    file = io.BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")
    assert letterhead_logo(file.getvalue()) is None
