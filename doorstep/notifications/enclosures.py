"""One function a letter: what it says about its occasion. Each is named like its templates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.activity.models import System
from doorstep.contacts.models import PortalAccess
from doorstep.lib.money import Money, show
from doorstep.lib.secrets import SECRET_LINK, unseal
from doorstep.lib.words import long_date, moment, plain_date, short_date
from doorstep.notifications.account_enclosures import account_notice
from doorstep.notifications.audiences import Recipient
from doorstep.notifications.contact_enclosures import contact_news
from doorstep.notifications.letters import Enclosure, link
from doorstep.notifications.link_enclosures import (
    address_of,
    link_code,
    passed_on_link,
    shared_link,
)
from doorstep.notifications.member_enclosures import member_activity, team_invitation
from doorstep.notifications.occasions import Occasion
from doorstep.notifications.sign_up_enclosures import member_sign_up_held, sign_up_code
from doorstep.payments.models import Payment
from doorstep.payments.renditions import paid_with, receipt_name, split_of
from doorstep.payments.states import PaymentState
from doorstep.sales.models import Invoice
from doorstep.sales.renditions import file_name
from doorstep.sales.stationery import where_to_check
from doorstep.sharing.models import Link

__all__ = [
    "account_notice",
    "contact_news",
    "link_code",
    "member_activity",
    "member_sign_up_held",
    "passed_on_link",
    "shared_link",
    "sign_up_code",
    "team_invitation",
]


def invitation(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """Come in: the link is the secret."""
    found = occasion.invitation
    names = {"business": occasion.organization.name, "who": occasion.event.actor_name}
    subject = _("%(business)s invites you to its portal") % names
    if found is not None and found.sent_by_colleague:
        subject = _("%(who)s invites you to the portal of %(business)s") % names
    token = unseal(found.sealed_token) if found else ""
    if found is None or not token:
        return Enclosure(subject, void=_("A newer invitation took its place."))
    return Enclosure(
        subject,
        {
            "invited_by": occasion.event.actor_name,
            "colleague": found.sent_by_colleague is not None,
            "until": long_date(occasion.organization.today(found.expires_at), locale),
        },
        secret=link("portal", occasion, "invitation", token),
    )


def factor_reset(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """Your second step is gone; set up a new one."""
    business = occasion.organization.name
    subject = _("Your second sign-in step was reset by %(business)s") % {"business": business}
    context = {"who": occasion.event.actor_name, "link": _portal_link(occasion, recipient, "home")}
    return Enclosure(subject, context)


def factor_reset_asked(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """Somebody wants to; you alone can, from tomorrow."""
    ready = datetime.fromisoformat(occasion.event.data["ready_at"])
    context = {
        "ready": moment(ready, locale, occasion.organization.time_zone),
        "link": _portal_link(occasion, recipient, "home"),
    }
    return Enclosure(_("Somebody asked to reset your second sign-in step"), context)


def paper(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """Here is your invoice."""
    invoice = _known(occasion.invoice)
    today = occasion.organization.today(occasion.event.at)
    subject = _("Invoice %(number)s from %(business)s") % _names(occasion, invoice)
    if invoice.is_open:
        subject += f": {invoice.balance_money.show(locale)}"
    in_portal = _portal_link(occasion, recipient, "invoice", invoice.number)
    secret = "" if in_portal else _own_link(occasion, recipient, invoice)
    return Enclosure(
        subject,
        {
            "number": invoice.number,
            "amount": invoice.balance_money.show(locale)
            if invoice.is_open
            else invoice.money.show(locale),
            "due": long_date(invoice.due_date, locale) if invoice.due_date else "",
            "is_open": invoice.is_open,
            "is_overdue": invoice.is_overdue(today),
            "may_pay_here": invoice.is_open
            and bool(occasion.organization.gateway)
            and (recipient.person is None or recipient.person.may("pay")),
            "facts": _paper_facts(occasion, invoice, locale),
            "note": occasion.event.data.get("note", ""),
            "bank_details": _bank_details(occasion, invoice),
            "link": in_portal or (SECRET_LINK if secret else ""),
            "attachment": file_name(invoice),
            "where_to_check": where_to_check("invoice", invoice),
        },
        papers=[{"kind": "invoice", "id": invoice.pk}],
        secret=secret,
    )


def receipt(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """Thank you, the money is here."""
    payment = _known(occasion.payment)
    subject = _("Receipt: you paid %(amount)s to %(business)s") % _amounts(
        occasion, payment, locale
    )
    facts = [
        (_("Paid with"), paid_with(payment)),
        (_("Reference"), payment.number),
        (_("Paid by"), _payer_line(occasion, payment)),
    ]
    if still_open := _still_open(occasion, payment, locale):
        facts.append((_("Still open"), still_open))
    context = _payment_context(occasion, recipient, payment, locale)
    context |= {"facts": facts, "attachment": receipt_name(payment)}
    context["where_to_check"] = where_to_check("receipt", payment)
    return Enclosure(subject, context, papers=[{"kind": "receipt", "id": payment.pk}])


def payment_pending(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """Your bank is moving it."""
    payment = _known(occasion.payment)
    subject = _("Your bank is moving %(amount)s to %(business)s") % _amounts(
        occasion, payment, locale
    )
    context = _payment_context(occasion, recipient, payment, locale)
    context |= {
        "expected": short_date(payment.expected_on, locale) if payment.expected_on else "",
        "facts": [(_("Paying with"), paid_with(payment)), (_("Reference"), payment.number)],
    }
    return Enclosure(subject, context)


def payment_failed(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """It did not work, and what to do now."""
    payment = _known(occasion.payment)
    subject = _("Your payment of %(amount)s to %(business)s did not go through") % _amounts(
        occasion, payment, locale
    )
    context = _payment_context(occasion, recipient, payment, locale)
    facts = [(_("Tried with"), paid_with(payment)), (_("Reference"), payment.number)]
    if payment.failure_reason:
        facts.insert(0, (_("Reason"), payment.failure_reason))
    context |= {"facts": facts, "link": _portal_link(occasion, recipient, "invoices")}
    context["came_back"] = payment.pending_at is not None
    return Enclosure(subject, context)


def member_paid(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    payment = _known(occasion.payment)
    subject = _("%(contact)s paid %(amount)s") % _amounts(occasion, payment, locale)
    context = _payment_context(occasion, recipient, payment, locale)
    context["facts"] = _member_facts(occasion, payment, locale)
    return Enclosure(subject, context)


def member_failed(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    payment = _known(occasion.payment)
    came_back = payment.pending_at is not None
    words = (
        _("%(amount)s from %(contact)s came back")
        if came_back
        else _("A payment of %(amount)s from %(contact)s failed")
    )
    context = _payment_context(occasion, recipient, payment, locale)
    context["facts"] = _member_facts(occasion, payment, locale)
    context["came_back"] = came_back
    return Enclosure(words % _amounts(occasion, payment, locale), context)


def member_quarantined(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    payment = _known(occasion.payment)
    claimed, currency, state, reference = occasion.event.data["claimed"]
    context = _payment_context(occasion, recipient, payment, locale)
    context["facts"] = [
        (_("Payment"), payment.number),
        (_("Expected"), payment.money.show_with_code(locale)),
        (_("Reported"), Money(claimed, currency).show_with_code(locale)),
        (_("Reported as"), str(PaymentState(state).label)),
        (_("Reference at the bank"), reference or "–"),
    ]
    subject = _("A payment from %(contact)s needs a look: it does not fit") % {
        "contact": occasion.contact.name
    }
    return Enclosure(subject, context)


def _known[T](found: T | None) -> T:
    """Events outlive nothing that they speak of; a missing subject is a mistake, not a case."""
    if found is None:
        raise LookupError("The subject of this event is gone.")
    return found


def _payment_context(
    occasion: Occasion, recipient: Recipient, payment: Payment, locale: str
) -> dict[str, Any]:
    due_words = _("was due %(date)s") if payment.is_succeeded else _("due %(date)s")
    split = [
        {
            "number": document.number,
            "due": document.due_date
            and due_words % {"date": short_date(document.due_date, locale)},
            "amount": show(amount, payment.currency, locale),
        }
        for document, amount in split_of(payment)
    ]
    if payment.is_succeeded and payment.unallocated:
        credit = show(payment.unallocated, payment.currency, locale)
        split.append({"number": _("Credit"), "due": "", "amount": credit})
    address = (
        link("office", occasion, "payment", payment.pk)
        if recipient.member
        else _portal_link(occasion, recipient, "payment", payment.number)
    )
    return {
        "amount": payment.money.show(locale),
        "total": payment.money.show_with_code(locale),
        "day": long_date(payment.date, locale),
        "split": split,
        "count": len(split),
        "split_title": ngettext("One invoice", "%(count)d invoices, one payment", len(split))
        % {"count": len(split)},
        "link": address,
        "who": _payer_line(occasion, payment),
    }


def _member_facts(occasion: Occasion, payment: Payment, locale: str) -> list[tuple[str, str]]:
    zone = occasion.organization.time_zone
    facts = [
        (_("Paid by"), _payer_line(occasion, payment)),
        (_("Paid with"), paid_with(payment)),
        (_("Reference"), payment.number),
        (_("When"), moment(occasion.event.at, locale, zone)),
    ]
    if payment.failure_reason:
        facts.insert(0, (_("Reason"), payment.failure_reason))
    return facts


def _paper_facts(occasion: Occasion, invoice: Invoice, locale: str) -> list[tuple[str, str]]:
    facts = [(_("Invoice"), invoice.number), (_("Issued"), plain_date(invoice.date, locale))]
    if invoice.reference:
        facts.append((_("Your PO or reference"), invoice.reference))
    if invoice.balance != invoice.total:
        facts.append((_("Total"), invoice.money.show(locale)))
    return facts


def _still_open(occasion: Occasion, payment: Payment, locale: str) -> str:
    """ "$2,678.40, nothing overdue", in the currency of the payment."""
    today = occasion.organization.today(occasion.event.at)
    owed = Invoice.of(occasion.contact).open().filter(currency=payment.currency)
    rows: list[tuple[int, date | None]] = list(owed.values_list("balance", "due_date"))
    if not rows:
        return _("Nothing")
    total = Money(sum(balance for balance, _due in rows), payment.currency)
    late = Money(sum(b for b, due in rows if due and due < today), payment.currency)
    if not late:
        return _("%(amount)s, nothing overdue") % {"amount": total.show(locale)}
    if late == total:
        return _("%(amount)s, overdue") % {"amount": total.show(locale)}
    return _("%(amount)s, of this overdue %(late)s") % {
        "amount": total.show(locale),
        "late": late.show(locale),
    }


def _bank_details(occasion: Occasion, invoice: Invoice) -> list[str]:
    """Shown where nobody can pay online."""
    if occasion.organization.gateway or not invoice.is_open:
        return []
    lines = [line for line in occasion.organization.bank_details.splitlines() if line.strip()]
    reference = _("Reference: %(number)s") % {"number": invoice.number}
    return [*lines, reference] if lines else []


def _portal_link(occasion: Occasion, recipient: Recipient, view: str, *args: object) -> str:
    """Empty for somebody who has no access: a link that leads to a closed door helps nobody."""
    access: PortalAccess | None = getattr(recipient.person, "access", None)
    if access is None or access.revoked_at is not None:
        return ""
    several = len(PortalAccess.objects.of(access.account_id, occasion.organization)) > 1
    return link("portal", occasion, view, *args, hat=f"/as/{access.pk}" if several else "")


def _own_link(occasion: Occasion, recipient: Recipient, invoice: Invoice) -> str:
    """Somebody without access gets a link of their own to this one paper."""
    if not invoice.is_visible:
        return ""
    _made, token = Link.share(
        invoice, person=recipient.person, by=System(), at=occasion.event.at, enclosed=True
    )
    return address_of(token)


def _payer_line(occasion: Occasion, payment: Payment) -> str:
    names = (payment.started_by_name, occasion.contact.company_name or occasion.contact.name)
    return ", ".join(name for name in names if name)


def _names(occasion: Occasion, invoice: Invoice) -> dict[str, str]:
    return {"number": invoice.number, "business": occasion.organization.name}


def _amounts(occasion: Occasion, payment: Payment, locale: str) -> dict[str, str]:
    return {
        "amount": payment.money.show(locale),
        "business": occasion.organization.name,
        "contact": occasion.contact.name,
    }
