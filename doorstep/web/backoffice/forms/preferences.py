"""The preferences page as a form: derived from the model, so that label, help and default are read in one place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.organizations.models import Member, PortalPreferences

NOT_SETTINGS = {"id", "organization", "updated_at"}
SETTINGS = [f.name for f in PortalPreferences._meta.concrete_fields if f.name not in NOT_SETTINGS]


class TypedText(forms.CharField):
    """Browsers send line ends as two characters; one is kept and counted."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = PortalPreferences
        fields = SETTINGS
        field_classes = {"banner_message": TypedText, "vendor_banner_message": TypedText}
        error_messages = {"portal_name": {"unique": _("This name is already taken.")}}

    def __init__(self, typed: Any = None, *, member: Member, at: datetime) -> None:
        super().__init__(typed, instance=member.organization.preferences)
        self.at = at
        self.saved = {name: getattr(self.instance, name) for name in SETTINGS}
        for name, field in self.fields.items():
            field.disabled = not member.may("settings.edit")
            self._dress(name, field.widget)

    def _dress(self, name: str, widget: forms.Widget) -> None:
        """`data-saved` lets the page count what is unsaved, also after a mistake came back."""
        saved = self.saved[name]
        widget.attrs["data-saved"] = str(saved).lower() if isinstance(saved, bool) else str(saved)
        if isinstance(widget, forms.CheckboxInput):
            widget.attrs.update({"class": "switch", "role": "switch"})
        elif isinstance(widget, forms.Textarea):
            widget.attrs.update({"rows": 4, "class": "input"})
        elif isinstance(widget, forms.Select):
            widget.attrs.update({"class": "input"})
        elif isinstance(widget, forms.NumberInput):
            widget.attrs.update({"class": "input number", "inputmode": "numeric"})
        else:
            widget.attrs.update(
                {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if name := cleaned.get("portal_name"):
            check_name(self.instance, name, at=self.at)
        return cleaned

    @property
    def tried_on(self) -> dict[str, Any]:
        """What the preview shows: everything valid that was typed. The address stays as it is."""
        typed = {name: self.cleaned_data.get(name, saved) for name, saved in self.saved.items()}
        typed.pop("portal_name")
        return typed


def check_name(preferences: PortalPreferences, name: str, *, at: datetime) -> None:
    """Raises ValidationError with words when this organisation cannot have the name."""
    wanted = PortalPreferences(organization_id=preferences.organization_id, portal_name=name)
    wanted.clean_portal_name(at=at)
