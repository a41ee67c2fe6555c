"""The library's forms in our words: one line each, no placeholders instead of labels."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as library
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.contrib.auth import password_validation
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doorstep.identity.models import Account, canonical_address
from doorstep.lib import clock

_NEW = _("Password")


def _say(field: forms.Field, label: Any, **attributes: str) -> None:
    field.label, field.help_text = label, ""
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


def _door() -> int | None:
    """At whose pages somebody asks."""
    organization = getattr(context.request, "organization", None)
    return organization.pk if organization else None


class SignInForm(library.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["login"],
            _("E-mail address"),
            autocomplete="username webauthn",
            autofocus="",
        )
        _say(self.fields["password"], _("Password"))


class ForgottenForm(library.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["email"], _("E-mail address"), autocomplete="username", autofocus="")

    def clean_email(self) -> str:
        self.users = Account.reached_at(self.cleaned_data["email"], _door())
        return str(self.cleaned_data["email"])

    def save(self, request: Any, **kwargs: Any) -> str:
        """The same work whether somebody has the address or not; a newer link kills the older."""
        with transaction.atomic():
            self.users = [account.asks_for_reset(at=clock.now()) for account in self.users]
            return str(super().save(request, **kwargs))


class AskForCodeForm(library.RequestLoginCodeForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["email"], _("E-mail address"), autocomplete="username", autofocus="")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        self._user = next(iter(Account.reached_at(email, _door())), None)
        return email


class EnterCodeForm(library.ConfirmLoginCodeForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self.fields["code"],
            _("Code from the mail"),
            inputmode="numeric",
            autofocus="",
            maxlength="12",
        )
        self.fields["code"].widget.attrs["class"] = "code"


class NewPasswordForm(library.ResetPasswordKeyForm):  # type: ignore[misc]
    """One field: it can be shown while typing, so typing it twice proves nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        _say(self.fields["password1"], _("New password"), autofocus="")
        self.fields["password1"].help_text = _("At least 10 characters. A few words are fine.")


class ChangePasswordForm(library.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        _say(self.fields["oldpassword"], _("Password until now"), autofocus="")
        _say(self.fields["password1"], _("New password"))
        self.fields["password1"].help_text = _("At least 10 characters. A few words are fine.")

    def clean_oldpassword(self) -> str:
        """Counted like a sign-in: a stolen session is no place to guess."""
        if not get_adapter().reauthenticate(self.user, self.cleaned_data["oldpassword"]):
            raise forms.ValidationError(_("This is not your password until now."))
        return str(self.cleaned_data["oldpassword"])


class ReauthenticateForm(library.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["password"], _("Password"), autofocus="")


class AddressForm(forms.Form):
    """The address to sign in with from now on; whether somebody has it plays no part."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": ""}),
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_email(self) -> str:
        address = canonical_address(self.cleaned_data["email"])
        if address == self.account.email:
            raise forms.ValidationError(_("You sign in with this address already."))
        return address


class FirstPasswordForm(forms.Form):
    """A new person chooses a password; it must not be made of their own name and address."""

    password = forms.CharField(
        label=_NEW,
        strip=False,
        max_length=200,
        help_text=_("At least 10 characters. A few words are fine."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": ""}),
    )

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.account)
        return password
