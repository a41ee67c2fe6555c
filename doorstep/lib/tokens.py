"""Secrets that open something: made once, shown once, stored only as a hash."""

import hashlib
import secrets


def make_token() -> str:
    """192 random bits, safe in an address."""
    return secrets.token_urlsafe(24)


def hash_token(token: str) -> str:
    """What the database keeps. A fast hash is right here: the token is random, not chosen."""
    return hashlib.sha256(token.encode()).hexdigest()
