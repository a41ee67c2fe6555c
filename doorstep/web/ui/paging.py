"""Lists in pages of 25, found by where the last row stood: page 4,000 costs what page 1 costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import QueryDict

ROWS = 25
_NEWER, _OLDER, _BETWEEN = "newer", "older", "~"


@dataclass(frozen=True, slots=True)
class Page:
    """`newer` and `older` are query strings of the neighbouring pages, empty at the ends."""

    rows: list[Any]
    newer: str = ""
    older: str = ""

    def __bool__(self) -> bool:
        return bool(self.rows)


def turn_to[M: Model](
    rows: QuerySet[M], query: QueryDict, *columns: str, by: str = "date", descending: bool = True
) -> Page:
    """The page that the address asks for, its rows as named tuples of `pk`, `by` and the columns.

    Order is (by, pk); `by` never is NULL. A cursor that makes no sense gives the first page.
    """
    ahead, behind = ("gte", "lte") if descending else ("lte", "gte")
    forwards = rows.order_by(*((f"-{by}", "-pk") if descending else (by, "pk")))
    named = list(dict.fromkeys(("pk", by, *columns)))
    start, turning_back = _cursor(rows, query, by), _NEWER in query
    if start is None:
        found = forwards
    else:
        value, pk = start
        side, other = (ahead, behind) if turning_back else (behind, ahead)
        found = rows.filter(**{f"{by}__{side}": value}).exclude(**{by: value, f"pk__{other}": pk})
        found = found.order_by(*((by, "pk") if descending == turning_back else (f"-{by}", "-pk")))
    fetched = list(found.values_list(*named, named=True)[: ROWS + 1])
    more, shown = len(fetched) > ROWS, fetched[:ROWS]
    if start is not None and turning_back:
        shown.reverse()
        return _page(shown, query, by, newer=more, older=True)
    return _page(shown, query, by, newer=start is not None, older=more)


def opening(fetched: list[Any], query: QueryDict, by: str = "date") -> Page:
    """The first page of a list whose rows somebody else has fetched: one more than a page, in order."""
    more, shown = len(fetched) > ROWS, fetched[:ROWS]
    return _page(shown, query, by, newer=False, older=more)


def is_first(query: QueryDict) -> bool:
    """Whether the address asks for the beginning of the list."""
    return _NEWER not in query and _OLDER not in query


def _page(rows: list[Any], query: QueryDict, by: str, *, newer: bool, older: bool) -> Page:
    if not rows:
        return Page([])
    return Page(
        rows,
        newer=_address(query, _NEWER, rows[0], by) if newer else "",
        older=_address(query, _OLDER, rows[-1], by) if older else "",
    )


def _address(query: QueryDict, side: str, row: Any, by: str) -> str:
    kept = query.copy()
    for name in (_NEWER, _OLDER):
        kept.pop(name, None)
    kept[side] = f"{getattr(row, by)}{_BETWEEN}{row.pk}"
    return kept.urlencode()


def _cursor(rows: QuerySet[Any], query: QueryDict, by: str) -> tuple[Any, int] | None:
    value, _found, pk = (query.get(_NEWER) or query.get(_OLDER) or "").rpartition(_BETWEEN)
    if not value or "\0" in value or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    try:
        return rows.model._meta.get_field(by).to_python(value), int(pk)
    except ValidationError:
        return None
