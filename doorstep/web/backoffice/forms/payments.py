"""Money that has arrived, recorded by a member."""

from __future__ import annotations

from datetime import date as day
from typing import Any

from django import forms
from django.core.signing import BadSignature, Signer
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from doorstep.contacts.models import Contact
from doorstep.lib.tokens import make_token
from doorstep.payments.states import Method
from doorstep.payments.under_way import under_way
from doorstep.sales.models import Invoice
from doorstep.web.backoffice.forms.fields import MoneyField
from doorstep.web.backoffice.forms.invoices import DateInput

MOST_OPEN = 100


class PaymentForm(forms.Form):
    """Amount, day and way; beneath it a share for each open invoice. What is not spread is credit."""

    date = forms.DateField(label=_("Received on"), widget=DateInput())
    method = forms.ChoiceField(label=_("How"), choices=Method.choices, initial=Method.BANK_TRANSFER)
    reference = forms.CharField(
        label=_("Reference"),
        max_length=120,
        required=False,
        help_text=_("As on your bank statement."),
    )
    anyway = forms.BooleanField(
        label=_("This is other money. Record it all the same."), required=False
    )
    key = forms.CharField(widget=forms.HiddenInput(), max_length=200)

    def __init__(
        self, *args: Any, contact: Contact, today: day, wanted: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.contact, self.today = contact, today
        self.open = list(
            Invoice.of(contact).open().filter(currency=contact.currency).by_due_date()[:MOST_OPEN]
        )
        chosen = next((invoice for invoice in self.open if invoice.pk == wanted), None)
        self.fields["amount"] = MoneyField(
            label=_("Amount received"),
            currency=contact.currency,
            initial=chosen.balance if chosen else None,
        )
        self.initial.setdefault("date", today)
        # Says that two submits are one; made here and signed, so that nothing is stored on reading.
        self.initial["key"] = _signer(contact).sign(make_token())
        self.rivals = [] if self.is_bound or not chosen else under_way([chosen])
        for invoice in self.open:
            self.fields[self.share_name(invoice)] = MoneyField(
                label=invoice.number,
                currency=contact.currency,
                required=False,
                initial=invoice.balance if invoice == chosen else None,
            )

    @staticmethod
    def share_name(invoice: Invoice) -> str:
        return f"share-{invoice.pk}"

    def clean_amount(self) -> int:
        amount = int(self.cleaned_data["amount"])
        if amount <= 0:
            raise forms.ValidationError(_("More than nothing."))
        return amount

    def clean_date(self) -> day:
        received: day = self.cleaned_data["date"]
        if received > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return received

    def clean_key(self) -> str:
        try:
            return _signer(self.contact).unsign(self.cleaned_data["key"])
        except BadSignature as error:
            raise forms.ValidationError(_("Open this form again.")) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.rivals = under_way(invoice for invoice, _amount in self.shares)
        if self.rivals and not cleaned.get("anyway"):
            self.add_error(
                "anyway", _("Somebody is paying the same. Look at it, then say so here.")
            )
        for invoice in self.open:
            if (cleaned.get(self.share_name(invoice)) or 0) > invoice.balance:
                self.add_error(self.share_name(invoice), _("More than is still owed."))
        spread = sum(amount for _invoice, amount in self.shares)
        if cleaned.get("amount") and spread > cleaned["amount"]:
            self.add_error("amount", _("You have spread more than was received."))
        return cleaned

    @property
    def shares(self) -> list[tuple[Invoice, int]]:
        """What of the money is for which invoice."""
        cleaned = self.cleaned_data
        pairs = ((invoice, cleaned.get(self.share_name(invoice)) or 0) for invoice in self.open)
        return [(invoice, amount) for invoice, amount in pairs if amount]

    def spread_oldest_first(self) -> Any:
        """What was typed, with the amount given to the invoices that are due first."""
        left = int(self.cleaned_data.get("amount") or 0)
        typed: Any = QueryDict(mutable=True)
        typed.update(self.data)
        for invoice in self.open:
            share = min(left, invoice.balance)
            left -= share
            typed[self.share_name(invoice)] = (
                self.fields["amount"].prepare_value(share) if share else ""
            )
        return typed


def _signer(contact: Contact) -> Signer:
    return Signer(salt=f"payment received from {contact.pk}")
