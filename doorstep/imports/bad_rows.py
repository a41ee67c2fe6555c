"""The rows that were not taken, as they stood in the file, with the reason: to be mended and imported again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from doorstep.imports.models.problem import Problem, Severity

if TYPE_CHECKING:
    from doorstep.imports.models.file import ImportFile

_AT_ONCE = 1000


def bad_rows_of(file: ImportFile) -> Iterator[list[str]]:
    """The cells of each row, all that is wrong with it behind them; in the order of the file, never held whole."""
    reasons = _reasons(file)
    wanted = next(reasons, None)
    with file.rows() as rows:
        for row in rows:
            if wanted is None:
                return
            line, reason = wanted
            if row.line == line:
                missing = len(file.header) - len(row.raw)
                yield [*row.raw, *[""] * missing, reason]
                wanted = next(reasons, None)


def _reasons(file: ImportFile) -> Iterator[tuple[int, str]]:
    """(line, everything that is wrong with it)."""
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
    rows = Problem.objects.filter(file=file).exclude(severity=Severity.ODD).order_by("line", "pk")
    line, pk = 0, 0
    while chunk := list(rows.filter(line__gte=line).exclude(line=line, pk__lte=pk)[:_AT_ONCE]):
        yield from chunk
        line, pk = chunk[-1].line, chunk[-1].pk
