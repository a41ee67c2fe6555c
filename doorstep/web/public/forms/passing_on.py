"""To whom a link is passed on, and for how long. No words of their own: the mail is ours."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

LASTS = [("7", _("7 days")), ("30", _("30 days")), ("90", _("90 days"))]


class PassingOnForm(forms.Form):
    address = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    lasts = forms.ChoiceField(
        label=_("Lasts"),
        choices=LASTS,
        help_text=_("Never longer than your own link."),
    )
