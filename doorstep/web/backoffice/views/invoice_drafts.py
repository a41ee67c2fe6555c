"""Writing an invoice: a draft with its lines."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doorstep.contacts.models import Contact
from doorstep.documents.totals import Totals
from doorstep.lib import clock
from doorstep.lib.money import show
from doorstep.sales.models import Invoice
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice import contact_rows
from doorstep.web.backoffice.forms.invoices import InvoiceForm, line_forms
from doorstep.web.backoffice.rights import needs


@needs("invoices.edit")
def invoice_new(request: OfficeRequest) -> HttpResponse:
    """First the customer, then the paper."""
    chosen = request.GET.get("contact", "")
    if not chosen.isdigit():
        return choose_contact(request, "invoice_new", _("New invoice"))
    return _write(request, _customer(request, int(chosen)), None)


@needs("invoices.edit")
def invoice_edit(request: OfficeRequest, pk: int) -> HttpResponse:
    invoice = get_object_or_404(Invoice.of(request.organization).drafts(), pk=pk)
    return _write(request, _customer(request, invoice.contact_id), invoice)


@require_POST
@needs("invoices.edit")
def invoice_totals(request: OfficeRequest, pk: int) -> HttpResponse:
    """What the lines add up to as they stand on the page; the server's rule is the only one."""
    contact = _customer(request, pk)
    form, lines = _forms(request, contact, None)
    form.is_valid()
    context = _summed(contact, form, lines) | {"beside_rows": True}
    return render(request, "backoffice/invoices/_totals.html", context)


def _write(request: OfficeRequest, contact: Contact, invoice: Invoice | None) -> HttpResponse:
    form, lines = _forms(request, contact, invoice)
    adding = "add" in request.POST
    if request.method == "POST" and not adding and form.is_valid() and lines.is_valid():
        saved = _save(request, contact, invoice, form, lines.lines())
        return redirect("invoice_send" if "send" in request.POST else "invoice", saved.pk)
    if adding:
        lines.forms[-1].fields["name"].widget.attrs["autofocus"] = True
    context = {
        "form": form,
        "lines": lines,
        "contact": contact,
        "invoice": invoice,
        "adding": adding,
    }
    return render(request, "backoffice/invoices/form.html", context | _summed(contact, form, lines))


def _forms(request: OfficeRequest, contact: Contact, invoice: Invoice | None) -> Any:
    typed = request.POST if request.method == "POST" else None
    today = request.organization.today(clock.now())
    form = InvoiceForm(typed, instance=invoice, contact=contact, today=today)
    return form, line_forms(typed, invoice, one_more="add" in request.POST)


def _save(
    request: OfficeRequest, contact: Contact, invoice: Invoice | None, form: InvoiceForm, lines: Any
) -> Invoice:
    at, member = clock.now(), request.member
    if invoice is None:
        day = form.cleaned_data["date"]
        saved = Invoice.draft(contact, by=member, at=at, day=day, lines=lines, **form.details)
        messages.success(request, _("The draft is saved. Nobody sees it before you send it."))
        return saved
    invoice.rewrite(lines, by=member, at=at, date=form.cleaned_data["date"], **form.details)
    messages.success(request, _("The draft is saved."))
    return invoice


def _summed(contact: Contact, form: InvoiceForm, forms: Any) -> dict[str, Any]:
    """The totals, and beside each row what it comes to."""
    locale = get_language() or "en"
    rows = []
    whole = []
    for each in forms.forms:
        line = _line_of(each, contact)
        if line is not None and not (forms.is_bound and forms._should_delete_form(each)):
            whole.append(line)
        rows.append((each, show(line.amount, contact.currency, locale) if line else ""))
    if form.is_bound:
        form.is_valid()
    totals = form.totals(whole) if form.is_bound else _unbound_totals(form, whole)
    return {"rows": rows, "totals": _said(totals, contact.currency, locale), "contact": contact}


def _line_of(form: Any, contact: Contact) -> Any:
    if not form.is_bound:
        line = form.initial.get("name") and _from_initial(form.initial)
    else:
        line = form.line() if form.has_changed() and form.is_valid() else None
    if line:
        line.add_up(contact.currency)
    return line or None


def _from_initial(initial: dict[str, Any]) -> Any:
    from doorstep.documents.models import Line

    return Line(**{name: value for name, value in initial.items() if value != ""})


def _unbound_totals(form: InvoiceForm, lines: Any) -> Totals:
    form.cleaned_data = {name: form.initial.get(name) or 0 for name in ("shipping", "adjustment")}
    return form.totals(lines)


def _said(totals: Totals, currency: str, locale: str) -> dict[str, Any]:
    def words(amount: int) -> str:
        return show(amount, currency, locale)

    return {
        "subtotal": words(totals.subtotal),
        "discount": words(-totals.discount_total) if totals.discount_total else "",
        "taxes": [
            (tax.name or _("Tax"), f"{tax.rate.normalize():f}%", words(tax.amount))
            for tax in totals.taxes
        ],
        "total": words(totals.total),
    }


def choose_contact(request: OfficeRequest, then: str, title: str) -> HttpResponse:
    """The customers, each leading on to the page that was wanted."""
    wanted = request.organization.contacts.customers().filter(is_active=True)
    if words := request.GET.get("q", "").strip().replace("\0", ""):
        wanted = wanted.matching(words)
    today = request.organization.today(clock.now())
    page = contact_rows.page_of(wanted, request.GET, request.organization, today)
    context = {"page": page, "words": words, "then": then, "title": title}
    return render(request, "backoffice/contacts/choose.html", context)


def _customer(request: OfficeRequest, pk: int) -> Contact:
    contact = get_object_or_404(request.organization.contacts.customers(), pk=pk)
    contact.organization = request.organization
    return contact
