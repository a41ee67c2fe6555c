"""Paying from a link: without a code this one paper, after a code also what else is overdue."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from doorstep.lib import clock
from doorstep.lib.money import show as show_money
from doorstep.lib.statements import Given, Statement
from doorstep.payments.gateways import gateway_named
from doorstep.payments.models import Payment
from doorstep.payments.refusals import AnotherPayment, InvoicesChanged
from doorstep.sales.models import Invoice
from doorstep.sharing.visitor import Visitor
from doorstep.web.public.views.links import note, paper_behind, show, visited
from doorstep.web.public.views.sign_up import offers_account


def till_of(visitor: Visitor, invoice: Invoice) -> dict[str, Any]:
    """What the page offers: ways to pay, or why there is none. Nothing about others without a code."""
    organization, locale = visitor.organization, visitor.locale()
    offered = offers_account(visitor)
    if not (invoice.is_open and visitor.may_pay and organization.gateway):
        bank = organization.bank_details if invoice.is_open and visitor.sees_the_paper else ""
        return {"ways": [], "bank_details": bank, "offers_account": offered}
    overdue = payable_overdue(visitor, invoice)
    total = sum(other.balance for other in overdue)
    return {
        "offers_account": offered,
        "ways": gateway_named(organization.gateway).ways_to_pay(),
        "seen_total": invoice.balance,
        "overdue_count": len(overdue),
        "overdue_total": total,
        "overdue_shown": show_money(total, invoice.currency, locale),
    }


def payable_overdue(visitor: Visitor, mine: Invoice) -> list[Invoice]:
    """All overdue invoices of the customer, for whoever has proven to belong to it; the link's own included."""
    preferences = visitor.organization.preferences.for_contact(visitor.contact)
    if visitor.person is None or not preferences.allows_bulk_payment():
        return []
    today = visitor.organization.today(clock.now())
    contact = visitor.contact
    given = {"organization": contact.organization_id, "contact": contact.pk}
    overdue = _OVERDUE.all(**given, on=today, currency=mine.currency)
    return overdue if any(other.pk != mine.pk for other in overdue) else []


_OVERDUE: Statement[Invoice, Invoice] = Statement(
    lambda: (
        Invoice.given()
        .overdue(on=Given("on"))  # type: ignore[arg-type]
        .payable()
        .filter(currency=Given("currency"))
        .by_due_date()[:200]
    )
)


@require_POST
@visited
def link_pay(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    at = clock.now()
    mine = paper_behind(visitor)
    invoices = payable_overdue(visitor, mine) if request.POST.get("what") == "overdue" else []
    try:
        payment = Payment.start(
            invoices or [mine],
            by=visitor,
            method=request.POST.get("method", ""),
            seen_total=_whole(request.POST.get("seen_total", "")),
            at=at,
        )
    except (AnotherPayment, InvoicesChanged) as refusal:
        return show(request, visitor, problem=str(refusal), status=409)
    back = settings.BASE_URL + reverse("link_payment", args=[visitor.link.handle, payment.number])
    url = payment.go_to_gateway(
        return_url=back,
        cancel_url=settings.BASE_URL + reverse("link", args=[visitor.link.handle]),
        at=at,
    )
    return redirect(url)


@require_http_methods(["GET", "HEAD", "POST"])
@visited
def link_payment(request: HttpRequest, visitor: Visitor, number: str) -> HttpResponse:
    """Back from the gateway. GET shows what is known; the page's POST asks the gateway."""
    payment = (
        Payment.of(visitor.contact)
        .filter(number=number, link=visitor.link.pk, started_in=visitor.browser)
        .first()
    )
    if payment is None:
        raise Http404
    if request.method == "POST":
        payment = payment.ask_gateway(at=clock.now())
        if payment.is_succeeded:
            note(request, visitor, "paid")
    context = {
        "handle": visitor.link.handle,
        "offers_account": offers_account(visitor),
        "payment": payment,
        "amount": payment.money.show_with_code(visitor.locale()),
    }
    page = "public/link_payment.html"
    return render(
        request, f"{page}#outcome" if request.headers.get("HX-Request") else page, context
    )


def _whole(typed: str) -> int:
    """The total that the page showed, in minor units. Anything else is not what it showed."""
    if not (typed.isascii() and typed.isdigit() and len(typed) < 16):
        raise InvoicesChanged(_("Look at the total again before you pay."))
    return int(typed)
