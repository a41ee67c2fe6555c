"""How much is done in one transaction: as much as keeps the write lock short on this very machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter, thread_time

from django.db import transaction

from doorstep.lib.checkpoints import checkpoint

GOAL = 0.05
LIMIT = 0.2
SMALLEST, FIRST, LARGEST = 10, 20, 1000


class Pace:
    """`size` rows for the next transaction; `longest` is how long the longest so far held the lock, in seconds."""

    def __init__(self) -> None:
        self.size = FIRST
        self.longest = 0.0

    def begin(self) -> None:
        """Another kind of work, whose rows may cost much more: small again."""
        self.size = FIRST

    @contextmanager
    def brief(self) -> Iterator[None]:
        """A transaction whose length, from getting the lock to giving it back, sets the size of the next."""
        with transaction.atomic():
            began, began_work = perf_counter(), thread_time()
            yield
        took, worked = perf_counter() - began, thread_time() - began_work
        self.longest = max(self.longest, took)
        self.size = max(SMALLEST, min(LARGEST, int(self.size * min(1.5, max(0.5, GOAL / took)))))
        checkpoint(f"import.transaction {took:.6f} {worked:.6f}")
