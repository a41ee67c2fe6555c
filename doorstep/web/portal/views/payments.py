"""Payments made: the list, one of them, its receipt, and the way back from the gateway."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doorstep.lib import clock
from doorstep.lib.money import to_major
from doorstep.lib.words import long_date
from doorstep.payments.gateways.base import GatewayError
from doorstep.payments.models import Payment
from doorstep.payments.models.payment import PaymentQuerySet
from doorstep.payments.renditions import paid_with, receipt_name, receipt_pdf, split_of
from doorstep.payments.states import Method, PaymentState
from doorstep.web.askers import Customer, PortalRequest, for_customers
from doorstep.web.portal import sentences
from doorstep.web.portal.rows import Rows
from doorstep.web.portal.till import Till
from doorstep.web.portal.views.invoice import pdf
from doorstep.web.ui.paging import turn_to
from doorstep.web.ui.spreadsheet import csv_file


@require_safe
@for_customers
def payments(request: PortalRequest) -> HttpResponse:
    customer = request.customer
    rows = Rows(customer, customer.organization.today(clock.now()))
    columns = (
        "number",
        "amount",
        "currency",
        "state",
        "method",
        "method_label",
        "started_by_name",
        "reference",
    )
    page = turn_to(customer.payments.worth_showing(), request.GET, *columns)
    context = {"page": page, "rows": [_row(payment, rows) for payment in page.rows]}
    return render(request, "portal/payments.html", context)


@require_safe
@for_customers
def payments_csv(request: PortalRequest) -> StreamingHttpResponse:
    customer = request.customer
    today = customer.organization.today(clock.now())
    header = [
        _("Payment"),
        _("Date"),
        _("State"),
        _("Paid with"),
        _("Reference"),
        _("Currency"),
        _("Amount"),
    ]
    lines = _lines(customer.payments.worth_showing().newest_first())
    return csv_file(f"payments-{today.isoformat()}.csv", header, lines)


@require_safe
@for_customers
def payment(request: PortalRequest, number: str) -> HttpResponse:
    found = _find(request.customer, number)
    return render(request, "portal/payment.html", _about(found, request.customer))


@require_safe
@for_customers
def payment_receipt(request: PortalRequest, number: str) -> HttpResponse:
    customer = request.customer
    found = _find(customer, number, state=PaymentState.SUCCEEDED)
    content = receipt_pdf(found, locale=customer.locale, at=clock.now())
    return pdf(content, receipt_name(found))


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def payment_return(request: PortalRequest, number: str) -> HttpResponse:
    """Where the gateway sends the payer back. GET shows what is known; POST asks the gateway."""
    customer, trouble = request.customer, ""
    found = _find(customer, number)
    if request.method == "POST":
        try:
            found = found.ask_gateway(at=clock.now())
        except GatewayError as error:
            trouble = str(error)
        if not request.htmx:
            return HttpResponseRedirect(request.path)
    part = "#outcome" if request.method == "POST" else ""
    context = {**_about(found, customer), "trouble": trouble}
    return render(request, f"portal/payment_return.html{part}", context)


def _find(customer: Customer, number: str, **conditions: Any) -> Payment:
    found: Payment = get_object_or_404(customer.payments, number=number, **conditions)
    found.organization, found.contact = customer.organization, customer.contact
    return found


def _about(found: Payment, customer: Customer) -> dict[str, Any]:
    rows = Rows(customer, customer.organization.today(clock.now()))
    split = [
        {
            "url": rows.invoice_url(document.number),
            "number": document.number,
            "due": rows.day(document.due_date),
            "amount": rows.money(amount, found.currency),
        }
        for document, amount in split_of(found)
    ]
    return {
        "payment": found,
        "status": sentences.of_payment(found, customer),
        "steps": sentences.steps_of(found, customer),
        "amount": rows.money(found.amount, found.currency),
        "split": split,
        "credit": rows.money(found.unallocated, found.currency) if found.unallocated else "",
        "day": long_date(found.date, customer.locale),
        "paid_with": paid_with(found),
        "by_hand": found.gateway in ("manual", "import"),
        "mine": found.is_started_by(customer.person),
        "till": Till.of(customer),
    }


def _row(payment: Any, rows: Rows) -> dict[str, Any]:
    return {
        "url": rows.payment_url(payment.number),
        "number": payment.number,
        "day": rows.day(payment.date),
        "badge": rows.payment_badge(payment.state, payment.date),
        "with": payment.method_label or (Method(payment.method).label if payment.method else ""),
        "by": payment.started_by_name,
        "reference": payment.reference,
        "amount": rows.money(payment.amount, payment.currency),
        "failed": payment.state == PaymentState.FAILED,
    }


def _lines(payments: PaymentQuerySet) -> Iterator[tuple[Any, ...]]:
    columns = (
        "number",
        "date",
        "state",
        "method_label",
        "method",
        "reference",
        "currency",
        "amount",
    )
    states = {state.value: str(state.label) for state in PaymentState}
    methods = {method.value: str(method.label) for method in Method}
    for number, day, state, label, method, reference, currency, amount in payments.values_list(
        *columns
    ).iterator(chunk_size=1000):
        paid_with = label or methods.get(method, "")
        yield number, day, states[state], paid_with, reference, currency, to_major(amount, currency)
