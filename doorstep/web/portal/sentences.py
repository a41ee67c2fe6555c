"""The one sentence that says how a paper or a payment stands; the same words wherever it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.documents.kinds import State
from doorstep.lib.money import show
from doorstep.lib.words import long_date, moment, short_date
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.sales.models import Invoice
from doorstep.web.askers import Asker


@dataclass(frozen=True, slots=True)
class Sentence:
    """`tone` and `icon` of the band; `more` is a second, quieter sentence."""

    tone: str
    icon: str
    words: str
    more: str = ""


def of_invoice(invoice: Invoice, payment: Payment | None, asker: Asker, *, today: date) -> Sentence:
    """`payment` is the one under way for it, if any."""
    if invoice.state == State.PAID:
        return Sentence("good", "circle-check", _("This invoice is paid. Thank you."))
    if payment is not None:
        return _being_paid(payment, asker)
    return _due(invoice, asker.locale, today)


def of_payment(payment: Payment, asker: Asker) -> Sentence:
    locale = asker.locale
    amount = show(payment.amount, payment.currency, locale)
    name = asker.organization.name
    match payment.state:
        case PaymentState.SUCCEEDED:
            words = _("%(name)s received %(amount)s on %(day)s.") % {
                "name": name,
                "amount": amount,
                "day": long_date(payment.date, locale),
            }
            return Sentence("good", "circle-check", words)
        case PaymentState.PENDING:
            return _moving(payment, asker)
        case PaymentState.OPEN:
            return _being_paid(payment, asker)
        case PaymentState.FAILED:
            words = _("This payment of %(amount)s did not go through.") % {"amount": amount}
            more = payment.failure_reason or _(
                "No money was taken. The invoices can be paid again."
            )
            return Sentence("bad", "circle-alert", words, more)
    words = _("This payment of %(amount)s was not finished.") % {"amount": amount}
    return Sentence("plain", "info", words, _("No money was taken."))


def _moving(payment: Payment, asker: Asker) -> Sentence:
    amount = show(payment.amount, payment.currency, asker.locale)
    words = _("Your bank is moving %(amount)s.") % {"amount": amount}
    if payment.expected_on is None:
        return Sentence("wait", "landmark", words, _("Nothing to do."))
    more = _("Nothing to do. It should arrive on %(day)s.") % {
        "day": long_date(payment.expected_on, asker.locale)
    }
    return Sentence("wait", "landmark", words, more)


def _being_paid(payment: Payment, asker: Asker) -> Sentence:
    if payment.is_pending:
        return _moving(payment, asker)
    began = moment(payment.started_at, asker.locale, asker.organization.time_zone)
    if payment.started_by_id == asker.person.actor_account_id:
        words = _("You began to pay this and have not finished.")
        return Sentence("wait", "clock", words, _("Begun %(when)s.") % {"when": began})
    words = _("%(name)s is paying this now.") % {"name": payment.started_by_name}
    return Sentence("wait", "clock", words, _("Begun %(when)s.") % {"when": began})


def _due(invoice: Invoice, locale: str, today: date) -> Sentence:
    if invoice.due_date is None:
        return Sentence("plain", "info", _("This invoice is open."))
    day, days = long_date(invoice.due_date, locale), (invoice.due_date - today).days
    if days < 0:
        words = ngettext(
            "This invoice was due on %(day)s, %(n)d day ago.",
            "This invoice was due on %(day)s, %(n)d days ago.",
            -days,
        )
        return Sentence("bad", "circle-alert", words % {"day": day, "n": -days})
    if days == 0:
        return Sentence("warn", "clock", _("This invoice is due today, %(day)s.") % {"day": day})
    words = ngettext(
        "This invoice is due on %(day)s, in %(n)d day.",
        "This invoice is due on %(day)s, in %(n)d days.",
        days,
    )
    return Sentence("plain", "calendar", words % {"day": day, "n": days})


def steps_of(payment: Payment, asker: Asker) -> list[dict[str, str]]:
    """Where the money is: what is done, what happens now, what comes; for a timeline."""
    zone, locale = asker.organization.time_zone, asker.locale

    def when(instant: datetime | None) -> str:
        return moment(instant, locale, zone) if instant else ""

    steps = [_step("done", _("Started"), payment.started_by_name, when(payment.started_at))]
    if payment.pending_at:
        sent = _("Sent to your bank")
        steps.append(_step("done", sent, payment.method_label, when(payment.pending_at)))
    name = asker.organization.name.split(" ")[0]
    arrives = _("Arrives at %(name)s") % {"name": name}
    match payment.state:
        case PaymentState.SUCCEEDED:
            arrived = _("Arrived at %(name)s") % {"name": name}
            steps.append(_step("done", arrived, when=when(payment.settled_at)))
        case PaymentState.PENDING:
            day = short_date(payment.expected_on, locale) if payment.expected_on else ""
            expected = _("Expected %(day)s") % {"day": day} if day else ""
            steps.append(_step("now", _("On its way"), _("Nothing to do")))
            steps.append(_step("", arrives, _("We mail a receipt"), expected))
        case PaymentState.OPEN:
            steps.append(_step("now", _("At the payment page"), _("Not finished")))
            steps.append(_step("", arrives))
        case PaymentState.FAILED:
            title = _("Came back") if payment.pending_at else _("Did not go through")
            steps.append(_step("failed", title, payment.failure_reason, when(payment.ended_at)))
        case _ended:
            steps.append(_step("failed", _("Not finished"), when=when(payment.ended_at)))
    return steps


def _step(state: str, title: str, who: str = "", when: str = "") -> dict[str, str]:
    return {"is": state, "title": title, "who": who, "when": when}
