"""The rows that were not taken, as they stood in the file, with the reason: to be mended and imported again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from doorstep.imports.models.problem import Problem, Severity

if TYPE_CHECKING:
    from doorstep.imports.models.file import ImportFile

_AT_ONCE = 1000


class _Echo:
    """What csv writes to: hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def bad_rows_of(file: ImportFile) -> Iterator[str]:
    """Lines of CSV. Rows keep their cells exactly, so that a mended file is the original again."""
    write = csv.writer(_Echo(), delimiter=file.delimiter).writerow
    yield str(write([*file.header, _("Problem")]))
    reasons = _reasons(file)
    wanted = next(reasons, None)
    if wanted is None:
        return
    with file.rows() as rows:
        for row in rows:
            if wanted and row.line == wanted[0]:
                yield str(write([*_padded(file, row.cells or row.raw), wanted[1]]))
                wanted = next(reasons, None)
            if wanted is None:
                return


def _padded(file: ImportFile, cells: list[str]) -> list[str]:
    return cells + [""] * (len(file.header) - len(cells))


def _reasons(file: ImportFile) -> Iterator[tuple[int, str]]:
    """(line, everything that is wrong with it) in the order of the file."""
    line, reasons = 0, list[str]()
    for problem in _in_order(file):
        if problem.line != line and reasons:
            yield line, "; ".join(reasons)
            reasons = []
        line = problem.line
        reasons.append(f"{problem.column}: {problem.reason}" if problem.column else problem.reason)
    if reasons:
        yield line, "; ".join(reasons)


def _in_order(file: ImportFile) -> Iterator[Problem]:
    rows: Any = Problem.objects.filter(file=file).exclude(severity=Severity.ODD).order_by("line", "pk")
    line, pk = 0, 0
    while chunk := list(rows.filter(line__gte=line).exclude(line=line, pk__lte=pk)[:_AT_ONCE]):
        yield from chunk
        line, pk = chunk[-1].line, chunk[-1].pk
