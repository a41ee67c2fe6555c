"""One invoice: how it stands, what to press, what it is made of, what happened before."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doorstep.activity.models import Event
from doorstep.lib import clock
from doorstep.lib.statements import Given, Statement
from doorstep.lib.words import long_date, moment
from doorstep.payments.models import Payment
from doorstep.payments.states import UNDER_WAY, PaymentState
from doorstep.sales.models import Invoice
from doorstep.sales.renditions import file_name, paper_of, pdf_of
from doorstep.sales.standing import Standing
from doorstep.web.askers import Customer, PortalRequest, for_customers
from doorstep.web.portal import sentences
from doorstep.web.portal.document_rows import may_upload
from doorstep.web.portal.history import SHOWN, history_of
from doorstep.web.portal.rows import Rows
from doorstep.web.portal.till import Till


@require_safe
@for_customers
def invoice(request: PortalRequest, number: str) -> HttpResponse:
    customer, at = request.customer, clock.now()
    today = customer.organization.today(at)
    found = _find(customer, number)
    if is_read(request):
        found.view(by=customer.person, at=at)
    standing = Standing.of(customer.contact, on=today)
    request.overdue_count = standing.overdue_count
    rows = Rows(customer, today)
    context = {
        "invoice": found,
        "paper": paper_of(found, locale=customer.locale, at=at),
        **_state(found, customer, rows),
        **_neighbours(found, standing, rows, today),
    }
    return render(request, "portal/invoice.html", context)


@require_safe
@for_customers
def invoice_pdf(request: PortalRequest, number: str) -> HttpResponse:
    customer, at = request.customer, clock.now()
    found = _find(customer, number)
    content = pdf_of(found, locale=customer.locale, at=at)
    return pdf(content, file_name(found))


@require_safe
@for_customers
def invoice_print(request: PortalRequest, number: str) -> HttpResponse:
    customer, at = request.customer, clock.now()
    found = _find(customer, number)
    paper = paper_of(found, locale=customer.locale, at=at)
    return render(request, "portal/invoice_print.html", {"invoice": found, "paper": paper})


def pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def is_read(request: PortalRequest) -> bool:
    """A person looks at it themselves: no member in their place, no browser that fetches ahead."""
    ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return request.method == "GET" and request.customer.viewing is None and not ahead


def _find(customer: Customer, number: str) -> Invoice:
    found = ONE.first(**customer.given, number=number)
    if found is None:
        raise Http404
    found.organization, found.contact = customer.organization, customer.contact
    return found


def _state(found: Invoice, customer: Customer, rows: Rows) -> dict[str, Any]:
    payments = PAYMENTS.all(**customer.given, document=found.pk)
    running = [payment for payment in payments if payment.state in UNDER_WAY]
    running.sort(key=lambda payment: payment.is_pending, reverse=True)
    payment = running[0] if running and found.is_open else None
    today, prevents = rows.today, rows.prevents
    mine = payment is not None and payment.started_by_id == customer.person.actor_account_id
    events = EVENTS.all(organization=found.organization_id, subject=found.pk)
    return {
        "status": sentences.of_invoice(found, payment, customer, today=today),
        "balance": rows.money(found.balance, found.currency),
        "total": rows.money(found.total, found.currency),
        "overdue": found.is_overdue(today),
        "due_words": _due(found, customer.locale),
        "payment": payment,
        "payment_amount": rows.money(payment.amount, payment.currency) if payment else "",
        "payment_began": _moment(payment, customer) if payment else "",
        "steps": sentences.steps_of(payment, customer) if payment and payment.is_pending else [],
        "mine": mine,
        "till": Till.of(customer),
        "uploads": may_upload(customer),
        "blocked": payment is not None and prevents and (payment.is_pending or not mine),
        "receipts": [
            {
                "url": rows.payment_url(each.number),
                "number": each.number,
                "amount": rows.money(each.amount, each.currency),
                "day": rows.day(each.date),
            }
            for each in payments
            if each.state == PaymentState.SUCCEEDED
        ],
        "history": [
            {"tone": each.tone, "words": each.words, "when": each.when}
            for each in history_of(found, events, payments, customer, today=today)
        ],
    }


def _due(found: Invoice, locale: str) -> str:
    if found.due_date is None:
        return ""
    return _("Due %(day)s") % {"day": long_date(found.due_date, locale)}


def _moment(payment: Payment, customer: Customer) -> str:
    return moment(payment.started_at, customer.locale, customer.organization.time_zone)


def _neighbours(found: Invoice, standing: Standing, rows: Rows, today: date) -> dict[str, Any]:
    """Where it stands among the open ones, and what else is overdue."""
    numbers = [other.number for other in standing.first]
    here = numbers.index(found.number) if found.number in numbers else None
    late = [
        other
        for other in standing.first
        if other.currency == found.currency and other.is_overdue(today) and not other.hold_stage
    ]
    others = [other for other in late if other.pk != found.pk]
    context: dict[str, Any] = {
        "others": len(others),
        "together": rows.money(sum(other.balance for other in late), found.currency),
        "all_late": len(late),
        "late_together": len(others) < len(late),
    }
    if here is None:
        return context
    return context | {
        "position": here + 1,
        "open_count": sum(part.total.count for part in standing.owed),
        "before": rows.invoice_url(numbers[here - 1]) if here else "",
        "after": rows.invoice_url(numbers[here + 1]) if here + 1 < len(numbers) else "",
    }


class _GivenInvoice:
    """The subject of the history below, as it is told when the statement is asked."""

    pk, organization_id = Given("subject"), Given("organization")
    subject_kind: str = Invoice.KIND
    subject_label = ""
    subject_contact_id: int | None = None


def _one() -> QuerySet[Invoice, Invoice]:
    return Invoice.given().visible().filter(number=Given("number"))[:1]


def _payments() -> QuerySet[Payment, Payment]:
    return Payment.given().filter(allocations__document=Given("document")).newest_first()[:10]


def _events() -> QuerySet[Event, Event]:
    return Event.about(_GivenInvoice()).filter(kind__in=SHOWN)[:20]  # type: ignore[arg-type]


ONE = Statement(_one)
PAYMENTS = Statement(_payments)
EVENTS = Statement(_events)
