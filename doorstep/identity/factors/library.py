"""Parts of the library made stricter; `install()` puts them in its place, once, at the start."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from typing import Any

from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth as recovery
from allauth.mfa.recovery_codes.internal import flows as recovery_flows
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal import flows as totp_flows
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.db import transaction
from fido2.server import Fido2Server
from fido2.webauthn import PublicKeyCredentialRpEntity

from doorstep.lib import clock

# Without 0, 1, i, l and o, which people mix up.
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 10
SHOWN = "recovery_codes_shown"


class OnceOnlyTOTP(totp.TOTP):  # type: ignore[misc]
    """A code works once, on whichever process: the database remembers the newest one that was used."""

    instance: Any

    @transaction.atomic
    def validate_code(self, code: str) -> bool:
        self.instance = Authenticator.objects.select_for_update().get(pk=self.instance.pk)
        secret, newest = decrypt(self.instance.data["secret"]), self.instance.data.get("newest", 0)
        for counter in counters_now():
            expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
            if counter > newest and totp.compare_user_code(actual=code, expected=expected):
                self.instance.data["newest"] = counter
                self.instance.save(update_fields=["data"])
                return True
        return False


class HashedRecoveryCodes(recovery.RecoveryCodes):  # type: ignore[misc]
    """Ten codes, kept as keyed hashes; in plain words only in the session of who made them, to copy them."""

    instance: Any

    @classmethod
    def activate(cls, user: Any) -> HashedRecoveryCodes:
        there = Authenticator.objects.filter(
            user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES
        ).first()
        if there:
            return cls(there)
        codes = [_draw() for _n in range(app_settings.RECOVERY_CODE_COUNT)]
        hashes = [_hash(user.pk, code) for code in codes]
        instance = Authenticator.objects.create(
            user=user,
            type=Authenticator.Type.RECOVERY_CODES,
            data={"hashes": hashes, "used_mask": 0},
        )
        context.request.session[SHOWN] = codes
        return cls(instance)

    def get_unused_codes(self) -> list[str]:
        """As many as are left; what they say is not known here."""
        total = len(self.instance.data["hashes"])
        return [""] * sum(not self._is_code_used(i) for i in range(total))

    @transaction.atomic
    def validate_code(self, code: str) -> bool:
        self.instance = Authenticator.objects.select_for_update().get(pk=self.instance.pk)
        said = _hash(self.instance.user_id, code)
        for i, expected in enumerate(self.instance.data["hashes"]):
            if hmac.compare_digest(said, expected) and not self._is_code_used(i):
                self._mark_code_used(i)
                return True
        return False


def counters_now() -> Iterator[int]:
    """The steps of time whose codes count at this moment."""
    now = int(clock.now().timestamp()) // app_settings.TOTP_PERIOD
    early, late = -app_settings.TOTP_TOLERANCE, app_settings.TOTP_TOLERANCE
    return iter(range(now + early, now + late + 1))


def get_server() -> Fido2Server:
    """A passkey answers to the very origin that asked, scheme and port included."""
    request = context.request
    rp = PublicKeyCredentialRpEntity(**get_adapter().get_public_key_credential_rp_entity())
    origin = f"{request.scheme}://{request.get_host()}"
    return Fido2Server(rp, verify_origin=lambda said: said == origin)


def install() -> None:
    totp.TOTP = totp_flows.TOTP = OnceOnlyTOTP
    recovery.RecoveryCodes = recovery_flows.RecoveryCodes = HashedRecoveryCodes
    totp.yield_hotp_counters_from_time = counters_now
    webauthn.get_server = get_server


def _draw() -> str:
    drawn = "".join(secrets.choice(LETTERS) for _n in range(LENGTH))
    return f"{drawn[: LENGTH // 2]}-{drawn[LENGTH // 2 :]}"


def _hash(account_id: int, code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    key = b"doorstep.recovery:" + settings.SECRET_KEY.encode()
    return hmac.new(key, f"{account_id}:{plain}".encode(), "sha256").hexdigest()
