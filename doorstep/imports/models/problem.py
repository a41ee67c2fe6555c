"""What is wrong, or at odds, with a row of a file."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy

from doorstep.imports.models.batch import ImportBatch


class Severity(models.TextChoices):
    BAD = "bad", gettext_lazy("Not taken")
    WITH_IT = "with_it", gettext_lazy("Not taken, because another row of it is not")
    ODD = "odd", gettext_lazy("At odds with itself")


class ProblemQuerySet(models.QuerySet["Problem"]):
    def refused(self) -> ProblemQuerySet:
        """Of the rows that cannot be taken."""
        return self.exclude(severity=Severity.ODD)

    def in_order(self) -> ProblemQuerySet:
        return self.order_by("file__order", "file", "line", "pk")


class Problem(models.Model):
    """`column` as the file names it; empty when it is about the whole row."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="problems")
    file = models.ForeignKey("imports.ImportFile", models.CASCADE, related_name="+", db_index=False)
    line = models.BigIntegerField()
    column = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500)
    severity = models.CharField(max_length=8, choices=Severity)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["batch", "severity", "id"], name="problem_by_severity"),
            models.Index(fields=["file", "line", "id"], name="problem_by_line"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.line} {self.column}: {self.reason}"
