"""The list of invoices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doorstep.documents.kinds import State
from doorstep.lib import clock
from doorstep.lib.money import to_major
from doorstep.sales.models import InvoiceQuerySet
from doorstep.sales.tally import Tally
from doorstep.web.askers import Customer, PortalRequest, for_customers
from doorstep.web.portal.listing import ALL, OPEN, OVERDUE, PAID, Listing
from doorstep.web.portal.rows import InvoiceRow, Rows
from doorstep.web.portal.till import Till
from doorstep.web.ui.spreadsheet import csv_file
from doorstep.web.ui.templatetags.ui import draw_icon


@require_safe
@for_customers
def invoices(request: PortalRequest) -> HttpResponse:
    customer = request.customer
    today = customer.organization.today(clock.now())
    tally = Tally.of(customer.contact, on=today)
    request.overdue_count = tally.overdue
    listing = Listing.asked(
        customer.contact, request.GET, today=today, default=OPEN if tally.open else ALL
    )
    page, rows = listing.page(), Rows(customer, today)
    shown = [rows.invoice(row) for row in page.rows]
    context = {
        "listing": listing,
        "segments": listing.segments(_counts(tally)),
        "open": tally.open,
        "owed": [rows.money(amount, currency) for currency, amount in tally.amounts.items()],
        "page": page,
        "heads": _heads(listing),
        **_picking(shown, customer),
        "rows": [vars(row) for row in shown],
    }
    return render(request, "portal/invoices.html", context)


@require_safe
@for_customers
def invoices_csv(request: PortalRequest) -> StreamingHttpResponse:
    customer = request.customer
    today = customer.organization.today(clock.now())
    listing = Listing.asked(customer.contact, request.GET, today=today, default=ALL)
    header = [
        _("Invoice"),
        _("Issued"),
        _("Due"),
        _("State"),
        _("Your PO or reference"),
        _("Currency"),
        _("Total"),
        _("Balance"),
    ]
    name = f"invoices-{today.isoformat()}.csv"
    return csv_file(name, header, _lines(listing.rows().newest_first()))


def _counts(tally: Tally) -> dict[str, str]:
    everything = (
        _capped(tally.open + tally.paid) if tally.paid < Tally.MOST else _capped(Tally.MOST)
    )
    return {
        OPEN: str(tally.open),
        OVERDUE: str(tally.overdue),
        PAID: _capped(tally.paid),
        ALL: everything,
    }


def _capped(count: int) -> str:
    return str(count) if count < Tally.MOST else f"{Tally.MOST - 1}+"


def _heads(listing: Listing) -> dict[str, dict[str, str]]:
    """Columns by which this segment can be sorted: address, and the direction when it is."""
    if listing.segment not in (OPEN, OVERDUE):
        return {}
    directions = {"due": "ascending", "amount": "descending", "date": "descending"}
    return {
        order: {
            "url": f"?{listing.address(sort=order)}",
            "sorted": direction if listing.order == order else "",
        }
        for order, direction in directions.items()
    }


def _picking(rows: list[InvoiceRow], customer: Customer) -> dict[str, Any]:
    """Tick boxes for what can be paid together: open, not being paid, in one currency."""
    till = Till.of(customer)
    free = [row for row in rows if not row.is_settled and not row.is_locked]
    if not till.takes_picked or not free:
        return {"picks": False}
    currencies = {row.currency for row in free}
    currency = (
        customer.contact.currency if customer.contact.currency in currencies else free[0].currency
    )
    for row in rows:
        may = not row.is_settled and not row.is_locked and row.currency == currency
        row.pick = _pick(row, may=may)
    return {"picks": True, "currency": currency}


def _pick(row: InvoiceRow, *, may: bool) -> SafeString:
    if not may:
        return format_html('<td class="pick">{}</td>', draw_icon("lock") if row.is_locked else "")
    return format_html(
        '<td class="pick"><input type="checkbox" form="pick" name="invoice" value="{0}"'
        ' data-amount="{1}" data-label="{0}" aria-label="{2}"></td>',
        row.number,
        row.minor,
        _("Select %(number)s") % {"number": row.number},
    )


def _lines(invoices: InvoiceQuerySet) -> Iterator[tuple[Any, ...]]:
    columns = ("number", "date", "due_date", "state", "reference", "currency", "total", "balance")
    states = {state.value: str(state.label) for state in State}
    for number, issued, due, state, reference, currency, total, balance in invoices.values_list(
        *columns
    ).iterator(chunk_size=1000):
        yield (
            number,
            issued,
            due,
            states[state],
            reference,
            currency,
            to_major(total, currency),
            to_major(balance, currency),
        )
