"""A customer's own identity provider as a form. The secret goes in and never comes out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.organizations.models import SignInProvider


class SignInProviderForm(forms.ModelForm):  # type: ignore[type-arg]
    secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = SignInProvider
        fields = ["name", "issuer", "client_id", "domains"]
        widgets = {"domains": forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})}

    field_order = ["name", "issuer", "client_id", "secret", "domains"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.had_secret = bool(self.instance.sealed_secret)
        self.saved_issuer = self.instance.issuer
        self.fields["client_id"].widget.attrs["autocomplete"] = "off"
        if self.had_secret:
            self.fields["secret"].help_text = _("A secret is stored. Leave this empty to keep it.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        # A stored secret is never shown to a server that it was not typed for.
        if not cleaned.get("secret") and (
            not self.had_secret or cleaned.get("issuer") != self.saved_issuer
        ):
            self.add_error("secret", _("Type the secret that this provider gave you."))
        return cleaned
