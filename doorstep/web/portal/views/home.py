"""The portal's home: what is the matter, how much, what to press; then everything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from doorstep.lib import clock
from doorstep.lib.statements import Statement
from doorstep.lib.words import long_date
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice
from doorstep.sales.standing import MOST, OpenInvoice, Owed, Standing
from doorstep.web.askers import Asker, Customer, PortalRequest
from doorstep.web.portal.rows import HOLD_COLUMNS, INVOICE_COLUMNS, Rows
from doorstep.web.portal.shell import business_contact
from doorstep.web.portal.till import Till

SHOWN = 5


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    at = clock.now()
    today = request.organization.today(at)
    context = _welcome(request.asker, at)
    if not isinstance(request.asker, Customer):
        return render(request, "portal/vendor_home.html", context)
    customer = request.customer
    standing = Standing.of(customer.contact, on=today)
    request.overdue_count = standing.overdue_count
    rows, till = Rows(customer, today), Till.of(customer)
    context |= {
        "to_do": [
            _to_do(owed, standing, rows, till) for owed in standing.owed if owed.overdue.count
        ],
        "next_due": _next_due(standing, rows),
        "balances": [_balance(owed, rows) for owed in standing.owed],
        "last_payment": _last_payment(customer, rows),
        "recent": _recent(customer, rows),
    }
    return render(request, "portal/home.html", context)


def _welcome(asker: Asker, at: datetime) -> dict[str, Any]:
    hour = at.astimezone(ZoneInfo(asker.organization.time_zone)).hour
    if hour < 5 or hour >= 18:
        greeting = _("Good evening, %(name)s")
    elif hour < 12:
        greeting = _("Good morning, %(name)s")
    else:
        greeting = _("Good afternoon, %(name)s")
    banner = asker.preferences.banner_for(vendor=asker.contact.is_vendor)
    return {
        "greeting": greeting % {"name": asker.person.first_name},
        "day": long_date(asker.organization.today(at), asker.locale),
        "banner": _trusted(banner),
        "manager": business_contact(asker),
    }


def _trusted(cleaned: str) -> SafeString:
    return mark_safe(cleaned)  # noqa: S308 - `banner_for` has cleaned it


def _to_do(owed: Owed, standing: Standing, rows: Rows, till: Till) -> dict[str, Any]:
    """What is overdue in one currency; the button leaves out what somebody is paying already."""
    late = [
        invoice
        for invoice in standing.first
        if invoice.currency == owed.currency
        and not invoice.is_moving
        and invoice.is_overdue(rows.today)
    ]
    free = [each for each in late if not (each.hold_stage and rows.prevents)]
    said = ngettext("%(n)d invoice is overdue", "%(n)d invoices are overdue", owed.overdue.count)
    return {
        "said": said % {"n": owed.overdue.count},
        "amount": rows.money(owed.overdue.amount, owed.currency),
        "rows": [_late_row(invoice, rows) for invoice in late[:SHOWN]],
        "more": max(owed.overdue.count - SHOWN, 0),
        "button": _button(free, owed.currency, rows, till),
        "shut": till.is_shut,
    }


def _late_row(invoice: OpenInvoice, rows: Rows) -> dict[str, Any]:
    return {
        "url": rows.invoice_url(invoice.number),
        "number": invoice.number,
        "due": (day := rows.day(invoice.due_date)),
        "due_words": _("Due %(day)s") % {"day": day},
        "late": rows.late(invoice.due_date) if invoice.due_date else "",
        "amount": rows.money(invoice.balance, invoice.currency),
    }


def _button(
    free: list[OpenInvoice], currency: str, rows: Rows, till: Till
) -> dict[str, str] | None:
    """One payment for all of them, where that is allowed and fits; else none, and each row leads on."""
    if not till.is_there or not free or (len(free) > 1 and not till.takes_several):
        return None
    total = rows.money(sum(invoice.balance for invoice in free), currency)
    if len(free) == 1:
        url = f"{reverse('pay')}?{urlencode({'invoice': free[0].number})}"
        return {"url": url, "label": _("Pay %(amount)s") % {"amount": total}}
    if len(free) > MOST - 1:
        return {"url": f"{reverse('invoices')}?show=overdue", "label": _("Choose what to pay")}
    url = f"{reverse('pay')}?{urlencode({'overdue': currency})}"
    return {"url": url, "label": _("Pay all %(amount)s") % {"amount": total}}


def _next_due(standing: Standing, rows: Rows) -> dict[str, Any] | None:
    for invoice in standing.first:
        if not invoice.is_moving and invoice.due_date:
            return _late_row(invoice, rows)
    return None


def _balance(owed: Owed, rows: Rows) -> dict[str, Any]:
    return {
        "currency": owed.currency,
        "total": rows.money(owed.total.amount, owed.currency),
        "overdue": rows.money(owed.overdue.amount, owed.currency) if owed.overdue.count else "",
        "overdue_count": owed.overdue.count,
        "later": rows.money(owed.later.amount, owed.currency),
        "later_count": owed.later.count,
        "moving": rows.money(owed.moving.amount, owed.currency) if owed.moving.count else "",
    }


def _last_payment(customer: Customer, rows: Rows) -> dict[str, Any] | None:
    latest = LAST_PAYMENT.first(**customer.given)
    if latest is None:
        return None
    several = ngettext("%(n)d invoice", "%(n)d invoices", latest.papers) % {"n": latest.papers}
    return {
        "number": latest.number,
        "url": rows.payment_url(latest.number),
        "amount": rows.money(latest.amount, latest.currency),
        "day": rows.day(latest.date),
        "papers": latest.paper if latest.papers == 1 else several if latest.papers else "",
    }


def _recent(customer: Customer, rows: Rows) -> list[dict[str, Any]]:
    once = {row.pk: row for row in NEWEST.all(**customer.given)}
    papers = []
    for row in list(once.values())[:SHOWN]:
        invoice = rows.invoice(row)
        due = _("Invoice, due %(day)s") % {"day": invoice.due} if invoice.due else _("Invoice")
        papers.append(
            {
                "url": invoice.url,
                "number": invoice.number,
                "line": _("Invoice, %(day)s") % {"day": invoice.issued}
                if invoice.is_settled
                else due,
                "badge": invoice.badge,
                "amount": invoice.amount,
            }
        )
    return papers


def _newest() -> QuerySet[Invoice, Any]:
    newest = Invoice.given().visible().newest_first().with_holds()
    # A few more, since an invoice comes once for each who pays it.
    return newest.values_list("pk", *INVOICE_COLUMNS, *HOLD_COLUMNS, named=True)[: SHOWN + 3]


def _latest_payment() -> QuerySet[Payment, Any]:
    latest = Payment.given().succeeded().newest_first()
    counted = latest.annotate(
        papers=Count("allocations"), paper=Min("allocations__document__number")
    )
    columns = ("number", "date", "amount", "currency", "papers", "paper")
    return counted.values_list(*columns, named=True)[:1]


NEWEST = Statement(_newest)
LAST_PAYMENT = Statement(_latest_payment)
