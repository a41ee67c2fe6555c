"""Decimals that a database can neither round nor add up as floats."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    WholeNumberField = models.BigIntegerField[str | int | Decimal, Decimal]
else:
    WholeNumberField = models.BigIntegerField


class FixedPointField(WholeNumberField):
    """A Decimal with `places` decimals, stored as a whole number (SQLite has no exact decimals)."""

    def __init__(self, *args: Any, places: int, **kwargs: Any) -> None:
        self.places = places
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "places": self.places}

    def from_db_value(
        self, value: int | None, _expression: Any, _connection: Any
    ) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.places)
        return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP))

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return Decimal(str(value))
        except ArithmeticError as error:
            raise ValidationError(_("Write a number.")) from error

    @property
    def validators(self) -> Any:
        return []

    def formfield(self, **kwargs: Any) -> Any:
        return forms.DecimalField(decimal_places=self.places, max_digits=18, **kwargs)
