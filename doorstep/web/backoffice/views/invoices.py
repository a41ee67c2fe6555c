"""Invoices: the list, one, and what is done to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from doorstep.activity.models import Event
from doorstep.documents.kinds import State
from doorstep.lib import clock
from doorstep.lib.money import to_major
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice
from doorstep.sales.renditions import file_name, paper_of, pdf_of
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice import invoice_rows, payment_rows
from doorstep.web.backoffice.forms.invoices import SendForm, VoidForm
from doorstep.web.backoffice.history import tell
from doorstep.web.backoffice.rights import needs
from doorstep.web.backoffice.sentences import of_invoice
from doorstep.web.backoffice.views.account_managers import is_mine
from doorstep.web.ui.spreadsheet import csv_file

MANY = 1000


@require_GET
@needs("papers.view")
def invoices(request: OfficeRequest) -> HttpResponse:
    today = request.organization.today(clock.now())
    context = {
        "page": invoice_rows.page_of(_wanted(request), request.GET, today),
        "segments": _segments(request),
        "show": request.GET.get("show", ""),
        "mine": is_mine(request),
        "words": request.GET.get("q", ""),
        "may_write": request.member.may("invoices.edit"),
        "may_export": request.member.may("exports.run"),
    }
    return render(request, "backoffice/invoices/list.html", context)


@require_GET
@needs("exports.run")
def invoices_csv(request: OfficeRequest) -> StreamingHttpResponse:
    columns = "number state date due_date contact__name reference currency".split()
    amounts = ["subtotal", "tax_total", "shipping", "adjustment", "total", "balance"]
    header = [*(name.removesuffix("__name") for name in columns), *amounts]
    rows = _wanted(request).newest_first().values_list(*columns, *amounts)
    lines = (
        [*row[:7], *(to_major(amount, row[6]) for amount in row[7:])]
        for row in rows.iterator(chunk_size=500)
    )
    return csv_file("invoices.csv", header, lines)


@require_GET
@needs("papers.view")
def invoice(request: OfficeRequest, pk: int) -> HttpResponse:
    found, at = _find(request, pk), clock.now()
    today, locale = request.organization.today(at), get_language() or "en"
    payments = list(
        Payment.of(request.organization).filter(allocations__document=found.pk).newest_first()[:20]
    )
    badge, said = invoice_rows.state_of(found.state, found.due_date, today)
    context = {
        "invoice": found,
        "paper": paper_of(found, locale=locale, at=at),
        "badge": badge,
        "said": said,
        "status": of_invoice(found, payments, today=today, locale=locale),
        "balance": found.balance_money.show(locale),
        "payments": payment_rows.rows_of(
            Payment.of(request.organization).filter(pk__in=[p.pk for p in payments]).newest_first()
        ),
        "history": tell(Event.about(found)[:30], request.organization),
        **_acts(request, found),
    }
    return render(request, "backoffice/invoices/invoice.html", context)


@require_GET
@needs("papers.view")
def invoice_pdf(request: OfficeRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    content = pdf_of(found, locale=get_language() or "en", at=clock.now())
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{file_name(found)}"'
    return response


@needs("invoices.edit")
def invoice_send(request: OfficeRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    form = SendForm(request.POST or None, contact=found.contact)
    if request.method == "POST" and form.is_valid():
        people = list(form.cleaned_data["people"])
        found.send(by=request.member, at=clock.now(), to=people, note=form.cleaned_data["note"])
        messages.success(request, _sent_words(found, [person.name for person in people]))
        return redirect("invoice", pk)
    paper = paper_of(found, locale=get_language() or "en", at=clock.now())
    context = {"form": form, "invoice": found, "paper": paper, "file": file_name(found)}
    return render(request, "backoffice/invoices/send.html", context)


@require_POST
@needs("invoices.edit")
def invoice_mark_sent(request: OfficeRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    found.mark_sent(by=request.member, at=clock.now())
    messages.success(
        request, _("%(number)s counts as sent. Nobody was mailed.") % {"number": found}
    )
    return redirect("invoice", pk)


@needs("invoices.edit")
def invoice_void(request: OfficeRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found.void(by=request.member, at=clock.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("%(number)s is void.") % {"number": found.number})
        return redirect("invoice", pk)
    return render(request, "backoffice/invoices/void.html", {"form": form, "invoice": found})


@require_POST
@needs("invoices.edit")
def invoice_delete(request: OfficeRequest, pk: int) -> HttpResponse:
    """Drop a draft; it never had a number."""
    _find(request, pk).delete_draft(by=request.member, at=clock.now())
    messages.success(request, _("The draft was deleted."))
    return redirect("invoices")


def _find(request: OfficeRequest, pk: int) -> Invoice:
    found: Invoice = get_object_or_404(
        Invoice.of(request.organization).select_related("contact"), pk=pk
    )
    found.organization = found.contact.organization = request.organization
    return found


def _wanted(request: OfficeRequest) -> Any:
    rows = Invoice.of(request.organization)
    today = request.organization.today(clock.now())
    kinds: dict[str, Callable[[], Any]] = {
        "draft": rows.drafts,
        "open": rows.open,
        "overdue": lambda: rows.overdue(on=today),
        "paid": rows.paid,
        "void": lambda: rows.filter(state=State.VOID),
    }
    rows = kinds.get(request.GET.get("show", ""), rows.all)()
    if is_mine(request):
        rows = rows.filter(contact__account_manager=request.member)
    if words := request.GET.get("q", "").strip().replace("\0", ""):
        rows = rows.matching(words)
    return rows


def _segments(request: OfficeRequest) -> list[dict[str, Any]]:
    """Counts only where an index bounds what counting costs."""
    rows, today = Invoice.of(request.organization), request.organization.today(clock.now())
    kinds: list[tuple[str, str, Any]] = [
        ("", _("All"), None),
        ("draft", _("Drafts"), None),
        ("open", _("Open"), rows.open()),
        ("overdue", _("Overdue"), rows.overdue(on=today)),
        ("paid", _("Paid"), None),
        ("void", _("Void"), None),
    ]
    return [{"value": v, "label": label, "count": _bounded(found)} for v, label, found in kinds]


def _bounded(rows: Any) -> str:
    if rows is None:
        return ""
    count = rows[:MANY].count()
    return f"{MANY}+" if count == MANY else str(count)


def _acts(request: OfficeRequest, found: Invoice) -> dict[str, bool]:
    may_write = request.member.may("invoices.edit")
    return {
        "may_send": may_write and found.state != State.VOID,
        "may_edit": may_write and found.is_draft,
        "may_mark": may_write and found.sent_at is None and found.state != State.VOID,
        "may_void": may_write and found.state == State.SENT,
        "may_record": request.member.may("payments.record") and found.is_open,
        "may_view_as": request.member.may("customers.view_as") and found.is_visible,
    }


def _sent_words(found: Invoice, names: list[str]) -> str:
    words = ngettext(
        "%(number)s is on its way to %(names)s.",
        "%(number)s is on its way to %(names)s.",
        len(names),
    )
    return words % {"number": found.number, "names": ", ".join(names)}
