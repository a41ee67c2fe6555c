"""What an issued invoice will always say: frozen with a hash on the day of issue."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from doorstep.documents.totals import add_up

if TYPE_CHECKING:
    from doorstep.documents.models import Line
    from doorstep.sales.models.invoice import Invoice


def freeze(invoice: Invoice) -> None:
    """Fill `frozen` and `frozen_hash`; the caller saves."""
    invoice.frozen = content_of(invoice)
    invoice.frozen_hash = hash_of(invoice.frozen)


def hash_of(content: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def content_of(invoice: Invoice, lines: Sequence[Line] | None = None) -> dict[str, Any]:
    """Everything that is rendered, money in minor units, decimals as text.

    `lines` when they are not yet in the database. Shape:

    {number, date, due_date, currency, reference, sender{}, recipient{}, lines[], taxes[],
    subtotal, discount_total, tax_total, shipping, adjustment, adjustment_label, total, notes, terms}
    """
    organization, contact = invoice.organization, invoice.contact
    if lines is None:
        lines = list(invoice.lines.all())
    totals = add_up(lines, shipping=invoice.shipping, adjustment=invoice.adjustment)
    return {
        "number": invoice.number,
        "date": invoice.date.isoformat(),
        "due_date": invoice.due_date.isoformat() if invoice.due_date else None,
        "currency": invoice.currency,
        "reference": invoice.reference,
        "sender": {
            "name": organization.name,
            "legal_name": organization.legal_name,
            "tax_number": organization.tax_number,
            "lines": organization.address_lines,
            "email": organization.email,
            "phone": organization.phone,
            "website": organization.website,
            "bank_details": organization.bank_details,
        },
        "recipient": {
            "name": contact.company_name or contact.name,
            "tax_number": contact.tax_number,
            "lines": contact.billing_lines,
        },
        "lines": [
            {
                "name": line.name,
                "sku": line.sku,
                "description": line.description,
                "unit": line.unit,
                "quantity": _plain(line.quantity),
                "price": _plain(line.price),
                "discount_percent": _plain(line.discount_percent),
                "discount": line.discount,
                "tax_name": line.tax_name,
                "tax_rate": _plain(line.tax_rate),
                "amount": line.amount,
            }
            for line in lines
        ],
        "taxes": [
            {"name": tax.name, "rate": _plain(tax.rate), "base": tax.base, "amount": tax.amount}
            for tax in totals.taxes
        ],
        "subtotal": invoice.subtotal,
        "discount_total": invoice.discount_total,
        "tax_total": invoice.tax_total,
        "shipping": invoice.shipping,
        "adjustment": invoice.adjustment,
        "adjustment_label": invoice.adjustment_label,
        "total": invoice.total,
        "notes": invoice.notes,
        "terms": invoice.terms,
    }


def _plain(number: Any) -> str:
    return f"{number.normalize():f}"
