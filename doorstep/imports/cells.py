"""One row's cells as values. Every refusal names the column and says what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from doorstep.identity.models import canonical_address
from doorstep.imports.layouts import plain
from doorstep.lib.money import exponent

LARGEST_MINOR = 10**15
LARGEST_NUMBER = Decimal(10**10)
_NUMBER = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d+)?", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?", re.ASCII)
_GUARDED = ("'=", "'+", "'-", "'@")
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


class BadCell(ValueError):
    """`column` as the file names it, `reason` for the person."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column, self.reason = column, reason


class Cells:
    """A row by column name. Reading a cell that does not fit raises `BadCell`."""

    def __init__(self, line: int, cells: Mapping[str, str]) -> None:
        self.line, self._cells = line, cells

    def raw(self, column: str) -> str:
        """As it stands, but for the apostrophe that keeps spreadsheets from calculating it."""
        found = self._cells.get(plain(column), "")
        return found[1:] if found.startswith(_GUARDED) else found

    def text(self, column: str, longest: int) -> str:
        """Trimmed; too long or with a character that no database keeps is refused."""
        found = self.raw(column).strip()
        if len(found) > longest:
            raise BadCell(column, _("Longer than %(longest)d characters.") % {"longest": longest})
        if "\x00" in found or any("\ud800" <= c <= "\udfff" for c in found):
            raise BadCell(column, _("Contains a character that cannot be stored."))
        return found

    def required(self, column: str, longest: int) -> str:
        found = self.text(column, longest)
        if not found:
            raise BadCell(column, _("Empty."))
        return found

    def date(self, column: str) -> date:
        found = _DATE.fullmatch(self.required(column, 40))
        try:
            if found:
                day = date(int(found[1]), int(found[2]), int(found[3]))
                if 1900 <= day.year < 2200:
                    return day
        except ValueError:
            pass
        raise BadCell(
            column, _("“%(text)s” is not a date like 2026-11-13.") % {"text": self._short(column)}
        )

    def number(self, column: str, *, empty: Decimal = Decimal(0)) -> Decimal:
        """A plain number such as 1234.5 or 1,234.5, perhaps with a currency code before it or % behind."""
        text = self.text(column, 60)
        if not text:
            return empty
        bare = re.sub(r"^[A-Z]{3}\s*|\s*%$", "", text).strip()
        if not any(c.isdecimal() for c in bare) or not _NUMBER.fullmatch(bare):
            raise BadCell(column, _("“%(text)s” is not a number.") % {"text": self._short(column)})
        value = Decimal(bare.replace(",", ""))
        if abs(value) > LARGEST_NUMBER:
            raise BadCell(column, _("“%(text)s” is too large.") % {"text": self._short(column)})
        return value

    def money(self, column: str, currency: str) -> int:
        """Minor units; more decimals than the currency has are refused, never rounded."""
        minor = self.number(column).scaleb(exponent(currency))
        if minor != minor.to_integral_value():
            raise BadCell(
                column,
                _("%(currency)s has at most %(places)d decimals.")
                % {"currency": currency, "places": exponent(currency)},
            )
        return int(minor)

    def currency(self, column: str, default: str) -> str:
        code = self.text(column, 40) or default
        if not _CURRENCY.fullmatch(code):
            raise BadCell(
                column,
                _("“%(text)s” is not a currency code like USD.") % {"text": self._short(column)},
            )
        return code

    def email(self, column: str) -> str:
        text = self.text(column, 254)
        if not text:
            return ""
        try:
            validate_email(text)
        except ValidationError:
            raise BadCell(
                column, _("“%(text)s” is not an e-mail address.") % {"text": self._short(column)}
            ) from None
        return canonical_address(text)

    def _short(self, column: str) -> str:
        found = self.raw(column).strip().replace("\x00", "")
        return found if len(found) <= 40 else found[:39] + "…"
