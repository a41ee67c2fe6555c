"""Contacts and their people as forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from doorstep.contacts.models import Contact, ContactPerson, ContactRole
from doorstep.contacts.rights import rights_given
from doorstep.organizations.models import Member

ADDRESS = ("street", "postal_code", "city", "region", "country")


def languages(default: Any) -> list[tuple[str, Any]]:
    return [("", default), *settings.LANGUAGES]


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a member may write about a contact; `member` names the business."""

    class Meta:
        model = Contact
        fields = [
            "name",
            "company_name",
            "email",
            "phone",
            "currency",
            "payment_terms_days",
            "language",
            "tax_number",
            "account_manager",
            *(f"billing_{part}" for part in ADDRESS),
            *(f"shipping_{part}" for part in ADDRESS),
            "is_active",
        ]

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organization = member.organization
        manager = self.fields["account_manager"]
        assert isinstance(manager, forms.ModelChoiceField)
        manager.queryset = organization.members.active().select_related("account")
        manager.label, manager.empty_label = _("Account manager"), _("Nobody")
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), required=False, choices=languages(_("As the organisation"))
        )
        self.fields["currency"].widget.attrs.update(
            {"maxlength": 3, "autocapitalize": "characters"}
        )
        if not self.instance.pk:
            self.fields.pop("is_active")
            self.initial.setdefault("currency", organization.currency)
            self.initial.setdefault("payment_terms_days", organization.payment_terms_days)
        self.address_fields = {
            which: [f"{which}_{part}" for part in ADDRESS] for which in ("billing", "shipping")
        }

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


class NewContactForm(ContactForm):
    """A new contact, with the first person and the invitation at once if wanted."""

    role = forms.ChoiceField(
        label=_("Kind"),
        choices=ContactRole.choices,
        initial=ContactRole.CUSTOMER,
        widget=forms.RadioSelect,
    )
    person_name = forms.CharField(label=_("Name"), max_length=200, required=False)
    person_email = forms.EmailField(label=_("E-mail address"), required=False)
    invite = forms.BooleanField(label=_("Invite to the portal now"), required=False)

    FIRST_PERSON = ("person_name", "person_email", "invite")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("invite") and not cleaned.get("person_email"):
            self.add_error("person_email", _("An invitation needs an address."))
        if cleaned.get("person_email") and not cleaned.get("person_name"):
            self.add_error("person_name", _("Say whose address this is."))
        return cleaned

    @property
    def details(self) -> dict[str, Any]:
        """What the contact itself is made of."""
        return {n: v for n, v in self.cleaned_data.items() if n not in self.FIRST_PERSON}


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ContactPerson
        fields = ["name", "email", "phone", "designation", "language", "is_primary"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), required=False, choices=languages(_("As the customer"))
        )
        contact = self.instance.contact
        self.given = rights_given(vendor=contact.is_vendor)
        is_first = not self.instance.pk and not contact.people.exists()
        for right in self.given.values():
            self.fields[right.column] = forms.BooleanField(
                label=str(right.label),
                help_text=str(right.help),
                required=False,
                initial=right.held_by(self.instance) or is_first,
            )
        if self.instance.pk and self.instance.is_primary:
            # There is always one; somebody else becomes it by being chosen.
            self.fields["is_primary"].disabled = True

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        others = ContactPerson.of(self.instance.organization).filter(contact=self.instance.contact)
        if (
            cleaned.get("email")
            and others.exclude(pk=self.instance.pk).filter(email=cleaned["email"]).exists()
        ):
            self.add_error("email", _("Somebody at this contact already has this address."))
        return cleaned

    @property
    def details(self) -> dict[str, Any]:
        """Who the person is."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    @property
    def rights(self) -> dict[str, bool]:
        """What they may do; the short form of the page asks for some of it only."""
        asked = {
            name: right.column
            for name, right in self.given.items()
            if self.prefix is None or self.add_prefix(right.column) in self.data
        }
        return {name: self.cleaned_data[column] for name, column in asked.items()}

    @property
    def ticks(self) -> list[forms.BoundField]:
        return [self[right.column] for right in self.given.values()]

    def validate_unique(self) -> None:
        """Whoever becomes primary takes it from the other: that is the verb's work, not a clash."""

    def validate_constraints(self) -> None:
        """As `validate_unique`."""


class QuickPersonForm(forms.Form):
    """Name and address beneath the list of people."""

    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"))
    may_pay = forms.ChoiceField(
        label=_("May"),
        choices=[("yes", _("See and pay")), ("", _("See only"))],
        initial="yes",
        required=False,
    )


class ViewAsForm(forms.Form):
    """Through whose eyes, and why."""

    person: forms.ModelChoiceField[ContactPerson] = forms.ModelChoiceField(
        label=_("Person"), queryset=None, empty_label=None
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("It is kept in the history, with your name.")
    )

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = self.fields["person"]
        assert isinstance(people, forms.ModelChoiceField)
        people.queryset = contact.people.all()
