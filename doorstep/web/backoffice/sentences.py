"""The one sentence that says how a paper stands, for the business."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.documents.kinds import State
from doorstep.lib.words import long_date, short_date
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice


class Sentence(NamedTuple):
    tone: str
    icon: str
    words: str


def of_invoice(invoice: Invoice, payments: list[Payment], *, today: date, locale: str) -> Sentence:
    """What the matter is, and whether there is something to do."""
    moving = next((payment for payment in payments if payment.is_pending), None)
    if invoice.is_open and moving:
        return _moving(moving, locale)
    match invoice.state:
        case State.DRAFT:
            return Sentence(
                "plain", "pencil", _("A draft. The customer sees nothing before you send it.")
            )
        case State.VOID:
            return Sentence(
                "plain", "ban", _("Void. Its number stays taken, and nobody owes anything.")
            )
        case State.PAID:
            return Sentence("good", "circle-check", _("Paid in full. Nothing to do."))
    if invoice.is_overdue(today):
        return _late(invoice, today)
    due = long_date(invoice.due_date, locale) if invoice.due_date else ""
    if invoice.viewed_at:
        words = _("The customer has opened it. Due %s.") % due
    elif invoice.sent_at:
        words = _("Sent, not opened yet. Due %s.") % due
    else:
        words = _("Issued, but not sent yet. Due %s.") % due
    return Sentence("plain", "clock", words)


def _late(invoice: Invoice, today: date) -> Sentence:
    assert invoice.due_date is not None
    days = (today - invoice.due_date).days
    words = ngettext("%d day late.", "%d days late.", days) % days
    seen = (
        _("The customer has opened it.")
        if invoice.viewed_at
        else _("The customer has not opened it.")
    )
    return Sentence("bad", "circle-alert", f"{words} {seen}")


def _moving(payment: Payment, locale: str) -> Sentence:
    words = _("%(who)s pays %(amount)s by bank transfer, which is in progress.") % {
        "who": payment.started_by_name,
        "amount": payment.money.show(locale),
    }
    if payment.expected_on:
        words += " " + _("Expected %s.") % short_date(payment.expected_on, locale)
    return Sentence("wait", "clock", words)
