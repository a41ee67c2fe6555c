"""The library's second-factor forms in our words, each try counted over all processes."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.identity.guards import limits_second_factor


def _ask_for_digits(field: forms.Field) -> None:
    field.label, field.help_text = _("Then enter the 6 digits it shows"), ""
    field.widget = forms.TextInput(
        attrs={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "autofocus": "",
            "class": "code",
            "maxlength": "12",
        }
    )


class ActivateForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_digits(self.fields["code"])

    def clean_code(self) -> str:
        succeed = limits_second_factor(self.user)
        code: str = super().clean_code()
        succeed()
        return code

    @property
    def key(self) -> str:
        """As it is typed into an app that cannot scan: in groups of four."""
        return " ".join(self.secret[i : i + 4] for i in range(0, len(self.secret), 4))


class _CodeForm:
    """Either of the two forms that ask a person with an app for a code."""

    fields: dict[str, forms.Field]
    user: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_for_digits(self.fields["code"])
        self.fields["code"].label = _("Code from your authenticator app")

    def clean_code(self) -> str:
        succeed = limits_second_factor(self.user)
        code: str = super().clean_code()  # type: ignore[misc]
        succeed()
        return code


class CodeForm(_CodeForm, base.AuthenticateForm):  # type: ignore[misc]
    pass


class ConfirmByCodeForm(_CodeForm, base.ReauthenticateForm):  # type: ignore[misc]
    pass


class AddPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label, name.max_length = _("Name of this passkey"), 60
        name.widget.attrs.update({"maxlength": 60, "autocomplete": "off"})
        del self.fields["passwordless"]


class RenamePasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label, name.max_length = _("Name of this passkey"), 60
        name.widget.attrs.update({"maxlength": 60, "autocomplete": "off", "autofocus": ""})
