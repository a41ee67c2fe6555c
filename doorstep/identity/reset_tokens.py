"""Keys of forgotten-password links: dead after use, after an hour, after a newer one, after any change."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from doorstep.identity.models import Account
from doorstep.lib import clock


class ResetTokens(PasswordResetTokenGenerator):
    """Django's, which knows password, address and last sign-in, and knows the newest request as well."""

    def _make_hash_value(self, user: Account, timestamp: int) -> str:
        asked_at = user.reset_asked_at
        return super()._make_hash_value(user, timestamp) + (
            asked_at.isoformat() if asked_at else ""
        )

    def _now(self) -> datetime:
        return clock.now().replace(tzinfo=None)
