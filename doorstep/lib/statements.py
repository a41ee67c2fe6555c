"""Queries that every page asks: written as querysets, compiled once a process, then only given values.

Turning a queryset into SQL costs several times what SQLite needs to answer it. Rows and models are
made by Django's own iterables, so a statement gives exactly what its queryset would.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import connections
from django.db.models import Expression, Model, QuerySet


class Given(Expression):
    """Stands in a filter for a value that is given when the statement is asked."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", (self,)

    def __hash__(self) -> int:
        return hash(self.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Given) and other.name == self.name


class Statement[M: Model, R]:
    """`Statement(lambda: Contact.objects.filter(pk=Given("pk")))`, asked by `statement.all(pk=7)`.

    Ids, texts, dates and instants may be given; None may not. Limits and columns are part of the text.
    """

    def __init__(self, build: Callable[[], QuerySet[M, R]]) -> None:
        self._build = build
        self._compiled: tuple[QuerySet[M, R], Any, str, tuple[Any, ...]] | None = None

    def all(self, **given: object) -> list[R]:
        """Every row."""
        return list(self._ask(given))

    def first(self, **given: object) -> R | None:
        """The first row, or None. The queryset itself should say its order and its limit."""
        return next(iter(self._ask(given)), None)

    def _ask(self, given: Mapping[str, object]) -> QuerySet[M, R]:
        queryset, compiler, sql, params = self._compile()
        connection = connections[queryset.db]
        asked = _twin(compiler)
        asked.connection = connection
        values = tuple(
            _adapt(given[param.name], connection) if isinstance(param, Given) else param
            for param in params
        )
        asked.as_sql = lambda *_args, **_options: (sql, values)
        query = _twin(queryset.query)
        query.get_compiler = lambda *_args, **_options: asked  # type: ignore[method-assign]
        rows = _twin(queryset)
        rows._query = query  # type: ignore[attr-defined]  # the setter would choose another iterable
        return rows

    def _compile(self) -> tuple[QuerySet[M, R], Any, str, tuple[Any, ...]]:
        if self._compiled is None:
            queryset = self._build()
            compiler = queryset.query.get_compiler(using=queryset.db)
            sql, params = compiler.as_sql()
            columns = [column[0] for column in compiler.select[0 : compiler.col_count]]
            converters = compiler.get_converters(columns)
            compiler.get_converters = lambda _columns: converters
            self._compiled = queryset, compiler, sql, tuple(params)
        return self._compiled


def _twin[T](original: T) -> T:
    """A shallow copy. A queryset's own way of being copied would fetch it first."""
    twin: T = object.__new__(type(original))
    twin.__dict__.update(original.__dict__)
    return twin


def _adapt(value: object, connection: Any) -> object:
    """What a lookup would have made of it for this database."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
