"""What the page of components shows: a form with every kind of field, filled in wrongly."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SpecimenForm(forms.Form):
    """Nothing is ever done with it."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As it stands on invoices."))
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput({"autocomplete": "off"})
    )
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        required=False,
    )
    due = forms.DateField(
        label=_("Due"),
        widget=forms.DateInput({"type": "date"}),
        required=False,
        help_text=_("A day."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[("USD", "USD"), ("EUR", "EUR")])
    color = forms.CharField(label=_("Brand colour"), widget=forms.TextInput({"type": "color"}))
    file = forms.FileField(label=_("Logo"), required=False)
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea({"rows": 3}), required=False, max_length=500
    )
    way = forms.ChoiceField(
        label=_("How to pay"),
        widget=forms.RadioSelect,
        choices=[("card", _("Card")), ("debit", _("Bank debit"))],
    )
    agreed = forms.BooleanField(label=_("Remember this browser for 30 days"), required=False)


def filled_in_wrongly() -> SpecimenForm:
    form = SpecimenForm(
        {
            "name": "Coyote Ltd",
            "email": "wanda at coyote",
            "currency": "USD",
            "color": "#0f5c43",
            "agreed": "on",
        }
    )
    form.full_clean()
    return form


TONES = ("bad", "wait", "warn", "good", "plain")
SECTIONS = (
    "words",
    "buttons",
    "states",
    "fields",
    "lists",
    "money",
    "paper",
    "settings",
    "overlays",
    "pages",
)
