"""Behind a curtain things are prepared that nobody may see in part; raising it shows all of them at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models.expressions import Expression, F

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


class InSight(Expression):
    """True for rows that stand behind no curtain, or behind one that has been raised.

    Written as SQL because every list of every page asks it: it costs no compiling and, for a row
    without a curtain, one comparison with null.
    """

    conditional = True
    output_field = models.BooleanField()

    def __init__(self) -> None:
        super().__init__()
        self.curtain: Any = F("curtain")

    def get_source_expressions(self) -> list[Any]:
        return [self.curtain]

    def set_source_expressions(self, expressions: Any) -> None:
        (self.curtain,) = expressions

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:
        column, params = compiler.compile(self.curtain)
        hung = '"organizations_curtain" WHERE "raised_at" IS NULL'
        return f'({column} IS NULL OR {column} NOT IN (SELECT "id" FROM {hung}))', tuple(params) * 2


class SeenManager[M: models.Model](models.Manager[M]):
    """Finds what is in sight. A model with a curtain starts its default manager from here."""

    def get_queryset(self) -> models.QuerySet[M]:
        return super().get_queryset().filter(InSight())
