"""What happened, in sentences for the business."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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


def tell(events: Iterable[Event], organization: Organization) -> list[Happening]:
    """The events that people want to read, as sentences; payments are looked up at once."""
    known = [event for event in events if event.kind in SENTENCES]
    moved = _moved(known, organization)
    locale = get_language() or "en"
    told = []
    for event in known:
        icon, tone, sentence = SENTENCES[event.kind]
        values = {
            "who": event.actor_name,
            "what": event.subject_label,
            "money": _amount(event, moved, locale),
        }
        about = event.subject_label if "%(what)s" not in str(sentence) else ""
        when = words.moment(event.at, locale, organization.time_zone)
        told.append(Happening(icon, tone, str(sentence) % values, about, when))
    return told


def _moved(events: list[Event], organization: Organization) -> dict[int, tuple[int, str]]:
    wanted = {event.subject_id for event in events if event.subject_kind == "payment"}
    if not wanted:
        return {}
    rows = Payment.of(organization).filter(pk__in=wanted).values_list("pk", "amount", "currency")
    return {pk: (amount, currency) for pk, amount, currency in rows}


def _amount(event: Event, moved: dict[int, tuple[int, str]], locale: str) -> str:
    found = moved.get(event.subject_id) if event.subject_kind == "payment" else None
    return show(*found, locale) if found else event.subject_label
