"""The one place that reads the wall clock. Models never call it: time is passed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_shift: timedelta | None = None


def now() -> datetime:
    """The present instant, aware, in UTC."""
    real = datetime.now(UTC)
    return real if _shift is None else real + _shift


@contextmanager
def shifted_to(instant: datetime) -> Iterator[None]:
    """Let this process believe that it is `instant` (and that time goes on from there)."""
    global _shift
    before, _shift = _shift, instant - datetime.now(UTC)
    try:
        yield
    finally:
        _shift = before
