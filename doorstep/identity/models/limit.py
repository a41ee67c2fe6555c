"""How often something may happen: counted in the database, exact over any number of processes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from doorstep.lib.errors import Refused


class TooOften(Refused):
    """Wait; `retry_after` says how many seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, retry_after: int) -> None:
        super().__init__(_("That was too often. Wait a little and try again."))
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `most` times in each window of `per`."""

    name: str
    most: int
    per: timedelta


class Limit(models.Model):
    """One counter: what is limited (hashed), in which window, how often so far."""

    key_hash = models.CharField(max_length=64)
    window = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key_hash", "window"], name="limit_once_a_window")
        ]
        indexes = [models.Index(fields=["window"], name="limit_window")]

    def __str__(self) -> str:
        return f"{self.count} since {self.window}"

    @classmethod
    def take(cls, rule: Rule, *targets: object, at: datetime) -> None:
        """Count one more for these targets. Raises `TooOften` from `most + 1` on.

        Call it outside the transaction of what it guards, so that a failed try stays counted.
        """
        window, ends = _window(rule, at)
        if _count(_key(rule, targets), window) > rule.most:
            raise TooOften(max(1, int((ends - at).total_seconds()) + 1))

    @classmethod
    def refuse_if_reached(cls, rule: Rule, *targets: object, at: datetime) -> None:
        """Whether one more would be too often, without counting it: reading changes nothing."""
        window, ends = _window(rule, at)
        counted = cls.objects.filter(key_hash=_key(rule, targets), window=window)
        if counted.filter(count__gte=rule.most).exists():
            raise TooOften(max(1, int((ends - at).total_seconds()) + 1))

    @classmethod
    def forget(cls, rule: Rule, *targets: object, at: datetime) -> None:
        """Success: begin again at nothing."""
        window, _ends = _window(rule, at)
        cls.objects.filter(key_hash=_key(rule, targets), window=window).delete()

    @classmethod
    def sweep(cls, *, at: datetime) -> None:
        """Drop windows that are over; none lasts longer than a day."""
        cls.objects.filter(window__lt=at - timedelta(days=2)).delete()


def _window(rule: Rule, at: datetime) -> tuple[datetime, datetime]:
    seconds = int(rule.per.total_seconds())
    begins = datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)
    return begins, begins + rule.per


def _key(rule: Rule, targets: tuple[object, ...]) -> str:
    return hashlib.sha256("\x1f".join([rule.name, *map(str, targets)]).encode()).hexdigest()


def _count(key_hash: str, window: datetime) -> int:
    """Add one and read the sum in a single statement, which both databases make atomic."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO identity_limit (key_hash, "window", count) VALUES (%s, %s, 1) '
            'ON CONFLICT (key_hash, "window") DO UPDATE SET count = identity_limit.count + 1 '
            "RETURNING count",
            [key_hash, connection.ops.adapt_datetimefield_value(window)],
        )
        return int(cursor.fetchone()[0])
