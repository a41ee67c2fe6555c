"""Several counts asked at once: a page that counts five things makes one trip to the database."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Subquery


def count_together(**rows: QuerySet[Any, Any]) -> dict[str, int]:
    """How many rows each queryset has, by its name, in one statement.

    A queryset that is cut, `[:1000]`, is counted no further than that.
    """
    counts = dict.fromkeys(rows, 0)
    parts, params, asked = [], [], []
    for name, queryset in rows.items():
        bare = queryset if queryset.query.values_select else queryset.values("pk")
        try:
            sql, values = bare.query.get_compiler(using=queryset.db).as_sql()
        except EmptyResultSet:
            continue
        parts.append(f'(SELECT COUNT(*) FROM ({sql}) AS "rows")')  # noqa: S608 - Django's own text, values apart
        params.extend(values)
        asked.append(name)
    if parts:
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(parts), params)
            counts |= dict(zip(asked, cursor.fetchone(), strict=True))
    return counts


class CountOf(Subquery):
    """How many rows a queryset about the outer row has; cut it to bound the work."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
