"""How mail leaves: the settings as a form. The password goes in and never comes out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.notifications.models import MailSettings


class MailSettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = MailSettings
        fields = ["host", "port", "use_tls", "username", "from_address", "from_name", "reply_to"]

    field_order = ["host", "port", "use_tls", "username", "password", "from_address"]

    def __init__(self, *args: Any, may_edit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("host", "username"):
            self.fields[name].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["username"].widget.attrs["autocomplete"] = "off"
        self.had_password = bool(self.instance.sealed_password)
        self.saved_host = self.instance.host
        if self.had_password:
            self.fields["password"].help_text = _(
                "A password is stored. Leave this empty to keep it."
            )
        for field in self.fields.values():
            field.disabled = not may_edit

    def clean_host(self) -> str:
        host: str = self.cleaned_data["host"].strip()
        if any(character.isspace() or character in "/@\\" for character in host):
            raise forms.ValidationError(_("Only the name of the server, like smtp.example.org."))
        return host

    def clean_port(self) -> int:
        port: int = self.cleaned_data["port"]
        if not 0 < port < 65536:
            raise forms.ValidationError(_("A port is a number from 1 to 65535."))
        return port

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        host = cleaned.get("host")
        if host and not cleaned.get("from_address"):
            self.add_error("from_address", _("Say from which address your mail comes."))
        # A stored password is never shown to a server that it was not typed for.
        moved = host != self.saved_host and self.had_password
        if moved and cleaned.get("username") and not cleaned.get("password"):
            self.add_error("password", _("The server changed. Type the password for it."))
        return cleaned
