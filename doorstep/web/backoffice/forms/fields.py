"""Numbers and amounts as people write them in their language."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import NumberFormatError, format_decimal, parse_decimal
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from doorstep.lib.money import Money, NotMoney, exponent, to_major

LARGEST = Decimal(10) ** 9


def locale() -> str:
    return (get_language() or "en").replace("-", "_")


def written(number: Decimal, places: int = 0) -> str:
    """The number as it would be typed: no grouping, at least `places` decimals."""
    pattern = "0." + "0" * places + "#" * (6 - places)
    return str(format_decimal(number, pattern, locale=locale()))


class NumberField(forms.CharField):
    """A Decimal with at most `places` decimals, not below `least`."""

    def __init__(self, *, places: int = 6, least: Decimal | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.places, self.least = places, least
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            number = parse_decimal(text, locale=locale(), strict=True)
        except NumberFormatError as error:
            example = format_decimal(Decimal("1204.5"), "#,##0.00", locale=locale())
            raise ValidationError(_("Write a number like %s.") % example) from error
        self._check(number)
        return number

    def _check(self, number: Decimal) -> None:
        if not number.is_finite() or abs(number) > LARGEST:
            raise ValidationError(_("That number is too large."))
        if number != round(number, self.places):
            raise ValidationError(_("At most %d decimals.") % self.places)
        if self.least is not None and number < self.least:
            raise ValidationError(_("Not less than %s.") % self.least)


class MoneyField(forms.CharField):
    """Minor units of a currency, or None when nothing is typed."""

    def __init__(self, *, currency: str, may_be_negative: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.currency, self.may_be_negative = currency, may_be_negative
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return written(to_major(value, self.currency), exponent(self.currency)) if value else ""
        return value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            amount = Money.parse(text, self.currency, get_language() or "en").amount
        except NotMoney as error:
            raise ValidationError(str(error)) from error
        if amount < 0 and not self.may_be_negative:
            raise ValidationError(_("An amount that is not negative."))
        return amount
