"""What people may change of themselves and of their company."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from doorstep.contacts.models import Contact, ContactPerson
from doorstep.contacts.models.details import FREE, GUARDED, PLACES
from doorstep.lib.names import LONGEST, is_a_name, one_name


class DetailsForm(forms.ModelForm):  # type: ignore[type-arg]
    """`details` is about the contact, `own` about whoever fills it in."""

    own_name = forms.CharField(label=_("Your name"), max_length=LONGEST)
    own_phone = forms.CharField(label=_("Your phone"), max_length=60, required=False)
    own_language = forms.ChoiceField(label=_("Language"), required=False)

    class Meta:
        model = Contact
        fields = [*FREE, *GUARDED]

    def __init__(self, typed: Any = None, *, person: ContactPerson) -> None:
        super().__init__(typed, instance=person.contact)
        language = self.fields["own_language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [("", _("As the business has it")), *settings.LANGUAGES]
        self.initial.update(
            own_name=person.name, own_phone=person.phone, own_language=person.language
        )
        self.fields["name"].label = _("Display name")
        self.fields["company_name"].label = _("Legal name")
        for name, said in AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = said
        self.address_fields = {
            which: [f"{which}_{part}" for part in PLACES] for which in ("billing", "shipping")
        }

    def clean_own_name(self) -> str:
        name = one_name(self.cleaned_data["own_name"])
        if not is_a_name(name):
            raise forms.ValidationError(_("Write your name, without addresses."))
        return name

    @property
    def details(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in (*FREE, *GUARDED)}

    @property
    def own(self) -> dict[str, str]:
        return {
            name.removeprefix("own_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("own_")
        }


_PARTS = {
    "street": "street-address",
    "postal_code": "postal-code",
    "city": "address-level2",
    "region": "address-level1",
    "country": "country-name",
}
AUTOCOMPLETE = {
    "own_name": "name",
    "own_phone": "tel",
    "phone": "off",
    "company_name": "organization",
    **{
        f"{which}_{part}": f"{which} {said}"
        for which in ("billing", "shipping")
        for part, said in _PARTS.items()
    },
}
