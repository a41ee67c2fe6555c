"""What must never be untrue, however it came about: small checks that each package declares for itself.

A package's `invariants.py` holds functions named after the promise, `m4_balance_is_total_less_settlements`,
decorated with `@invariant`. They ask the database with sets, never row by row in memory, and yield what is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.module_loading import autodiscover_modules

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Look:
    """How to look: as of when, and whether to read every stored byte too."""

    at: datetime
    deep: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that is untrue of these rows: the first few, and how many there are."""

    what: str
    rows: tuple[Any, ...]
    count: int

    @classmethod
    def rows_of(cls, what: str, rows: QuerySet[Any, Any], name: str = "pk") -> Iterator[Broken]:
        """Broken if there is any row; costs one query while all is well."""
        first = tuple(rows.order_by().values_list(name, flat=True)[: SHOWN + 1])
        if first:
            count = rows.count() if len(first) > SHOWN else len(first)
            yield cls(what, first[:SHOWN], count)


type Check = Callable[[Look], Iterable[Broken]]
_checks: dict[str, Check] = {}


def invariant(check: Check) -> Check:
    """Declare a check. What its name begins with, before the first underscore, is its number."""
    _checks[f"{check.__module__}.{check.__name__}"] = check
    return check


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check found."""

    number: str
    promise: str
    broken: tuple[Broken, ...]


def check_all(look: Look, only: Iterable[str] = ()) -> Iterator[Verdict]:
    """Every check of every package, or those with these numbers, in the order of their numbers."""
    autodiscover_modules("invariants")
    wanted = {number.upper() for number in only}
    for check in sorted(_checks.values(), key=_place):
        number = _number(check)
        if not wanted or number in wanted:
            promise = (check.__doc__ or "").strip().splitlines()[0]
            yield Verdict(number, promise, tuple(check(look)))


def _number(check: Check) -> str:
    return check.__name__.partition("_")[0].upper()


def _place(check: Check) -> tuple[str, int, str]:
    number = _number(check)
    return number[0], int(number[1:]), check.__module__
