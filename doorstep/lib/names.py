"""Names that people type for others: they go into mails that leave under our own address."""

from __future__ import annotations

import re

LONGEST = 100
_NOT_IN_NAMES = re.compile(r"[@/<>]|www\.|[\x00-\x1f]", re.IGNORECASE)


def one_name(typed: str) -> str:
    """Without needless spaces."""
    return " ".join(typed.split())


def is_a_name(typed: str) -> bool:
    """No address, no link, nothing that a mail program would make one of."""
    return 0 < len(typed) <= LONGEST and not _NOT_IN_NAMES.search(typed)
