"""A payment's receipt as a PDF."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from doorstep.documents.models import Document
from doorstep.documents.renditions import Receipt
from doorstep.documents.renditions.paper import Fact, Split
from doorstep.lib.languages import supported
from doorstep.lib.money import show
from doorstep.lib.words import long_date, plain_date
from doorstep.payments.models import Allocation, Payment
from doorstep.sales import stationery


def receipt_pdf(payment: Payment, *, locale: str, at: datetime) -> bytes:
    """That the money came, in the person's language. Drawn once, then served from the store."""
    with translation.override(supported(locale)):
        return stationery.drawn(
            "receipt",
            receipt_of(payment, locale=locale),
            organization=payment.organization,
            document=None,
            name=receipt_name(payment),
        )


def receipt_name(payment: Payment) -> str:
    """`Acme-receipt-000098.pdf`, safe in any header."""
    digits = re.sub(r"^[A-Za-z]+-", "", payment.number)
    return stationery.file_name(payment.organization, _("receipt"), digits)


def split_of(payment: Payment) -> list[tuple[Document, int]]:
    """What each invoice takes of the payment, in minor units, the one due first before the others.

    Once the money has come, what was booked counts: it is less when an invoice was settled meanwhile.
    """
    shares = payment.allocations.select_related("document", "settlement").order_by(
        "document__due_date", "document"
    )
    split = [(share.document, _taken(share, payment)) for share in shares]
    return [(document, amount) for document, amount in split if amount]


def _taken(share: Allocation, payment: Payment) -> int:
    if not payment.is_succeeded:
        return share.amount
    return share.settlement.amount if share.settlement else 0


def receipt_of(payment: Payment, *, locale: str) -> Receipt:
    """What the PDF says, in the active language."""
    organization, currency = payment.organization, payment.currency
    language = translation.get_language() or "en"
    sender = stationery.sender_of(organization)
    kind = _("Receipt")
    return {
        "language": language,
        "direction": stationery.direction_of(language),
        "page_size": stationery.page_size_of(organization),
        "kind": kind,
        "number": payment.number,
        "continued": _("%(kind)s %(number)s, continued") % {"kind": kind, "number": payment.number},
        "page_label": _("Page {n} of {m}"),
        "sender": sender,
        "brand": stationery.brand_of(organization),
        "recipient": {
            "label": _("Received from"),
            "name": payment.contact.company_name or payment.contact.name,
            "lines": payment.contact.billing_lines,
        },
        "facts": list(_facts(payment, locale)),
        "amount": {
            "label": _("Amount paid"),
            "value": payment.money.show_with_code(locale),
            "note": _("on %(date)s") % {"date": long_date(payment.date, locale)},
        },
        "columns": {"number": _("Invoice"), "due": _("Due"), "amount": _("Amount")},
        "split": [
            _share(document, amount, currency, locale) for document, amount in split_of(payment)
        ]
        + _credit(payment, locale),
        "total": {"label": _("Total paid"), "value": payment.money.show_with_code(locale)},
        "closing": None,
        "footer": stationery.footer_of(sender),
        "stamp": stationery.stamp_of(organization, "", "quiet"),
        "authenticity": stationery.authenticity_of("receipt", payment),
        "pdf": {
            "title": f"{kind} {payment.number}",
            "author": sender["name"],
            "keywords": [payment.number],
            "date": payment.date.isoformat(),
        },
    }


def paid_with(payment: Payment) -> str:
    """ "Visa ending 4242", or what kind of payment it was."""
    return payment.method_label or str(payment.get_method_display() or _("Other"))


def _facts(payment: Payment, locale: str) -> Iterable[Fact]:
    yield {"label": _("Date"), "value": plain_date(payment.date, locale)}
    yield {"label": _("Paid with"), "value": paid_with(payment)}
    if payment.gateway not in ("manual", "import"):
        yield {"label": _("Paid by"), "value": payment.started_by_name}
    if payment.reference:
        yield {"label": _("Reference"), "value": payment.reference}


def _share(document: Document, amount: int, currency: str, locale: str) -> Split:
    return {
        "number": document.number,
        "due": plain_date(document.due_date, locale) if document.due_date else "",
        "amount": show(amount, currency, locale),
    }


def _credit(payment: Payment, locale: str) -> list[Split]:
    """What no invoice took stays as credit, and the receipt says so."""
    if not payment.unallocated:
        return []
    credit = show(payment.unallocated, payment.currency, locale)
    return [{"number": _("Credit"), "due": "", "amount": credit}]
