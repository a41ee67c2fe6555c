"""What a paper says when it is printed: plain texts, ready to show.

Nothing is computed after this: each amount, date and label is already the text that the page shows too, in the
person's language and currency format. A paper is JSON, so that what was rendered can be kept and rendered again.
A text that is not there is "", a part that is not there is None.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

type Direction = Literal["ltr", "rtl"]
type PageSize = Literal["a4", "us-letter"]
type Tone = Literal["quiet", "good", "warn", "bad"]


class Sender(TypedDict):
    """The letterhead. `tax_number` stands with its own label, "VAT ID DE123456789"."""

    name: str
    legal_name: str
    address_lines: list[str]
    email: str
    phone: str
    website: str
    tax_number: str


class Brand(TypedDict):
    """Two colours as #rrggbb: the organisation's, and the one that is readable on it."""

    color: str
    on_color: str


class Party(TypedDict):
    """Somebody the paper is addressed to: "Billed to", the name, the lines of the address."""

    label: str
    name: str
    lines: list[str]


class Fact(TypedDict):
    """One label and its value: Issued, Due, Your PO."""

    label: str
    value: str


class Total(Fact):
    """A row under the lines; `strong` for the one that the others add up to."""

    strong: bool


class Passage(TypedDict):
    """A title and a text; line ends in the text are kept."""

    title: str
    text: str


class WaysToPay(TypedDict):
    """How to pay: bank details, the reference, where to pay online; one line each."""

    title: str
    lines: list[str]


class Stamp(TypedDict):
    """TEST and DRAFT, VOID, PAID. It stands beside the title and on each page; all but `good` also lie across it."""

    text: str
    tone: Tone


class Metadata(TypedDict):
    """What the file says about itself. `date` is YYYY-MM-DD and the only date in the file, so equal papers are equal
    bytes."""

    title: str
    author: str
    keywords: list[str]
    date: str


class Authenticity(TypedDict):
    """How to find out whether the paper is real: what to do, and the address, which stands as a QR code too."""

    title: str
    text: str
    url: str


class Sheet(TypedDict):
    """What every paper has."""

    language: str
    """As Django writes it: "en", "pt-br"."""
    direction: Direction
    page_size: PageSize
    kind: str
    """ "Invoice" """
    number: str
    continued: str
    """At the head of each page after the first: "Invoice INV-000123, continued"."""
    page_label: str
    """ "Page {n} of {m}" """
    sender: Sender
    brand: Brand
    recipient: Party
    facts: list[Fact]
    footer: str
    stamp: NotRequired[Stamp | None]
    authenticity: NotRequired[Authenticity | None]
    pdf: Metadata


class Columns(TypedDict):
    """The heads of an invoice's lines; without a text for `tax` that column is left out."""

    name: str
    quantity: str
    price: str
    tax: str
    amount: str


class PaperLine(TypedDict):
    name: str
    description: str
    sku: str
    quantity: str
    price: str
    tax: str
    amount: str


class Paper(Sheet):
    """An invoice, and every later paper with lines and totals."""

    delivery: NotRequired[Party | None]
    columns: Columns
    lines: list[PaperLine]
    totals: list[Total]
    amount_due: Fact
    ways_to_pay: NotRequired[WaysToPay | None]
    notes: NotRequired[Passage | None]
    terms: NotRequired[Passage | None]


class AmountPaid(Fact):
    """The amount in large type, and the sentence under it: "on Friday 20 November 2026"."""

    note: str


class SplitColumns(TypedDict):
    number: str
    due: str
    amount: str


class Split(TypedDict):
    """What one invoice got of the payment: its number, "Fri 13 Nov 2026", the amount."""

    number: str
    due: str
    amount: str


class Receipt(Sheet):
    """That money came: how much, when, with what, for which invoices."""

    amount: AmountPaid
    columns: SplitColumns
    split: list[Split]
    total: Fact
    closing: NotRequired[Passage | None]
    """What is still open, or a word of thanks."""
