"""Rows of lists, each text ready to be placed: templates only put them where they belong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.documents.kinds import State
from doorstep.documents.models.hold import HoldStage
from doorstep.lib.money import show
from doorstep.lib.words import plain_date, short_date
from doorstep.payments.states import PaymentState
from doorstep.web.askers import Asker
from doorstep.web.ui.templatetags.ui import NOTHING, badge, hint

INVOICE_COLUMNS = (
    "date",
    "due_date",
    "number",
    "reference",
    "state",
    "balance",
    "total",
    "currency",
    "viewed_at",
)
HOLD_COLUMNS = ("hold_stage", "hold_by", "hold_by_id", "hold_expected")


@dataclass
class InvoiceRow:
    """Templates place `vars(row)`; `pick` is the cell with the tick box where a list has them."""

    url: str
    number: str
    reference: str
    issued: str
    due: str
    badge: SafeString
    note: SafeString
    amount: str
    currency: str
    minor: int
    is_settled: bool
    is_locked: bool
    hint: SafeString
    tone: str
    pick: SafeString = NOTHING


class Rows:
    """Formats what one asker sees on one day; dates are short within half a year of it."""

    def __init__(self, asker: Asker, today: date) -> None:
        self.locale, self.today = asker.locale, today
        self.account = asker.person.actor_account_id
        self.zone = ZoneInfo(asker.organization.time_zone)
        self.prevents = asker.preferences.holds_are_exclusive()
        self.invoices_at = reverse("invoices") if not asker.contact.is_vendor else ""
        self.payments_at = reverse("payments") if not asker.contact.is_vendor else ""

    def day(self, day: date | None) -> str:
        if day is None:
            return ""
        near = abs((day - self.today).days) < 183
        return short_date(day, self.locale) if near else plain_date(day, self.locale)

    def money(self, amount: int, currency: str) -> str:
        return show(amount, currency, self.locale)

    def invoice_url(self, number: str) -> str:
        return f"{self.invoices_at}{quote(number)}/"

    def payment_url(self, number: str) -> str:
        return f"{self.payments_at}{quote(number)}/"

    def invoice(self, row: Any) -> InvoiceRow:
        stage = getattr(row, "hold_stage", None)
        settled = row.state == State.PAID
        look, note = self.state(row, stage)
        return InvoiceRow(
            url=self.invoice_url(row.number),
            number=row.number,
            reference=row.reference,
            issued=self.day(row.date),
            due=self.day(row.due_date),
            badge=look,
            note=hint(note, "long"),
            amount=self.money(row.total if settled else row.balance, row.currency),
            currency=row.currency,
            minor=row.balance,
            is_settled=settled,
            is_locked=bool(stage) and self.prevents and not settled,
            hint=hint(row.reference),
            tone="settled" if settled else "",
        )

    def state(self, row: Any, stage: str | None) -> tuple[SafeString, str]:
        """The badge, and a line below it when somebody is paying."""
        if row.state == State.PAID:
            settled = getattr(row, "settled_at", None)
            if settled is None:
                return badge("settled", _("Paid")), ""
            paid = self.day(settled.astimezone(self.zone).date())
            return badge("settled", _("Paid %(day)s") % {"day": paid}), ""
        if stage == HoldStage.PENDING:
            return badge("progress", _("Bank transfer in progress")), self._who_moves(row)
        if stage == HoldStage.OPEN:
            mine = row.hold_by_id == self.account
            words = (
                _("Begun by you")
                if mine
                else _("Being paid by %(name)s") % {"name": first(row.hold_by)}
            )
            return badge("progress", words), ""
        return self.due_badge(row.due_date), ""

    def due_badge(self, due: date | None) -> SafeString:
        if due is None:
            return badge("due", _("Due"))
        days = (due - self.today).days
        if days < 0:
            late = ngettext("%(n)d day overdue", "%(n)d days overdue", -days) % {"n": -days}
            return badge("overdue", late)
        if days == 0:
            return badge("due", _("Due today"))
        return badge("due", ngettext("Due in %(n)d day", "Due in %(n)d days", days) % {"n": days})

    def late(self, due: date) -> str:
        days = (self.today - due).days
        return ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}

    def _who_moves(self, row: Any) -> str:
        who = _("you") if row.hold_by_id == self.account else first(row.hold_by)
        if row.hold_expected is None:
            return _("Started by %(name)s") % {"name": who}
        return _("Started by %(name)s, arrives %(day)s") % {
            "name": who,
            "day": self.day(row.hold_expected),
        }

    def payment_badge(self, state: str, day: date) -> SafeString:
        match state:
            case PaymentState.SUCCEEDED:
                return badge("settled", _("Received"))
            case PaymentState.PENDING:
                return badge("progress", _("Bank transfer in progress"))
            case PaymentState.FAILED:
                return badge("failed", _("Did not go through"))
            case PaymentState.OPEN:
                return badge("due", _("Not finished"))
        return badge("void", PaymentState(state).label)


def first(name: str | None) -> str:
    """The first name, for sentences among colleagues."""
    return (name or "").split(" ")[0]
