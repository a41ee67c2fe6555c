"""What happened to an invoice, in words a customer understands, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from doorstep.activity.models import Event
from doorstep.documents.events import PAPER_ISSUED, PAPER_SENT, PAPER_VIEWED
from doorstep.lib.money import show
from doorstep.lib.words import moment, plain_date
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.sales.events import INVOICE_MARKED_SENT
from doorstep.sales.models import Invoice
from doorstep.web.askers import Asker
from doorstep.web.portal.rows import first

SHOWN = (PAPER_ISSUED, PAPER_SENT, PAPER_VIEWED, INVOICE_MARKED_SENT)


@dataclass(frozen=True, slots=True)
class Entry:
    at: datetime
    words: str
    when: str
    tone: str = ""


def history_of(
    invoice: Invoice,
    events: Iterable[Event],
    payments: Iterable[Payment],
    asker: Asker,
    *,
    today: date,
) -> list[Entry]:
    entries = [*_from_events(invoice, events, asker), *_from_payments(payments, asker)]
    if invoice.is_overdue(today) and invoice.due_date:
        entries.append(_became_overdue(invoice.due_date, asker))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _from_events(invoice: Invoice, events: Iterable[Event], asker: Asker) -> Iterable[Entry]:
    name = asker.organization.name
    sent = False
    for event in events:
        when = moment(event.at, asker.locale, asker.organization.time_zone)
        if event.kind == PAPER_VIEWED:
            yield Entry(event.at, _("Opened by %(name)s") % {"name": first(event.actor_name)}, when)
        elif event.kind in (PAPER_SENT, INVOICE_MARKED_SENT):
            sent = True
            yield Entry(event.at, _("Sent by %(name)s") % {"name": name}, when)
        elif event.kind == PAPER_ISSUED and not sent:
            issued = plain_date(invoice.date, asker.locale)
            yield Entry(event.at, _("Issued by %(name)s") % {"name": name}, issued)


def _from_payments(payments: Iterable[Payment], asker: Asker) -> Iterable[Entry]:
    zone, locale = asker.organization.time_zone, asker.locale
    for payment in payments:
        amount = show(payment.amount, payment.currency, locale)
        if payment.is_succeeded:
            at = payment.settled_at or payment.started_at
            paid = _("%(amount)s received") % {"amount": amount}
            yield Entry(at, paid, plain_date(payment.date, locale), "good")
        if payment.state == PaymentState.FAILED and payment.ended_at:
            words = _("Payment of %(amount)s did not go through") % {"amount": amount}
            yield Entry(payment.ended_at, words, moment(payment.ended_at, locale, zone), "bad")
        if payment.started_by_id and (payment.is_pending or payment.is_open or payment.pending_at):
            words = _("Payment started by %(name)s") % {"name": first(payment.started_by_name)}
            tone = "wait" if payment.is_pending or payment.is_open else ""
            yield Entry(payment.started_at, words, moment(payment.started_at, locale, zone), tone)


def _became_overdue(due: date, asker: Asker) -> Entry:
    day = due + timedelta(days=1)
    at = datetime.combine(day, time.min, ZoneInfo(asker.organization.time_zone)).astimezone(UTC)
    return Entry(at, _("Became overdue"), plain_date(day, asker.locale), "bad")
