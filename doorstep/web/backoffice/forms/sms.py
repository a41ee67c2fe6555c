"""How messages to telephones leave: the settings as a form. The token goes in and never comes out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.lib.phones import textable
from doorstep.notifications.models import SmsSettings


class SenderField(forms.CharField):
    """A number however it is written, or the SID of a messaging service."""

    def to_python(self, value: Any) -> str:
        written = super().to_python(value) or ""
        return textable(written) or written


class SmsSettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    token = forms.CharField(
        label=_("Auth token"),
        required=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = SmsSettings
        fields = ["account", "sender"]
        field_classes = {"sender": SenderField}

    field_order = ["account", "token", "sender"]

    def __init__(self, *args: Any, may_edit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("account", "sender"):
            self.fields[name].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.saved_account, self.had_token = self.instance.account, self.instance.sealed_token
        if self.had_token:
            self.fields["token"].help_text = _("A token is stored. Leave this empty to keep it.")
        for field in self.fields.values():
            field.disabled = not may_edit

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        account = cleaned.get("account")
        if account and not cleaned.get("sender") and "sender" not in self.errors:
            self.add_error("sender", _("Say from which number messages come."))
        # A stored token belongs to the account that it was typed for.
        if (
            account
            and not cleaned.get("token")
            and not (self.had_token and account == self.saved_account)
        ):
            self.add_error("token", _("Type the token of this account."))
        return cleaned
