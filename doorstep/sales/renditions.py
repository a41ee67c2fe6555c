"""An invoice as a PDF, from what was frozen when it was issued."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.numbers import format_currency, format_decimal
from django.utils import translation
from django.utils.translation import gettext as _

from doorstep.documents.kinds import State
from doorstep.documents.renditions import Paper
from doorstep.documents.renditions.paper import (
    Columns,
    Fact,
    PaperLine,
    Passage,
    Stamp,
    Total,
    WaysToPay,
)
from doorstep.lib.languages import supported
from doorstep.lib.money import exponent, show, to_minor
from doorstep.lib.words import plain_date
from doorstep.sales import stationery
from doorstep.sales.freezing import content_of
from doorstep.sales.models import Invoice


def pdf_of(invoice: Invoice, *, locale: str, at: datetime) -> bytes:
    """The invoice as a PDF in the person's language and amounts. Drawn once, then served from the store."""
    with translation.override(supported(locale)):
        paper = paper_of(invoice, locale=locale, at=at)
        return stationery.drawn(
            "invoice",
            paper,
            organization=invoice.organization,
            document=invoice,
            name=file_name(invoice),
        )


def file_name(invoice: Invoice) -> str:
    """`Acme-INV-000123.pdf`, safe in any header."""
    number = invoice.number or f"draft-{invoice.pk}"
    return stationery.file_name(invoice.organization, number)


def paper_of(invoice: Invoice, *, locale: str, at: datetime) -> Paper:
    """What the PDF says, in the active language; `at` dates a draft, which has no day of issue yet."""
    organization = invoice.organization
    content = invoice.frozen or content_of(invoice)
    currency = content["currency"]
    sender = stationery.sender_from(content["sender"])
    kind, number = _("Invoice"), content["number"] or _("Draft")
    day = date.fromisoformat(content["date"]) if invoice.frozen else organization.today(at)
    recipient = content["recipient"]
    tax_line = stationery.tax_line(recipient["tax_number"])
    return {
        "language": translation.get_language() or "en",
        "direction": stationery.direction_of(translation.get_language() or "en"),
        "page_size": stationery.page_size_of(organization),
        "kind": kind,
        "number": number,
        "continued": _("%(kind)s %(number)s, continued") % {"kind": kind, "number": number},
        "page_label": _("Page {n} of {m}"),
        "sender": sender,
        "brand": stationery.brand_of(organization),
        "recipient": {
            "label": _("Billed to"),
            "name": recipient["name"],
            "lines": [*recipient["lines"], *([tax_line] if tax_line else [])],
        },
        "facts": list(_facts(content, locale)),
        "columns": _columns(content),
        "lines": [_line(line, currency, locale) for line in content["lines"]],
        "totals": list(_totals(content, invoice, locale)),
        "amount_due": {
            "label": _("Amount due"),
            "value": invoice.balance_money.show_with_code(locale),
        },
        "ways_to_pay": _ways_to_pay(content, invoice),
        "notes": _passage(_("Notes"), content["notes"]),
        "terms": _passage(_("Terms"), content["terms"]),
        "footer": stationery.footer_of(sender),
        "stamp": _stamp(invoice),
        "authenticity": stationery.authenticity_of("invoice", invoice),
        "pdf": {
            "title": f"{kind} {number}",
            "author": sender["name"],
            "keywords": [word for word in (number, content["reference"]) if word],
            "date": day.isoformat(),
        },
    }


def _facts(content: dict[str, Any], locale: str) -> Iterable[Fact]:
    issued, due = content["date"], content["due_date"]
    yield {"label": _("Issued"), "value": plain_date(date.fromisoformat(issued), locale)}
    if due:
        yield {"label": _("Due"), "value": plain_date(date.fromisoformat(due), locale)}
    if content["reference"]:
        yield {"label": _("Your PO or reference"), "value": content["reference"]}


def _columns(content: dict[str, Any]) -> Columns:
    taxed = any(line["tax_name"] or Decimal(line["tax_rate"]) for line in content["lines"])
    return {
        "name": _("Item"),
        "quantity": _("Quantity"),
        "price": _("Price"),
        "tax": _("Tax") if taxed else "",
        "amount": _("Amount"),
    }


def _line(line: dict[str, Any], currency: str, locale: str) -> PaperLine:
    description = line["description"]
    if line["discount"]:
        less = _("Less %(percent)s%% discount, %(amount)s") % {
            "percent": _number(Decimal(line["discount_percent"]), locale),
            "amount": show(-line["discount"], currency, locale),
        }
        description = f"{description}\n{less}" if description else less
    return {
        "name": line["name"],
        "description": description,
        "sku": line["sku"],
        "quantity": f"{_number(Decimal(line['quantity']), locale)} {line['unit']}".rstrip(),
        "price": price_text(Decimal(line["price"]), currency, locale),
        "tax": _tax_text(line, locale),
        "amount": show(line["amount"], currency, locale),
    }


def price_text(price: Decimal, currency: str, locale: str) -> str:
    """A price per unit, with as many decimals as it has and never fewer than the currency's."""
    places = exponent(currency)
    if price == price.quantize(Decimal(1).scaleb(-places)):
        return show(to_minor(price, currency), currency, locale)
    shown = format_currency(
        price, currency, locale=_babel(locale), currency_digits=False, decimal_quantization=False
    )
    return str(shown)


def _totals(content: dict[str, Any], invoice: Invoice, locale: str) -> Iterable[Total]:
    currency = content["currency"]
    rows = [(_("Subtotal"), content["subtotal"])]
    rows += [(_tax_label(tax, locale), tax["amount"]) for tax in content["taxes"]]
    if content["shipping"]:
        rows.append((_("Shipping"), content["shipping"]))
    if content["adjustment"]:
        rows.append((content["adjustment_label"] or _("Adjustment"), content["adjustment"]))
    for label, amount in rows if len(rows) > 1 else []:
        yield {"label": label, "value": show(amount, currency, locale), "strong": False}
    yield {"label": _("Total"), "value": show(content["total"], currency, locale), "strong": True}
    paid = content["total"] - invoice.balance
    if paid and invoice.is_visible:
        yield {"label": _("Paid"), "value": show(-paid, currency, locale), "strong": False}


def _ways_to_pay(content: dict[str, Any], invoice: Invoice) -> WaysToPay | None:
    bank = [line for line in content["sender"]["bank_details"].splitlines() if line.strip()]
    if not bank or not invoice.is_open:
        return None
    reference = _("Reference: %(number)s") % {"number": content["number"]}
    return {"title": _("How to pay"), "lines": [*bank, reference]}


def _passage(title: str, text: str) -> Passage | None:
    return {"title": title, "text": text} if text.strip() else None


def _stamp(invoice: Invoice) -> Stamp | None:
    organization = invoice.organization
    match invoice.state:
        case State.DRAFT:
            return stationery.stamp_of(organization, _("DRAFT"), "quiet")
        case State.VOID:
            return stationery.stamp_of(organization, _("VOID"), "bad")
        case State.PAID:
            return stationery.stamp_of(organization, _("PAID"), "good")
    return stationery.stamp_of(organization, "", "quiet")


def _tax_label(tax: dict[str, Any], locale: str) -> str:
    rate = _number(Decimal(tax["rate"]), locale)
    return f"{tax['name'] or _('Tax')} {rate}%"


def _tax_text(line: dict[str, Any], locale: str) -> str:
    rate = Decimal(line["tax_rate"])
    return f"{_number(rate, locale)}%" if rate or line["tax_name"] else ""


@lru_cache(maxsize=1024)
def _number(number: Decimal, locale: str) -> str:
    return str(format_decimal(number, "#,##0.######", locale=_babel(locale)))


def _babel(locale: str) -> str:
    return locale.replace("-", "_")
