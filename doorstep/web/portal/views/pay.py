"""The payment page: what is paid, how, and the one button."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.lib import clock
from doorstep.payments.models import Payment
from doorstep.payments.refusals import AnotherPayment, InvoicesChanged
from doorstep.payments.under_way import payment_warning
from doorstep.web.askers import PortalRequest, for_customers
from doorstep.web.portal.basket import Basket
from doorstep.web.portal.rows import InvoiceRow, Rows
from doorstep.web.portal.till import Till
from doorstep.web.ui.templatetags.ui import parts


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def pay(request: PortalRequest) -> HttpResponse:
    if request.method != "POST":
        return _ask(request, request.GET)
    try:
        payment = _start(request)
    except InvoicesChanged as refusal:
        return _ask(request, request.POST, notice=str(refusal))
    except AnotherPayment as refusal:
        return _say_who_pays(request, refusal)
    return _to_gateway(request, payment)


def _start(request: PortalRequest) -> Payment:
    """`instead_of` names the open attempt that this one is to take the place of."""
    customer, at = request.customer, clock.now()
    if number := request.POST.get("instead_of"):
        earlier = get_object_or_404(customer.payments, number=number)
        earlier.take_over(by=customer.person, at=at)
    numbers = request.POST.getlist("invoice")
    invoices = list(customer.invoices.filter(number__in=numbers).defer("frozen", "notes", "terms"))
    if not invoices or len(invoices) != len(set(numbers)):
        raise InvoicesChanged(_("An invoice is no longer there. Look again before you pay."))
    return Payment.start(
        invoices,
        by=customer.person,
        method=request.POST.get("method", ""),
        seen_total=_whole(request.POST.get("seen_total", "")),
        at=at,
    )


def _to_gateway(request: PortalRequest, payment: Payment) -> HttpResponseRedirect:
    back = request.build_absolute_uri(reverse("payment_return", args=[payment.number]))
    url = payment.go_to_gateway(return_url=back, cancel_url=back, at=clock.now())
    return HttpResponseRedirect(url)


def _ask(request: PortalRequest, query: QueryDict, *, notice: str = "") -> HttpResponse:
    """The page itself; after a change with the new total, and as a conflict."""
    customer = request.customer
    today = customer.organization.today(clock.now())
    basket = Basket.asked(customer, query, today=today)
    customer.preferences.check_bulk_payment(basket.taken)
    rows, total = Rows(customer, today), basket.total
    context: dict[str, Any] = {
        "notice": notice,
        "left_out": basket.left_out,
        "warning": payment_warning(basket.shared, by=customer.person) if basket.shared else "",
        "total": rows.money(total.amount, total.currency) if basket.taken else "",
        "seen_total": total.amount,
        "reference": ", ".join(invoice.number for invoice in basket.taken),
        "method": query.get("method", ""),
        "till": Till.of(customer),
        "rows": [_row(rows.invoice(invoice)) for invoice in basket.taken],
        "back": _back(basket, rows),
    }
    return render(request, "portal/pay.html", context, status=409 if notice else 200)


def _row(invoice: InvoiceRow) -> dict[str, Any]:
    due = _("Due %(day)s") % {"day": invoice.due} if invoice.due else ""
    return vars(invoice) | {"due_words": parts([due, invoice.reference])}


def _say_who_pays(request: PortalRequest, refusal: AnotherPayment) -> HttpResponse:
    customer, payment = request.customer, refusal.payment
    context = {
        "words": refusal.words,
        "payment": payment,
        "amount": payment.money.show(customer.locale),
        "mine": payment.is_started_by(customer.person),
        "asked": request.POST.getlist("invoice"),
        "seen_total": request.POST.get("seen_total", ""),
        "method": request.POST.get("method", ""),
        "till": Till.of(customer),
    }
    return render(request, "portal/another_payment.html", context, status=409)


def _back(basket: Basket, rows: Rows) -> str:
    if len(basket.taken) == 1 and not basket.left_out:
        return rows.invoice_url(basket.taken[0].number)
    return rows.invoices_at


def _whole(typed: str) -> int:
    """What a page of ours wrote into the form; anything else agrees with no total."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else -1
