"""Named points where tests may stop, kill or interleave the process. Free in production."""

from collections.abc import Callable

_watcher: Callable[[str], None] | None = None


def checkpoint(name: str) -> None:
    """Say that the code got here, e.g. `checkpoint("pay.after_lock")`."""
    if _watcher is not None:
        _watcher(name)


def watch(watcher: Callable[[str], None] | None) -> None:
    """Be told of every checkpoint in this process; None stops it."""
    global _watcher
    _watcher = watcher
