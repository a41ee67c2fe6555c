"""What happened, in sentences for the business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Event
from doorstep.contacts import events as contacts
from doorstep.documents import events as papers
from doorstep.lib import words
from doorstep.lib.money import show
from doorstep.organizations.models import Organization
from doorstep.payments import events as payments
from doorstep.payments.models import Payment
from doorstep.sales.events import INVOICE_MARKED_SENT
from doorstep.sharing import events as sharing


@dataclass(frozen=True, slots=True)
class Happening:
    """One line: tone and icon, the sentence, what it is about, and when."""

    icon: str
    tone: str
    sentence: str
    about: str
    when: str
    event: int
    contact: int | None


type Told = tuple[str, str, str | Promise]

# kind: (icon, tone, sentence); %(who)s acted, %(what)s it happened to, %(money)s moved.
SENTENCES: dict[str, Told] = {
    contacts.CONTACT_CREATED: ("user-plus", "plain", _("%(who)s added %(what)s")),
    contacts.CONTACT_CHANGED: ("pencil", "plain", _("%(who)s changed the details")),
    contacts.PERSON_ADDED: ("user-plus", "plain", _("%(who)s added %(what)s")),
    contacts.PERSON_CHANGED: ("pencil", "plain", _("%(who)s changed %(what)s")),
    contacts.RIGHTS_CHANGED: ("pencil", "plain", _("%(who)s changed what %(what)s may do")),
    contacts.PERSON_INVITED: ("mail", "wait", _("%(who)s invited %(what)s")),
    contacts.ACCESS_ACCEPTED: ("key-round", "good", _("%(what)s accepted the invitation")),
    contacts.ACCESS_SIGNED_UP: ("key-round", "good", _("%(what)s signed up to the portal")),
    contacts.ACCESS_REVOKED: ("ban", "bad", _("%(who)s took access away from %(what)s")),
    contacts.FACTOR_RESET: (
        "shield-off",
        "bad",
        _("%(who)s reset the second sign-in step of %(what)s"),
    ),
    contacts.FACTOR_RESET_ASKED: (
        "shield-off",
        "wait",
        _("%(who)s asked to reset the second sign-in step of %(what)s"),
    ),
    contacts.VIEWING_STARTED: ("eye", "plain", _("%(who)s looked at the portal as %(what)s")),
    sharing.SIGN_UP_HELD: ("user-plus", "warn", _("%(what)s asks for access")),
    sharing.SIGN_UP_APPROVED: ("user-check", "good", _("%(who)s let %(what)s in")),
    sharing.SIGN_UP_DECLINED: ("user-x", "plain", _("%(who)s declined %(what)s")),
    contacts.DETAILS_EDITED: ("pencil", "wait", _("%(who)s changed the details in the portal")),
    contacts.DETAIL_ASKED: ("pencil", "warn", _("%(who)s asks you to change a detail")),
    contacts.DETAIL_APPROVED: ("check", "good", _("%(who)s took a new detail over")),
    contacts.DETAIL_DECLINED: ("ban", "plain", _("%(who)s left a detail as it was")),
    papers.FILE_SHARED: ("file-text", "plain", _("%(who)s added %(what)s")),
    papers.FILE_SHOWN: ("eye", "plain", _("%(who)s made %(what)s visible in the portal")),
    papers.FILE_HIDDEN: ("eye-off", "plain", _("%(who)s hid %(what)s from the portal")),
    papers.FILE_UPLOADED: ("file-up", "good", _("%(who)s sent %(what)s")),
    papers.FILE_REPLACED: ("file-text", "plain", _("%(who)s sent a new version of %(what)s")),
    papers.FILE_REMOVED: ("trash-2", "plain", _("%(who)s removed %(what)s")),
    papers.FILE_ASKED: ("file-question-mark", "wait", _("%(who)s asked for %(what)s")),
    papers.FILE_DELIVERED: ("file-up", "good", _("%(who)s sent what was asked for: %(what)s")),
    papers.FILE_ACCEPTED: ("check", "good", _("%(who)s accepted %(what)s")),
    papers.FILE_SENT_BACK: ("corner-up-left", "warn", _("%(who)s sent %(what)s back")),
    papers.FILE_ASKED_NO_MORE: ("ban", "plain", _("%(who)s no longer needs %(what)s")),
    papers.PAPER_CREATED: ("file-plus", "plain", _("%(who)s began %(what)s")),
    papers.PAPER_CHANGED: ("pencil", "plain", _("%(who)s changed %(what)s")),
    papers.PAPER_ISSUED: ("receipt-text", "plain", _("%(who)s issued %(what)s")),
    papers.PAPER_SENT: ("send", "good", _("%(who)s sent %(what)s")),
    papers.PAPER_VIEWED: ("eye", "plain", _("%(who)s opened %(what)s")),
    papers.PAPER_VOIDED: ("ban", "bad", _("%(who)s voided %(what)s")),
    papers.PAPER_DELETED: ("trash-2", "plain", _("%(who)s deleted %(what)s")),
    INVOICE_MARKED_SENT: ("send", "plain", _("%(who)s marked %(what)s as sent")),
    payments.PAYMENT_STARTED: ("credit-card", "plain", _("%(who)s began to pay %(money)s")),
    payments.PAYMENT_PENDING: ("landmark", "wait", _("Bank transfer of %(money)s is in progress")),
    payments.PAYMENT_SUCCEEDED: ("circle-check", "good", _("%(money)s was paid")),
    payments.PAYMENT_FAILED: ("circle-alert", "bad", _("The payment of %(money)s failed")),
    payments.PAYMENT_EXPIRED: ("clock", "plain", _("The payment of %(money)s was not finished")),
    payments.PAYMENT_CANCELLED: ("ban", "plain", _("The payment of %(money)s was cancelled")),
    payments.PAYMENT_QUARANTINED: (
        "shield-alert",
        "warn",
        _("Money for %(what)s arrived that does not fit. Look at it."),
    ),
}


def tell(events: QuerySet[Event], organization: Organization) -> list[Happening]:
    """The events that people want to read, as sentences; one query."""
    locale = get_language() or "en"
    told = []
    for event in _with_money(events, organization):
        if event.kind not in SENTENCES:
            continue
        icon, tone, sentence = SENTENCES[event.kind]
        values = {
            "who": event.actor_name,
            "what": event.subject_label,
            "money": _amount(event, locale),
        }
        about = event.subject_label if "%(what)s" not in str(sentence) else ""
        when = words.moment(event.at, locale, organization.time_zone)
        told.append(
            Happening(icon, tone, str(sentence) % values, about, when, event.pk, event.contact_id)
        )
    return told


def _with_money(events: QuerySet[Event], organization: Organization) -> QuerySet[Event]:
    """Adds how much was moved, where it happened to a payment."""
    payment = Payment.of(organization).filter(pk=OuterRef("subject_id"))
    money = {
        name: Case(When(subject_kind=Payment.subject_kind, then=Subquery(payment.values(column))))
        for name, column in (("moved", "amount"), ("moved_in", "currency"))
    }
    return events.annotate(**money)


def _amount(event: Any, locale: str) -> str:
    if event.moved is None:
        return str(event.subject_label)
    return show(event.moved, event.moved_in, locale)
