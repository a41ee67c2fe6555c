"""Whatever wrote the file, its rows are read as they are meant."""

from __future__ import annotations

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstep.imports.cells import BadCell, Cells
from doorstep.imports.layouts import recognise
from doorstep.imports.reading import NotReadable, find_out, header_of, rows_of
from doorstep.imports.tests.samples import CONTACT, INVOICE, PAYMENT, contact, table

ROWS = [contact(Display_Name='Käse "Rémy"; & Söhne', Billing_Address="Rue 1\r\nHof, links")]
NAMES = [*CONTACT]


def read(content: bytes) -> list[list[str]]:
    source = io.BytesIO(content)
    dialect = find_out(source)
    header = header_of(source, dialect)
    return [row.raw for row in rows_of(source, dialect, width=len(header))]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_encodings_delimiters_quotes_and_line_breaks(encoding, delimiter):
    assert read(table(ROWS, encoding=encoding, delimiter=delimiter)) == [list(ROWS[0].values())]


def test_a_windows_file_keeps_its_quotes_and_its_euro():
    (row,) = read(table([contact(Display_Name="„Käse“ für 5 €")], encoding="cp1252"))

    assert row[1] == "„Käse“ für 5 €"


def test_an_umlaut_split_between_two_reads_is_still_utf8():
    filler = contact(Display_Name="ü" * (1 << 19))

    assert find_out(io.BytesIO(b"x" + table([filler]))).encoding == "utf-8"


def test_lines_are_counted_as_an_editor_counts_them():
    source = io.BytesIO(b'a,b\n\n"x\ny",1\n2,3\n')

    assert [row.line for row in rows_of(source, find_out(source), width=2)] == [3, 5]


def test_a_quote_that_never_ends_says_where_it_began():
    content = table([contact()]) + b'C-2,"' + b"x" * 200_000

    with pytest.raises(NotReadable, match="begins on line 3 never ends"):
        read(content)


def test_an_empty_file_is_called_empty():
    with pytest.raises(NotReadable, match="The file is empty"):
        read(b"\n\n")


@pytest.mark.parametrize(
    ("columns", "name", "kind", "key"),
    [
        (NAMES, "Contacts.csv", "contacts", "Contact ID"),
        (NAMES, "Vendors.csv", "vendors", "Contact ID"),
        (NAMES[1:], "x.csv", "contacts", "Display Name"),
        ([*INVOICE], "x.csv", "invoices", "Invoice ID"),
        ([name.upper() for name in PAYMENT], "x.csv", "payments", "CustomerPayment ID"),
    ],
)
def test_a_file_is_known_by_its_columns(columns, name, kind, key):
    header = recognise(columns, name)

    assert (header.kind, header.key) == (kind, key)


def test_columns_that_are_not_used_are_named():
    assert recognise([*NAMES, "CF.Colour", "Fax"], "x.csv").unknown == ["CF.Colour", "Fax"]


def test_columns_that_are_missing_are_named():
    columns = [name for name in INVOICE if name not in ("Quantity", "Customer ID")]

    with pytest.raises(NotReadable, match="missing: Quantity, Customer ID"):
        recognise(columns, "Invoice.csv")


def test_sales_orders_come_later_and_other_files_never():
    with pytest.raises(NotReadable, match="Sales orders cannot be imported yet"):
        recognise(["SalesOrder Number", "Item Name"], "Sales_Order.csv")
    with pytest.raises(NotReadable, match="none of the files that can be imported"):
        recognise(["Name", "Salary"], "staff.csv")


def test_a_guard_against_formulas_is_taken_off_again():
    assert Cells(2, {"phone": "'+49 30 1234"}).text("Phone", 60) == "+49 30 1234"


A_CELL = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"))


@given(st.lists(st.lists(A_CELL, min_size=3, max_size=3), max_size=20))
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_again(rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["a", "b", "c"], *rows])

    expected = [row for row in rows if any(cell.strip() for cell in row)]
    assert read(text.getvalue().encode()) == expected


@given(st.binary(max_size=2000))
@settings(max_examples=300, deadline=None)
def test_no_bytes_can_do_worse_than_be_refused(content):
    with suppress(NotReadable):
        read(content)


@given(st.text(max_size=40), st.sampled_from(["USD", "JPY", "KWD"]))
@settings(max_examples=500, deadline=None)
def test_a_cell_is_a_number_or_refused_in_words(text, currency):
    cells = Cells(2, {"amount": text, "day": text})
    for reading in (
        lambda: cells.number("Amount"),
        lambda: cells.money("Amount", currency),
        lambda: cells.date("Day"),
        lambda: cells.text("Amount", 20),
        lambda: cells.currency("Amount", "USD"),
        lambda: cells.email("Amount"),
    ):
        with suppress(BadCell):
            reading()
