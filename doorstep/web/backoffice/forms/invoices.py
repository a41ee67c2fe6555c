"""A draft invoice as a form: its head and its lines, typed in the member's way of writing numbers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.contacts.models import Contact, ContactPerson
from doorstep.documents.models import Line
from doorstep.documents.totals import Totals, add_up
from doorstep.sales.models import Invoice
from doorstep.web.backoffice.forms.fields import MoneyField, NumberField

FEWEST, MOST = 3, 500
NOTHING = Decimal(0)
HUNDRED = Decimal(100)
DETAILS = ("due_date", "reference", "shipping", "adjustment", "adjustment_label", "notes", "terms")


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class LineForm(forms.Form):
    """One line; left empty it is no line."""

    name = forms.CharField(label=_("Item"), max_length=200)
    description = forms.CharField(label=_("Description"), max_length=2000, required=False)
    sku = forms.CharField(label=_("SKU"), max_length=80, required=False)
    quantity = NumberField(label=_("Quantity"), initial=Decimal(1))
    unit = forms.CharField(label=_("Unit"), max_length=40, required=False)
    price = NumberField(label=_("Price"))
    discount_percent = NumberField(label=_("Discount %"), places=4, least=NOTHING, required=False)
    tax_rate = NumberField(label=_("Tax %"), places=4, least=NOTHING, required=False)
    tax_name = forms.CharField(label=_("Tax name"), max_length=60, required=False)

    def clean_discount_percent(self) -> Decimal:
        percent: Decimal | None = self.cleaned_data["discount_percent"]
        if percent is not None and percent > HUNDRED:
            raise forms.ValidationError(_("Not more than 100."))
        return percent or NOTHING

    def clean_tax_rate(self) -> Decimal:
        return self.cleaned_data["tax_rate"] or NOTHING

    def line(self) -> Line:
        """The line as typed; its amounts come with `add_up`."""
        return Line(**{name: self.cleaned_data[name] for name in LineForm.base_fields})


class _Lines(forms.BaseFormSet):  # type: ignore[type-arg]
    def lines(self) -> list[Line]:
        """The lines that are complete, in the order of the page."""
        whole = (
            f
            for f in self.forms
            if f.has_changed() and f.is_valid() and f not in self.deleted_forms
        )
        return [form.line() for form in whole]


LineForms = forms.formset_factory(
    LineForm, formset=_Lines, extra=1, can_delete=True, max_num=MOST, validate_max=True
)


class InvoiceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Invoice
        fields = ["date", *DETAILS]
        widgets = {
            "date": DateInput(),
            "due_date": DateInput(),
            "notes": forms.Textarea({"rows": 3}),
        }
        widgets["terms"] = forms.Textarea({"rows": 3})

    def __init__(self, *args: Any, contact: Contact, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact = contact
        self.fields["shipping"] = MoneyField(
            label=_("Shipping"), currency=contact.currency, required=False
        )
        self.fields["adjustment"] = MoneyField(
            label=_("Adjustment"), currency=contact.currency, may_be_negative=True, required=False
        )
        self.fields["adjustment_label"].label = _("Adjustment says")
        self.fields["adjustment_label"].required = False
        if not self.instance.pk:
            self.initial.setdefault("date", today)
            self.initial.setdefault("due_date", today + timedelta(days=contact.payment_terms_days))

    def clean_shipping(self) -> int:
        return self.cleaned_data["shipping"] or 0

    def clean_adjustment(self) -> int:
        return self.cleaned_data["adjustment"] or 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        due, day = cleaned.get("due_date"), cleaned.get("date")
        if due and day and due < day:
            self.add_error("due_date", _("Not before the date of the invoice."))
        return cleaned

    @property
    def details(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in DETAILS}

    def totals(self, lines: list[Line]) -> Totals:
        """What the page shows while one types, by the one rounding rule."""
        for line in lines:
            line.add_up(self.contact.currency)
        typed = getattr(self, "cleaned_data", {})
        return add_up(
            lines, shipping=typed.get("shipping") or 0, adjustment=typed.get("adjustment") or 0
        )


def line_forms(data: Any, invoice: Invoice | None, *, one_more: bool = False) -> _Lines:
    """The rows: what was typed, else the draft's lines, always with an empty one at the end."""
    if data is not None:
        return LineForms(_with_one_more(data) if one_more else data, prefix="lines")  # type: ignore[return-value]
    kept = [_initial(line) for line in invoice.lines.all()] if invoice else []
    rows = LineForms(initial=kept, prefix="lines")
    rows.extra = max(1, FEWEST - len(kept))
    return rows  # type: ignore[return-value]


def _with_one_more(data: Any) -> Any:
    more = data.copy()
    typed = more.get("lines-TOTAL_FORMS", "0")
    count = min(int(typed), MOST) if typed.isdigit() else 0
    if count < MOST:
        more["lines-TOTAL_FORMS"] = str(count + 1)
        more[f"lines-{count}-quantity"] = "1"
    return more


def _initial(line: Line) -> dict[str, Any]:
    initial = {name: getattr(line, name) for name in LineForm.base_fields}
    for name in ("discount_percent", "tax_rate"):
        initial[name] = initial[name] or ""
    return initial


class _People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: ContactPerson) -> str:
        return f"{obj.name} · {obj.email}"


class SendForm(forms.Form):
    """To whom, and with which words."""

    people = _People(label=_("To"), queryset=None, widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(
        label=_("A note above the invoice"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = ContactPerson.of(contact.organization).filter(contact=contact).addressable()
        people = self.fields["people"]
        assert isinstance(people, forms.ModelMultipleChoiceField)
        people.queryset = found.order_by("-is_primary", "pk")
        people.error_messages["required"] = _("Choose at least one person.")
        first = people.queryset.first()
        self.initial.setdefault("people", [first.pk] if first else [])


class VoidForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It stands in the history; the customer does not see it."),
    )
