"""The organisation's own settings as forms."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doorstep.files.pictures import NotAPicture, as_png
from doorstep.organizations import roles
from doorstep.organizations.models import Member, NumberSeries, Organization
from doorstep.sales.models import Invoice

LOGO_SIDE = 512


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Organization
        fields = [
            "name",
            "legal_name",
            "tax_number",
            "brand_color",
            "street",
            "postal_code",
            "city",
            "region",
            "country",
            "email",
            "phone",
            "website",
            "currency",
            "language",
            "time_zone",
            "terms_url",
            "privacy_url",
            "terms_version",
        ]
        widgets = {"brand_color": forms.TextInput({"type": "color"})}
        help_texts = {
            "currency": _("For new contacts. Papers that exist keep theirs."),
            "brand_color": _(
                "Buttons and links take it, made darker or lighter until they can be read."
            ),
        }

    new_logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp,image/gif"}),
        help_text=_("PNG, JPEG, WebP or GIF. It is kept as PNG with at most 512 pixels a side."),
    )
    drop_logo = forms.BooleanField(label=_("Show no logo"), required=False)

    def __init__(self, typed: Any = None, files: Any = None, *, member: Member) -> None:
        super().__init__(typed, files, instance=member.organization)
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
        zones = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
        self.fields["time_zone"] = forms.ChoiceField(label=_("Time zone"), choices=zones)
        # The page wears a colour while somebody chooses it.
        self.fields["brand_color"].widget.attrs["data-sheet"] = reverse("brand", args=["000000"])
        self.png: bytes | None = None
        if not member.organization.logo_id:
            del self.fields["drop_logo"]
        for field in self.fields.values():
            field.disabled = not member.may("settings.edit")

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    def clean_new_logo(self) -> Any:
        upload = self.cleaned_data["new_logo"]
        if upload:
            try:
                self.png = as_png(upload.read(), most=LOGO_SIDE)
            except NotAPicture as refusal:
                raise ValidationError(str(refusal)) from refusal
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        linked = cleaned.get("terms_url") or cleaned.get("privacy_url")
        if bool(linked) != bool(cleaned.get("terms_version")):
            self.add_error(
                "terms_version", _("Pages and version belong together: fill in both, or none.")
            )
        return cleaned

    @property
    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class PaymentSetupForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Organization
        fields = ["payment_terms_days", "bank_details"]
        widgets = {"bank_details": forms.Textarea({"rows": 4})}
        help_texts = {
            "bank_details": _("Shown on papers and wherever nothing can be paid online."),
            "payment_terms_days": _("For new contacts."),
        }

    def __init__(self, typed: Any = None, *, member: Member) -> None:
        super().__init__(typed, instance=member.organization)
        for field in self.fields.values():
            field.disabled = not member.may("settings.edit")


class SeriesForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = NumberSeries
        fields = ["prefix", "next_value", "digits"]

    digits = forms.IntegerField(label=_("Digits"), min_value=1, max_value=12)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        wanted = NumberSeries(
            prefix=cleaned.get("prefix", ""),
            next_value=cleaned.get("next_value") or 0,
            digits=cleaned.get("digits") or 1,
        )
        number, ours = str(wanted), Invoice.of(self.instance.organization)
        if self.instance.kind == "invoice" and ours.filter(number=number).exists():
            self.add_error("next_value", _("%s is taken already.") % number)
        return cleaned


class MemberForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=200)
    role = forms.ChoiceField(
        label=_("Role"), choices=roles.MemberRole.choices, initial=roles.ACCOUNTANT
    )
