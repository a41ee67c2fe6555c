"""The library's forms in our words: one line each, no placeholders instead of labels."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as library
from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

_NEW = _("Password")


def _say(field: forms.Field, label: Any, **attributes: str) -> None:
    field.label, field.help_text = label, ""
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


class SignInForm(library.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["login"], _("E-mail address"), autocomplete="username", autofocus="")
        _say(self.fields["password"], _("Password"))


class ForgottenForm(library.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["email"], _("E-mail address"), autocomplete="username", autofocus="")


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


class ReauthenticateForm(library.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["password"], _("Password"), autofocus="")


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
