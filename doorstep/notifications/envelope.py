"""A message as it goes over the wire."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from django.utils.html import escape

from doorstep.lib.secrets import SECRET_LINK, unseal
from doorstep.notifications.letters import one_line
from doorstep.notifications.models import MailSettings, Message
from doorstep.payments.models import Payment
from doorstep.payments.renditions import receipt_name, receipt_pdf
from doorstep.sales.models import Invoice
from doorstep.sales.renditions import file_name, pdf_of


def envelope_of(message: Message, settings: MailSettings, *, at: datetime) -> EmailMessage:
    """Headers, both bodies with the secret link put in, and the papers as they are now.

    Raises `Unreadable` when the link was sealed with another key.
    """
    mail = EmailMessage(policy=SMTP)
    mail["Message-ID"] = message.message_id
    mail["Date"] = format_datetime(at)
    mail["From"] = address_of(
        settings.from_name or settings.organization.name, settings.from_address
    )
    mail["To"] = address_of(message.recipient_name, message.recipient)
    if message.reply_to:
        mail["Reply-To"] = address_of("", message.reply_to)
    mail["Subject"] = one_line(message.subject)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    mail["Content-Language"] = message.language
    secret = unseal(message.sealed_secret)
    mail.set_content(message.text.replace(SECRET_LINK, secret))
    if message.html:
        mail.add_alternative(message.html.replace(SECRET_LINK, escape(secret)), subtype="html")
    for name, pdf in papers_of(message, at=at):
        mail.add_attachment(pdf, maintype="application", subtype="pdf", filename=name)
    return mail


def papers_of(message: Message, *, at: datetime) -> list[tuple[str, bytes]]:
    """File name and bytes of each paper that goes along."""
    return [(name, pdf) for name, pdf in (_paper(message, wanted, at) for wanted in message.papers)]


def paper_names(message: Message) -> list[str]:
    """The names alone, which costs no drawing."""
    return [
        file_name(found) if isinstance(found, Invoice) else receipt_name(found)
        for found in (_found(message, wanted) for wanted in message.papers)
    ]


def _paper(message: Message, wanted: dict[str, Any], at: datetime) -> tuple[str, bytes]:
    locale = message.person.locale() if message.person else message.language
    found = _found(message, wanted)
    if isinstance(found, Invoice):
        return file_name(found), pdf_of(found, locale=locale, at=at)
    return receipt_name(found), receipt_pdf(found, locale=locale, at=at)


def _found(message: Message, wanted: dict[str, Any]) -> Invoice | Payment:
    organization = message.organization
    if wanted["kind"] == "invoice":
        return (
            Invoice.of(organization).select_related("organization", "contact").get(pk=wanted["id"])
        )
    return Payment.of(organization).select_related("organization", "contact").get(pk=wanted["id"])


def address_of(name: str, address: str) -> Address:
    """As a header takes it, whatever people typed as their name."""
    local, _at, domain = address.rpartition("@")
    # Names of domains beyond ASCII travel in their ASCII form, which every mail server understands.
    domain = domain.encode("idna").decode() if not domain.isascii() else domain
    return Address(display_name=one_line(name), username=local, domain=domain)
