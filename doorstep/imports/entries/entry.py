"""What every thing in an export has in common: rows that belong together, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from doorstep.imports.cells import BadCell, Cells
from doorstep.organizations.models import Organization

LONGEST_KEY = 80


@dataclass(frozen=True, slots=True)
class Flaw:
    """`line` of the file, `column` as the file names it; empty when it is about the whole row."""

    line: int
    column: str
    reason: str


@dataclass(slots=True)
class Flaws:
    """Collected instead of raised, so that a person sees all of them at once."""

    found: list[Flaw] = field(default_factory=list)

    @contextmanager
    def at(self, cells: Cells) -> Iterator[None]:
        """A `BadCell` inside becomes a flaw of this row."""
        try:
            yield
        except BadCell as bad:
            self.found.append(Flaw(cells.line, bad.column, bad.reason))


@dataclass(frozen=True, slots=True)
class Reference:
    """A customer as the file names it: by the id of the other system, or by name when there is no id."""

    column: str
    by_name: bool
    text: str


def rows_in(content: Sequence[Sequence[Any]]) -> list[Cells]:
    """The rows of a staged thing; unreadable ones have been reported when they were read."""
    return [Cells(line, cells) for line, cells in content if cells is not None]


def customer_in(cells: Cells) -> Reference:
    if found := cells.text("Customer ID", LONGEST_KEY):
        return Reference("Customer ID", by_name=False, text=found)
    return Reference("Customer Name", by_name=True, text=cells.required("Customer Name", 200))


def check_same(rows: Sequence[Cells], columns: Sequence[str]) -> None:
    """The rows of one thing must agree about it. Raises `BadCell`."""
    first = rows[0]
    for column in columns:
        said = first.raw(column).strip()
        for other in rows[1:]:
            if other.raw(column).strip() != said:
                raise BadCell(
                    column,
                    _(
                        "Line %(line)d says “%(other)s”, line %(first)d of the same paper “%(said)s”."
                    )
                    % {
                        "line": other.line,
                        "other": other.raw(column).strip()[:40],
                        "first": first.line,
                        "said": said[:40],
                    },
                )


def start_of(day: date, organization: Organization) -> datetime:
    """When that day began where the organisation is: exports know no times."""
    return datetime.combine(day, time(), ZoneInfo(organization.time_zone))
