"""Who is invited, and what a colleague may do: never more than whoever decides about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.contacts.models import ContactPerson
from doorstep.contacts.rights import rights_given
from doorstep.lib.names import LONGEST, is_a_name, one_name


class RightsForm(forms.Form):
    """A tick for each right that there is; those that `by` lacks stay as they are."""

    def __init__(
        self, *args: Any, by: ContactPerson, of: ContactPerson | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, right in rights_given(vendor=by.contact.is_vendor).items():
            held = right.held_by(of or ContactPerson())
            mine = right.held_by(by)
            self.fields[name] = forms.BooleanField(
                label=str(right.label),
                help_text=str(right.help) if mine else _("You do not have this right yourself."),
                required=False,
                disabled=not mine,
                initial=held and (mine or of is not None),
            )

    @property
    def rights(self) -> dict[str, bool]:
        """What was ticked and may be decided."""
        ticks = {n: f for n, f in self.fields.items() if isinstance(f, forms.BooleanField)}
        return {n: self.cleaned_data[n] for n, field in ticks.items() if not field.disabled}

    @property
    def ticks(self) -> list[forms.BoundField]:
        return [field for field in self if isinstance(field.field, forms.BooleanField)]


class InvitationForm(RightsForm):
    """Somebody of the same company, by name and address."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)

    def clean_name(self) -> str:
        name = one_name(self.cleaned_data["name"])
        if not is_a_name(name):
            raise forms.ValidationError(_("Write the name of the person, without addresses."))
        return name
