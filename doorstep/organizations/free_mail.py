"""Providers where anybody gets a mailbox: an address there says nothing about a company."""

from __future__ import annotations

from functools import cache
from pathlib import Path

# The list names where it comes from.
_LIST = Path(__file__).with_name("free_mail_providers.txt")


def domain_of(email: str) -> str:
    """ "wanda@coyote.example" → "coyote.example"; empty for what is no address."""
    return email.rpartition("@")[2].lower().rstrip(".")


def is_free_mail(domain: str) -> bool:
    """Whether the domain, or one that it is part of, is such a provider's."""
    parts = domain.split(".")
    return any(".".join(parts[start:]) in _providers() for start in range(len(parts) - 1))


@cache
def _providers() -> frozenset[str]:
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
