"""Dates as people read them, in their language."""

from datetime import date, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from django.utils.translation import get_language


@lru_cache(maxsize=4096)
def long_date(day: date, locale: str = "en") -> str:
    """ "Friday 13 November 2026"."""
    if locale.startswith("en"):
        return f"{day:%A} {day.day} {day:%B %Y}"
    return str(format_date(day, "full", locale=_known(locale)))


@lru_cache(maxsize=4096)
def short_date(day: date, locale: str = "en") -> str:
    """ "Fri 13 Nov"."""
    if locale.startswith("en"):
        return f"{day:%a} {day.day} {day:%b}"
    return str(format_skeleton("MMMEd", day, locale=_known(locale)))


@lru_cache(maxsize=4096)
def plain_date(day: date, locale: str = "en") -> str:
    """ "Fri 13 Nov 2026", for papers and tables that span years."""
    if locale.startswith("en"):
        return f"{day:%a} {day.day} {day:%b %Y}"
    return str(format_skeleton("yMMMEd", day, locale=_known(locale)))


def moment(instant: datetime, locale: str = "en", time_zone: str = "UTC") -> str:
    """ "Thu 19 Nov, 15:12" in the given time zone."""
    local = instant.astimezone(ZoneInfo(time_zone))
    return f"{short_date(local.date(), locale)}, {local:%H:%M}"


@cache
def _known(locale: str) -> Locale:
    return Locale.parse(locale.replace("-", "_"))


def grouped(number: int, locale: str | None = None) -> str:
    """ "1,093,156", or "1.093.156" for who reads German; in the reader's language unless said otherwise."""
    return str(format_decimal(number, locale=_known(locale or get_language() or "en")))


def town_line(city: str, region: str, postal_code: str) -> str:
    """ "Flagstaff, AZ 86001" where addresses name a region, else "12209 Berlin"."""
    if region:
        return " ".join(part for part in (f"{city}," if city else "", region, postal_code) if part)
    return " ".join(part for part in (postal_code, city) if part)


def file_size(size: int, locale: str) -> str:
    """ "12 kB", "3.4 MB": powers of a thousand, as people see them in their folders."""
    if size < 1000:
        return f"{size} B"
    unit, whole = ("kB", size / 1000) if size < 1_000_000 else ("MB", size / 1_000_000)
    digits = "#,##0" if unit == "kB" else "#,##0.0"
    return f"{format_decimal(whole, digits, locale=_known(locale))} {unit}"
