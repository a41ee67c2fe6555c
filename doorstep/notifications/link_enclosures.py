"""The letters about public links: the link itself, and the code that proves who opened it."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from doorstep.lib.secrets import unseal
from doorstep.lib.words import long_date
from doorstep.notifications.audiences import Recipient
from doorstep.notifications.letters import Enclosure
from doorstep.notifications.occasions import Occasion
from doorstep.sales.models import Invoice
from doorstep.sales.stationery import where_to_check


def address_of(token: str) -> str:
    """What a link's holder opens. It names no portal, so that it outlives every name."""
    return f"{settings.BASE_URL}/s/{token}"


def shared_link(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """Here is a link to one paper: the link is the secret."""
    link = occasion.link
    business = occasion.organization.name
    number = link.document.number if link else ""
    subject = _("Invoice %(number)s from %(business)s") % {"number": number, "business": business}
    token = unseal(link.sealed_token) if link else ""
    if link is None or not token:
        return Enclosure(subject, void=_("The link opens nothing any more."))
    invoice = Invoice.of(occasion.contact).get(pk=link.document_id)
    until = long_date(occasion.organization.today(link.expires_at), locale)
    return Enclosure(
        subject,
        {
            "number": number,
            "amount": invoice.balance_money.show(locale),
            "is_open": invoice.is_open,
            "may_pay_here": invoice.is_open
            and link.may_pay
            and (link.person is None or link.person.may("pay"))
            and bool(occasion.organization.gateway),
            "until": until,
            "where_to_check": where_to_check("invoice", invoice),
        },
        secret=address_of(token),
    )


def passed_on_link(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """Somebody at the customer shows the paper to somebody else; nothing that they typed is in the mail."""
    link = occasion.link
    names = {
        "number": link.document.number if link else "",
        "business": occasion.organization.name,
    }
    subject = _("Invoice %(number)s from %(business)s, passed on to you") % names
    token = unseal(link.sealed_token) if link else ""
    if link is None or not token:
        return Enclosure(subject, void=_("The link opens nothing any more."))
    invoice = Invoice.of(occasion.contact).get(pk=link.document_id)
    return Enclosure(
        subject,
        {
            "number": invoice.number,
            "who": link.passed_by.name if link.passed_by else "",
            "until": long_date(occasion.organization.today(link.expires_at), locale),
            "where_to_check": where_to_check("invoice", invoice),
        },
        secret=address_of(token),
    )


def link_code(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """The code stands where other letters have their secret link."""
    challenge, link = occasion.challenge, occasion.link
    number = link.document.number if link else ""
    subject = _("Your code for invoice %(number)s") % {"number": number}
    code = unseal(challenge.sealed_code) if challenge else ""
    if not code:
        return Enclosure(subject, void=_("A newer code took its place."))
    return Enclosure(subject, {"number": number}, secret=code)
