"""Lists as CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?", re.ASCII)


class _Echo:
    """What the csv module writes to; it hands each line on."""

    def write(self, line: str) -> str:
        return line


def csv_file(
    name: str, header: Iterable[Any], rows: Iterable[Iterable[Any]]
) -> StreamingHttpResponse:
    """A download in UTF-8 with the mark that spreadsheets look for, written while it is sent."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def harmless(value: Any) -> str:
    """The cell as text; one that a spreadsheet would take for a formula gets an apostrophe."""
    text = "" if value is None else str(value)
    if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA):
        return text if _NUMBER.fullmatch(text) else f"'{text}"
    return text


def _lines(header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([str(cell) for cell in header])
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])
