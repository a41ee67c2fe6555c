"""One line of a paper."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from doorstep.documents.fields import FixedPointField
from doorstep.documents.models.document import Document
from doorstep.documents.totals import line_amounts
from doorstep.organizations.models import Organization


class Line(models.Model):
    """`price` in major units per unit; `discount` and `amount` (net of it) in minor units."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    name = models.CharField(_("Item"), max_length=200)
    sku = models.CharField(_("SKU"), max_length=80, blank=True)
    description = models.TextField(_("Description"), max_length=2000, blank=True)
    unit = models.CharField(_("Unit"), max_length=40, blank=True)
    quantity = FixedPointField(_("Quantity"), places=6, default=Decimal(1))
    price = FixedPointField(_("Price"), places=6, default=Decimal(0))
    discount_percent = FixedPointField(_("Discount in percent"), places=4, default=Decimal(0))
    discount = models.BigIntegerField(default=0)
    tax_name = models.CharField(_("Tax"), max_length=60, blank=True)
    tax_rate = FixedPointField(_("Tax rate in percent"), places=4, default=Decimal(0))
    amount = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "position"], name="line_position_once")
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name

    def add_up(self, currency: str) -> None:
        """Set discount and amount by the rounding rule."""
        self.discount, self.amount = line_amounts(
            quantity=self.quantity,
            price=self.price,
            discount_percent=self.discount_percent,
            currency=currency,
        )
