"""Payments: the list, one, and money received another way."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from doorstep.activity.models import Event
from doorstep.contacts.models import Contact
from doorstep.lib import clock, words
from doorstep.lib.money import Money, show, to_major
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice import invoice_rows, payment_rows
from doorstep.web.backoffice.forms.payments import PaymentForm
from doorstep.web.backoffice.history import tell
from doorstep.web.backoffice.rights import needs
from doorstep.web.backoffice.views.invoice_drafts import choose_contact
from doorstep.web.ui.spreadsheet import csv_file

STATES = ("succeeded", "pending", "failed", "open")


@require_GET
@needs("papers.view")
def payments(request: OfficeRequest) -> HttpResponse:
    context = {
        "page": payment_rows.page_of(_wanted(request), request.GET),
        "segments": _segments(),
        "show": request.GET.get("show", ""),
        "words": request.GET.get("q", ""),
        "may_record": request.member.may("payments.record"),
        "may_export": request.member.may("exports.run"),
    }
    return render(request, "backoffice/payments/list.html", context)


@require_GET
@needs("exports.run")
def payments_csv(request: OfficeRequest) -> StreamingHttpResponse:
    columns = "number state date contact__name method reference currency amount unallocated".split()
    rows = _wanted(request).newest_first().values_list(*columns)
    lines = (
        [*row[:7], *(to_major(amount, row[6]) for amount in row[7:])]
        for row in rows.iterator(chunk_size=500)
    )
    return csv_file("payments.csv", [name.removesuffix("__name") for name in columns], lines)


@require_GET
@needs("papers.view")
def payment(request: OfficeRequest, pk: int) -> HttpResponse:
    rows = Payment.of(request.organization).select_related("contact")
    found = get_object_or_404(rows, pk=pk)
    locale, zone = get_language() or "en", request.organization.time_zone
    context = {
        "payment": found,
        "row": payment_rows.rows_of(Payment.of(request.organization).filter(pk=pk))[0],
        "amount": found.money.show(locale),
        "credit": show(found.unallocated, found.currency, locale) if found.unallocated else "",
        "started": words.moment(found.started_at, locale, zone),
        "ended": words.moment(found.ended_at, locale, zone) if found.ended_at else "",
        "shares": _shares(found, locale),
        "history": tell(Event.about(found)[:20], request.organization),
    }
    return render(request, "backoffice/payments/payment.html", context)


@needs("payments.record")
def payment_new(request: OfficeRequest) -> HttpResponse:
    """Record money that came another way; a payment in progress warns and never blocks."""
    chosen = request.GET.get("contact", "")
    if not chosen.isdigit():
        return choose_contact(request, "payment_new", _("Record a payment"))
    contact = _customer(request, int(chosen))
    form = _form(request, contact, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if "spread" not in request.POST:
            return redirect("payment", _receive(request, contact, form).pk)
        form = _form(request, contact, form.spread_oldest_first())
    return render(request, "backoffice/payments/new.html", _page(request, contact, form))


def _form(request: OfficeRequest, contact: Contact, typed: Any) -> PaymentForm:
    invoice = request.GET.get("invoice", "")
    wanted = int(invoice) if invoice.isdigit() else None
    today = request.organization.today(clock.now())
    return PaymentForm(typed, contact=contact, today=today, wanted=wanted)


def _receive(request: OfficeRequest, contact: Contact, form: PaymentForm) -> Payment:
    cleaned = form.cleaned_data
    payment = Payment.receive(
        contact,
        Money(cleaned["amount"], contact.currency),
        form.shares,
        by=request.member,
        method=cleaned["method"],
        date=cleaned["date"],
        at=clock.now(),
        reference=cleaned["reference"],
        key=cleaned["key"],
    )
    messages.success(request, _("%(number)s is recorded.") % {"number": payment.number})
    return payment


def _page(request: OfficeRequest, contact: Contact, form: PaymentForm) -> dict[str, Any]:
    locale = get_language() or "en"
    moving = Payment.of(contact).filter(state=PaymentState.PENDING).newest_first()[:5]
    today = request.organization.today(clock.now())
    return {
        "form": form,
        "contact": contact,
        "moving": payment_rows.rows_of(moving),
        "rivals": _rivals(request, form),
        "shares": [
            {
                "field": form[form.share_name(invoice)],
                "number": invoice.number,
                "balance": invoice.balance_money.show(locale),
                "state": invoice_rows.state_of(invoice.state, invoice.due_date, today),
            }
            for invoice in form.open
        ],
    }


def _rivals(request: OfficeRequest, form: PaymentForm) -> list[dict[str, Any]]:
    """Payments of the same invoices that may still bring money."""
    if not form.rivals:
        return []
    found = Payment.of(request.organization).filter(pk__in=[rival.pk for rival in form.rivals])
    return payment_rows.rows_of(found.newest_first())


def _shares(found: Payment, locale: str) -> list[dict[str, Any]]:
    rows = found.allocations.select_related("document", "settlement").order_by(
        "document__due_date", "pk"
    )
    return [
        {
            "pk": share.document_id,
            "number": share.document.number,
            "amount": show(share.amount, found.currency, locale),
            "settled": show(share.settlement.amount, found.currency, locale)
            if share.settlement
            else "",
        }
        for share in rows[:200]
    ]


def _segments() -> list[dict[str, str]]:
    kinds = [
        ("", _("All")),
        ("succeeded", _("Received")),
        ("pending", _("In progress")),
        ("failed", _("Failed")),
    ]
    return [{"value": value, "label": label, "count": ""} for value, label in kinds]


def _wanted(request: OfficeRequest) -> Any:
    rows = Payment.of(request.organization)
    show_only = request.GET.get("show", "")
    rows = rows.filter(state=show_only) if show_only in STATES else rows.worth_showing()
    if text := request.GET.get("q", "").strip().replace("\0", ""):
        rows = rows.matching(text)
    return rows


def _customer(request: OfficeRequest, pk: int) -> Contact:
    contact = get_object_or_404(request.organization.contacts.customers(), pk=pk)
    contact.organization = request.organization
    return contact
