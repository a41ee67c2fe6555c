"""Money: integers in minor units with a currency, and the one rounding rule.

Exponents are those of ISO 4217 as the CLDR publishes them, except where payment processors
and the CLDR's *cash* habits differ from the standard: the standard wins (HUF 2, ISK 0, TWD 2).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache

from babel.core import Locale
from babel.numbers import NumberPattern, format_currency, get_currency_symbol, parse_pattern
from django.utils.translation import gettext as _

# ISO 4217 (2024), every currency whose minor unit is not 2.
_EXPONENTS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
_LARGEST = 10**15  # fits a signed 64-bit column with room for sums


class NotMoney(ValueError):
    """The text is not an amount of this currency; the message is for the person."""


def exponent(currency: str) -> int:
    """Decimals of the currency's minor unit: USD 2, JPY 0, KWD 3."""
    return _EXPONENTS.get(currency, 2)


def round_half_up(amount: Decimal) -> int:
    """Round to a whole number of minor units, halves away from zero. The only rounding there is."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_minor(major: Decimal, currency: str) -> int:
    """12.345 USD → 1235 (rounded half up)."""
    return round_half_up(major.scaleb(exponent(currency)))


def to_major(minor: int, currency: str) -> Decimal:
    """1234 USD → Decimal("12.34")."""
    return Decimal(minor).scaleb(-exponent(currency))


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units of a currency. Mixing currencies raises ValueError."""

    amount: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{other.currency} is not {self.currency}")
        return other.amount

    def show(self, locale: str = "en") -> str:
        """As a person reads it: "$1,204.50", "1.204,50 €", "¥500"."""
        return show(self.amount, self.currency, locale)

    def show_with_code(self, locale: str = "en") -> str:
        """As `show`, with the code behind it where the symbol is not the code itself."""
        shown = self.show(locale)
        return shown if self.currency in shown else f"{shown} {self.currency}"

    @classmethod
    def parse(cls, text: str, currency: str, locale: str = "en") -> Money:
        """Read what a person typed. Raises `NotMoney`; never guesses, never rounds."""
        return cls(_parse(text, currency, locale), currency)


def show(amount: int, currency: str, locale: str = "en") -> str:
    """Format minor units without making a Money first, for lists.

    Writes the common pattern by hand (babel's general formatter costs about 25 µs a number).
    """
    style = _style(currency, locale)
    if style is None:
        return str(format_currency(to_major(amount, currency), currency, locale=locale))
    prefix, suffix, group, point, places, minus = style
    digits = str(abs(amount)).rjust(places + 1, "0")
    whole, fraction = (digits[:-places], digits[-places:]) if places else (digits, "")
    if len(whole) > 3:
        whole = f"{int(whole):,}".replace(",", group)
    shown = f"{prefix}{whole}{point}{fraction}{suffix}" if places else f"{prefix}{whole}{suffix}"
    return minus + shown if amount < 0 else shown


@cache
def _style(currency: str, locale: str) -> tuple[str, str, str, str, int, str] | None:
    known = Locale.parse(locale.replace("-", "_"))
    pattern: NumberPattern = parse_pattern(known.currency_formats["standard"])
    symbols = known.number_symbols["latn"]
    if pattern.grouping != (3, 3) or known.default_numbering_system != "latn":
        return None
    symbol = get_currency_symbol(currency, locale=known)
    prefix, suffix = (part.replace("¤", symbol) for part in (pattern.prefix[0], pattern.suffix[0]))
    if prefix.endswith(symbol) and symbol[-1:].isalpha():
        prefix += "\u00a0"
    return (
        prefix,
        suffix,
        symbols["group"],
        symbols["decimal"],
        exponent(currency),
        symbols["minusSign"],
    )


def _parse(text: str, currency: str, locale: str) -> int:
    typed = unicodedata.normalize("NFKC", text)
    typed = "".join(c for c in typed if not c.isspace() and unicodedata.category(c) != "Sc")
    typed = typed.removesuffix(currency).removeprefix(currency)
    symbols = Locale.parse(locale.replace("-", "_")).number_symbols["latn"]
    point, group = symbols["decimal"], unicodedata.normalize("NFKC", symbols["group"]).strip()
    whole, found, fraction = typed.partition(point)
    if (
        group
        and group in whole
        and not re.fullmatch(rf"[-−]?\d{{1,3}}(?:{re.escape(group)}\d{{3}})+", whole)
    ):
        raise NotMoney(
            _("Write the amount like %(example)s.") % {"example": _example(currency, locale)}
        )
    digits = whole.replace(group, "") if group else whole
    digits = digits.replace("−", "-")
    if not re.fullmatch(r"-?\d+", digits, re.ASCII) or (
        found and not re.fullmatch(r"\d+", fraction, re.ASCII)
    ):
        raise NotMoney(
            _("Write the amount like %(example)s.") % {"example": _example(currency, locale)}
        )
    places = exponent(currency)
    if len(fraction.rstrip("0")) > places:
        raise NotMoney(
            _("%(currency)s has at most %(places)d decimals.")
            % {"currency": currency, "places": places}
        )
    try:
        minor = int(Decimal(f"{digits}.{fraction or 0}").scaleb(places))
    except InvalidOperation:  # more digits than a Decimal context keeps
        minor = _LARGEST + 1
    if abs(minor) > _LARGEST:
        raise NotMoney(_("That amount is too large."))
    return minor


def _example(currency: str, locale: str) -> str:
    return show(123450 if exponent(currency) == 2 else 1234, currency, locale)
