"""Where the library asks for our ways with the second factor."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from doorstep.identity.models import Account
from doorstep.lib.secrets import seal, unseal


class FactorsAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This is not right. Look again; a code works once and not for long."),
        "cannot_delete_authenticator": _(
            "A second step is asked here, so the last one cannot be removed. Add another one first."
        ),
    }

    def get_totp_issuer(self) -> str:
        """The business's name, as the authenticator app shows it."""
        organization = getattr(context.request, "organization", None)
        return organization.name if organization else "Doorstep"

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last factor stays while a business asks for one."""
        account: Account = authenticator.user
        others = Authenticator.objects.filter(user_id=account.pk).exclude(
            type=Authenticator.Type.RECOVERY_CODES
        )
        return others.exclude(pk=authenticator.pk).exists() or not account.must_have_second_factor()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - the library's word
        n = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey") if not n else gettext("Passkey %(n)d") % {"n": n + 1}
