"""What somebody types who wants a portal account: an address, then perhaps a name."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.identity.models import canonical_address
from doorstep.lib.names import LONGEST, is_a_name, one_name


class AddressForm(forms.Form):
    """Only its shape is looked at; whether somebody has it plays no part."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        return canonical_address(self.cleaned_data["email"])


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        name = one_name(self.cleaned_data["name"])
        if not is_a_name(name):
            raise forms.ValidationError(_("Write your name, without addresses."))
        return name
