"""What a printed paper promises: it says what it was given and nothing else."""

import io
import json

import pytest
from PIL import Image

from doorstep.documents.renditions import render
from doorstep.documents.renditions.compiler import _ROOT, _compiler, _set
from doorstep.documents.renditions.printable import clean, printable
from doorstep.documents.tests.printed import fonts, opened, tags, words
from doorstep.documents.tests.printed_samples import ROPE, SHELF, invoice, lines, receipt

HOSTILE = [
    '#read("/etc/passwd")',
    '#eval("1+1")',
    "{{7*7}} ${7*7} {% debug %} <%= 7*7 %>",
    "#import",
    "= no heading",
    "*stars* _lines_ `ticks` $ x^2 $ @name <label>",
    "\\u{41} -- --- ... ~ -> 4x4 fi \"q\" 'q'",
    "<script>alert</script> file:///etc/passwd //canary",
    "</svg> #image #sys.inputs",
]


def test_the_invoice_says_what_it_was_given_in_reading_order():
    assert words(render("invoice", invoice())).splitlines() == [
        "A",
        "Acme Wholesale Inc.",
        "400 Mesa Road NE, Albuquerque, NM 87102",
        "billing@acme.example  ·  +1 505 555 0142  ·  acme.example",
        "Tax number 85-1234567",
        "Invoice",
        "INV-000123",
        "Billed to",
        "Coyote Ltd",
        "18 Canyon Street",
        "Flagstaff, AZ 86001",
        "Issued",
        "Tue 13 Oct 2026",
        "Due",
        "Fri 13 Nov 2026",
        "Your PO",
        "7752",
        "Item Qty Price Amount",
        "Steel shelving bay, 2.0 m",
        "SH-2000-G",
        "6 $184.00 $1,104.00",
        "Climbing rope 11 mm, 50 m",
        "Dry treated",
        "4 $129.50 $518.00",
        "Subtotal $1,622.00",
        "Sales tax 7.25% $117.60",
        "Balance due $1,739.60 USD",
        "How to pay",
        "Account 1234567890",
        "Reference: INV-000123",
        "Notes",
        "Thank you for your order.",
        "It comes in two parcels.",
        "Terms",
        "Payable within 31 days.",
        "Acme Wholesale Inc. · Albuquerque Page 1 of 1",
    ]


def test_the_receipt_says_how_much_with_what_and_for_which_invoices():
    assert words(render("receipt", receipt())).splitlines()[11:] == [
        "Paid with",
        "Visa ending 4242",
        "Paid by",
        "Wanda Reyes",
        "Paid",
        "$4,379.25 USD",
        "on Friday 20 November 2026",
        "Invoice Was due Amount",
        "INV-000118 Fri 23 Oct 2026 $1,204.50",
        "INV-000121 Fri 6 Nov 2026 $864.00",
        "INV-000123 Fri 13 Nov 2026 $2,310.75",
        "Total paid $4,379.25 USD",
        "Still open",
        "$2,678.40, nothing overdue.",
        "Acme Wholesale Inc. · Albuquerque Page 1 of 1",
    ]


def test_three_taxes_and_a_tax_column_are_shown():
    paper = invoice(
        columns={
            "name": "Item",
            "quantity": "Qty",
            "price": "Price",
            "tax": "VAT",
            "amount": "Amount",
        },
        lines=[{**SHELF, "tax": "19%"}, {**ROPE, "tax": "7%"}],
        totals=[
            {"label": f"VAT {rate}%", "value": f"€{rate}.00", "strong": False}
            for rate in (19, 7, 0)
        ],
    )
    text = words(render("invoice", paper))
    assert "Item Qty Price VAT Amount" in text
    assert "6 $184.00 19% $1,104.00" in text
    assert "VAT 19% €19.00\nVAT 7% €7.00\nVAT 0% €0.00" in text


@pytest.mark.parametrize("page_size", ["a4", "us-letter"])
def test_two_hundred_lines_run_over_pages_that_say_so(page_size):
    pages = [
        page.extract_text()
        for page in opened(render("invoice", invoice(lines=lines(200), page_size=page_size))).pages
    ]
    assert len(pages) > 5
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert ("Invoice INV-000123, continued" in page) == (number > 1)
    rows = [line for page in pages for line in page.splitlines() if line.startswith("Shelf number")]
    assert rows == [f"Shelf number {number}" for number in range(1, 201)]
    assert all("Item Qty Price Amount" in page for page in pages if "Shelf number" in page)


@pytest.mark.parametrize("count", range(12, 22))
def test_a_sum_never_stands_on_a_page_without_a_line(count):
    pages = [
        page.extract_text() for page in opened(render("invoice", invoice(lines=lines(count)))).pages
    ]
    [with_sum] = [page for page in pages if "Balance due" in page]
    assert "Subtotal" in with_sum
    assert f"Shelf number {count}" in with_sum
    assert "Item Qty Price Amount" in with_sum


@pytest.mark.parametrize("place", [0, -1])
def test_a_line_longer_than_a_page_breaks_and_loses_nothing(place):
    paper = invoice(lines=lines(3))
    paper["lines"][place]["description"] = " ".join(f"word{number}" for number in range(3000))
    text = words(render("invoice", paper))
    assert text.count("word") == 3000
    assert "Balance due" in text


def test_a_paper_without_lines_or_extras_still_prints():
    bare = invoice(lines=[], facts=[], totals=[])
    for part in ("ways_to_pay", "notes", "terms"):
        del bare[part]
    assert "Balance due $1,739.60 USD" in words(render("invoice", bare))
    assert "Total paid" not in words(render("receipt", receipt(split=[], closing=None)))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_code_is_printed_as_it_is(text):
    paper = invoice(
        lines=[{**SHELF, "name": text, "description": text}],
        notes={"title": "Notes", "text": text},
        number=text,
    )
    paper["recipient"]["lines"] = [text, text]
    printed = (
        words(render("invoice", paper)).replace("\u200b", "").replace("\n", "").replace(" ", "")
    )
    assert printed.count(text.replace(" ", "")) == 6
    assert "root:" not in printed
    assert "49" not in printed


def test_the_compiler_can_read_its_own_templates_and_nothing_else():
    assert {path.suffix for path in _ROOT.iterdir()} == {".typ"}
    assert not any(path.is_symlink() for path in _ROOT.iterdir())
    sources = "".join(path.read_text() for path in _ROOT.iterdir())
    for way_out in ("eval(", "read(", "@preview", "plugin(", "link("):
        assert way_out not in sources
    with pytest.raises(KeyError):
        render("../../../config/settings", invoice())


def test_characters_that_turn_text_round_or_cannot_be_printed_are_left_out():
    assert clean("\u202e$12\u202c\x00\ud800\ufeff a\tb\r\nc\u2028d") == "$12 a b\nc\nd"
    assert "$00.1" in words(
        render("invoice", invoice(lines=[{**SHELF, "name": "\u202e$00.1\u0007"}]))
    )


def test_a_right_to_left_name_keeps_its_brackets_and_its_side():
    assert printable("שלום (ישראל)", "ltr") == "\u2068שלום (ישראל)\u2069"
    assert printable("Coyote (Ltd)", "ltr") == "Coyote (Ltd)"
    assert printable("Coyote (Ltd)", "rtl") == "\u2068Coyote (Ltd)\u2069"
    paper = invoice(recipient={"label": "Billed to", "name": "שלום", "lines": ["شركة"]})
    pdf = render("invoice", paper)
    assert "Noto" in str([font["/FontName"] for font in fonts(pdf)])
    assert "שלום" in words(pdf)


def test_a_right_to_left_paper_prints():
    pdf = render("invoice", invoice(language="he", direction="rtl", kind="חשבונית"))
    assert opened(pdf).trailer["/Root"]["/Lang"] == "he"
    assert "חשבונית" in words(pdf)


def test_a_script_that_no_font_knows_does_not_stop_a_paper():
    pdf = render(
        "invoice", invoice(recipient={"label": "Billed to", "name": "日本商事 \ue000", "lines": []})
    )
    assert "Balance due" in words(pdf)
    assert "/Table" in tags(pdf)


def test_long_words_stay_on_the_paper():
    paper = invoice(
        number="X" * 90, lines=[{**SHELF, "name": "W" * 400, "sku": "S" * 100}], footer="F" * 300
    )
    paper["recipient"]["name"] = paper["facts"][0]["value"] = "N" * 60
    inputs = {"paper": json.dumps(_set(paper, None))}
    drawn = _compiler(machine_fonts=False).compile(
        str(_ROOT / "invoice.typ"), format="png", ppi=72, sys_inputs=inputs
    )
    for sheet in drawn if isinstance(drawn, list) else [drawn]:
        with Image.open(io.BytesIO(sheet)) as page:
            for left in (0, page.width - 50):
                margin = page.crop((left, 10, left + 50, page.height)).convert("L")
                assert margin.getextrema() == (255, 255)


@pytest.mark.parametrize(("text", "tone"), [("TEST", "warn"), ("VOID", "bad"), ("DRAFT", "quiet")])
def test_a_stamp_is_on_every_page(text, tone):
    paper = invoice(lines=lines(40), stamp={"text": text, "tone": tone})
    for page in opened(render("invoice", paper)).pages:
        assert text in page.extract_text().splitlines()


def test_a_paid_paper_says_so_once():
    assert (
        words(render("invoice", invoice(stamp={"text": "PAID", "tone": "good"})))
        .split()
        .count("PAID")
        == 1
    )
