"""Whom a link is for, what it allows, how it travels, how long it lasts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from doorstep.contacts.models import Contact, ContactPerson
from doorstep.lib.phones import textable
from doorstep.organizations.models import Member
from doorstep.sales.models import Invoice
from doorstep.sharing.models import Link, LinkRight

LASTS = [
    ("", _("Until 30 days after the due date")),
    ("7", _("7 days")),
    ("30", _("30 days")),
    ("90", _("90 days")),
]
CHANNELS = [
    ("mail", _("Mail it")),
    ("copy", _("Show it to copy, or as a QR code")),
    ("whatsapp", _("Send it by WhatsApp")),
]


class ShareForm(forms.Form):
    person: Any = forms.ModelChoiceField(
        label=_("For"), queryset=None, required=False, empty_label=_("Whoever has it")
    )
    channel = forms.ChoiceField(label=_("How"), choices=CHANNELS, initial="mail")
    right = forms.ChoiceField(label=_("May"), choices=LinkRight.choices, initial=LinkRight.PAY)
    lasts = forms.ChoiceField(label=_("Lasts"), choices=LASTS, required=False)

    def __init__(self, *args: Any, contact: Contact, texts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = contact.people.addressable().order_by("-is_primary", "pk")
        if texts:
            people = contact.people.exclude(email="", phone="").order_by("-is_primary", "pk")
            self.fields["channel"].choices = [*CHANNELS, ("sms", _("Send it by SMS"))]  # type: ignore[attr-defined]
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["person"].initial = first = people.first()
        self.nobody_provable = first is None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("channel") == "mail" and not cleaned.get("person"):
            raise ValidationError({"person": _("Choose to whom it is mailed.")})
        self._check_reachable(cleaned.get("channel", ""), cleaned.get("person"))
        return cleaned

    def _check_reachable(self, channel: str, person: ContactPerson | None) -> None:
        if channel == "mail" and person and not person.email:
            raise ValidationError({"person": _("This person has no e-mail address.")})
        if channel == "sms" and not (person and textable(person.phone)):
            words = _("Choose somebody with a number that begins with its country, like +1.")
            raise ValidationError({"person": words})

    def share(self, invoice: Invoice, *, by: Member, at: datetime) -> tuple[Link, str]:
        """Raises `NotShareable`."""
        said = self.cleaned_data
        return Link.share(
            invoice,
            person=said["person"],
            by=by,
            at=at,
            right=said["right"],
            channel=said["channel"],
            expires_at=at + timedelta(days=int(said["lasts"])) if said["lasts"] else None,
        )
