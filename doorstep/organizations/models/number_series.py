"""Numbers of papers: unique within organisation and kind, taken under lock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Actor, record
from doorstep.organizations.events import ORGANIZATION_CHANGED
from doorstep.organizations.models.organization import Organization

FIRST = {"invoice": "INV-", "payment": "PAY-", "estimate": "EST-", "sales_order": "SO-"}
FIRST |= {
    "retainer_invoice": "RET-",
    "credit_note": "CN-",
    "purchase_order": "PO-",
    "bill": "BILL-",
}


class NumberSeries(models.Model):
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="number_series")
    kind = models.CharField(max_length=20)
    prefix = models.CharField(
        _("Prefix"),
        max_length=12,
        blank=True,
        validators=[RegexValidator(r"^[A-Za-z0-9/_.-]*$", _("Letters, digits, and - / _ . only."))],
    )
    next_value = models.PositiveBigIntegerField(_("Next number"), default=1)
    digits = models.PositiveSmallIntegerField(_("Digits"), default=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind"], name="number_series_once")
        ]

    def __str__(self) -> str:
        return self.number(self.next_value)

    @classmethod
    def begin(cls, organization: Organization) -> None:
        NumberSeries.objects.bulk_create(
            NumberSeries(organization=organization, kind=kind, prefix=prefix)
            for kind, prefix in FIRST.items()
        )

    def change(self, *, by: Actor, at: datetime, **details: Any) -> None:
        """Number from now on like this. Raises ValidationError."""
        with transaction.atomic():
            current = NumberSeries.objects.select_for_update().get(pk=self.pk)
            changed = {n: v for n, v in details.items() if getattr(current, n) != v}
            for name, value in changed.items():
                setattr(current, name, value)
            current.full_clean()
            if changed:
                current.save(update_fields=list(changed))
                what = {"series": self.kind, **changed}
                record(ORGANIZATION_CHANGED, self.organization, by=by, at=at, numbering=what)

    @classmethod
    def take(cls, organization_id: int, kind: str) -> str:
        """The next number, e.g. "INV-000123"; call it inside the transaction that uses it.

        The row stays locked until then, so that a number is neither given twice nor lost.
        """
        assert transaction.get_connection().in_atomic_block
        series = cls.objects.select_for_update().get(organization=organization_id, kind=kind)
        number = series.number(series.next_value)
        series.next_value += 1
        series.save(update_fields=["next_value"])
        return number

    @classmethod
    def skip_past(cls, organization_id: int, kind: str, numbers: list[str]) -> None:
        """Papers with these numbers came from elsewhere: continue behind the highest of ours."""
        with transaction.atomic():
            series = cls.objects.select_for_update().get(organization=organization_id, kind=kind)
            tails = (n.removeprefix(series.prefix) for n in numbers if n.startswith(series.prefix))
            highest = max(
                (int(t) for t in tails if t.isascii() and t.isdigit() and len(t) < 16), default=0
            )
            if highest >= series.next_value:
                series.next_value = highest + 1
                series.save(update_fields=["next_value"])

    def number(self, value: int) -> str:
        return f"{self.prefix}{value:0{self.digits}d}"
