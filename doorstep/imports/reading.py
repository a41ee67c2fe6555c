"""A CSV file as rows, whatever wrote it: its encoding and delimiter are found out, and it is never held whole."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from doorstep.lib.errors import Refused

LONGEST_CELL = 131_072
_PIECE = 1 << 20
# In Latin-1 these are control characters nobody types; in Windows' variant quotes, dashes and the euro.
_WINDOWS = frozenset(range(0x80, 0xA0))


class NotReadable(Refused):
    """The file is not a table that we can read; the words say where."""


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is where it begins in the file, counted from 1; `cells` is None when `raw` has the wrong number."""

    line: int
    raw: list[str]
    cells: list[str] | None

    @property
    def count(self) -> int:
        return len(self.raw)


@dataclass(frozen=True, slots=True)
class Dialect:
    encoding: str
    delimiter: str


def find_out(source: IO[bytes]) -> Dialect:
    """Encoding and delimiter of the file. Raises `NotReadable`."""
    encoding = _encoding(source)
    source.seek(0)
    text = _text(source, encoding)
    head = text.readline(LONGEST_CELL)
    text.detach()
    outside_quotes = "".join(head.split('"')[::2])
    delimiter = max(",;\t", key=outside_quotes.count)
    return Dialect(encoding, delimiter)


def header_of(source: IO[bytes], dialect: Dialect) -> list[str]:
    """The names of the columns. Raises `NotReadable` for an empty file."""
    for row in _records(source, dialect):
        return [cell.strip() for cell in row.raw]
    raise NotReadable(_("The file is empty."))


def rows_of(source: IO[bytes], dialect: Dialect, *, width: int, after: int = 0) -> Iterator[Row]:
    """The rows below the header that begin behind line `after`. Raises `NotReadable`."""
    records = _records(source, dialect)
    next(records, None)
    for row in records:
        if row.line <= after:
            continue
        if row.count >= width and not any(row.raw[width:]):
            yield Row(row.line, row.raw, row.raw[:width])
        else:
            yield row


def _records(source: IO[bytes], dialect: Dialect) -> Iterator[Row]:
    """Every record that is not blank, with the line it begins on."""
    source.seek(0)
    text = _text(source, dialect.encoding)
    reader = csv.reader(text, delimiter=dialect.delimiter)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(begins, cells, None)
            begins = reader.line_num + 1
    except csv.Error:
        raise NotReadable(
            _("A quoted text that begins on line %(line)d never ends.") % {"line": begins}
        ) from None
    except UnicodeError:
        raise NotReadable(
            _("The text after line %(line)d cannot be read as %(encoding)s.")
            % {"line": begins, "encoding": dialect.encoding}
        ) from None
    finally:
        with suppress(ValueError):  # the file has been closed meanwhile
            text.detach()


def _text(source: IO[bytes], encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(source, encoding=encoding, newline="")


def _encoding(source: IO[bytes]) -> str:
    """UTF-8 when every byte of it fits, else Latin-1 or Windows' variant of it."""
    source.seek(0)
    head = source.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    source.seek(0)
    utf8 = codecs.getincrementaldecoder("utf-8")()
    windows = False
    latin = False
    while piece := source.read(_PIECE):
        if not latin:
            try:
                utf8.decode(piece)
            except UnicodeDecodeError:
                latin = True
                source.seek(0)
                continue
        elif not windows:
            windows = not _WINDOWS.isdisjoint(piece)
    if not latin:
        try:
            utf8.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin-1"
        return "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    return "cp1252" if windows and _is_windows(source) else "latin-1"


def _is_windows(source: IO[bytes]) -> bool:
    source.seek(0)
    decoder = codecs.getincrementaldecoder("cp1252")()
    try:
        while piece := source.read(_PIECE):
            decoder.decode(piece)
    except UnicodeDecodeError:
        return False
    return True
