"""Behind a curtain things are prepared that nobody may see in part; raising it shows all of them at once."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.db import models
from django.db.models.expressions import Col, Expression
from django.db.models.sql.where import AND

from doorstep.organizations.models.organization import Organization


class Curtain(models.Model):
    """Raised by the change of this one row, however many rows of however many tables stand behind it."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    hung_at = models.DateTimeField()
    raised_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"curtain {self.pk}"

    def raise_it(self, *, at: datetime) -> None:
        self.raised_at = at
        self.save(update_fields=["raised_at"])


class CurtainField(models.ForeignKey[Curtain | None, Curtain | None]):
    """The curtain that a row stands behind; None for what everybody may see, which is nearly everything.

    It has no index of its own: a model with this field adds `curtain_index(...)`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"to": "organizations.Curtain", "on_delete": models.PROTECT, "null": True}
        kwargs |= {"related_name": "+", "db_index": False, "editable": False}
        super().__init__(*args, **kwargs)


def curtain_index(name: str) -> models.Index:
    """Finds what stands behind a curtain, and holds no row else."""
    return models.Index(
        fields=["curtain", "id"], condition=models.Q(curtain__isnull=False), name=name
    )


_CONDITION = """(%(column)s IS NULL OR %(column)s NOT IN (
    SELECT "id" FROM "organizations_curtain" WHERE "raised_at" IS NULL))"""


class InSight(Expression):
    """True for rows that stand behind no curtain, or behind one that has been raised.

    Every list of every page asks it, so it is made once for each model and joins a query without
    the search for names that `filter()` begins with (a tenth of what compiling a list costs).
    """

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, column: Col) -> None:
        super().__init__()
        self.column = column

    def get_source_expressions(self) -> list[Any]:
        return [self.column]

    def set_source_expressions(self, expressions: Any) -> None:
        (self.column,) = expressions

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:
        column, params = compiler.compile(self.column)
        return _CONDITION % {"column": column}, tuple(params) * 2


@cache
def in_sight(model: type[models.Model]) -> InSight:
    meta = model._meta
    field = meta.get_field("curtain")
    assert isinstance(field, models.Field)
    return InSight(Col(meta.db_table, field))


class SeenManager[M: models.Model](models.Manager[M]):
    """Finds what is in sight. A model with a curtain starts its default manager from here."""

    def get_queryset(self) -> models.QuerySet[M]:
        rows = super().get_queryset()
        rows.query.where.add(in_sight(self.model), AND)
        return rows
