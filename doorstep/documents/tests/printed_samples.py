"""Papers of the demo cast, as the caller hands them to the printer."""

from typing import Any

from doorstep.documents.renditions.paper import Paper, PaperLine, Receipt, Sheet, Split

SHELF: PaperLine = {
    "name": "Steel shelving bay, 2.0 m",
    "description": "",
    "sku": "SH-2000-G",
    "quantity": "6",
    "price": "$184.00",
    "tax": "",
    "amount": "$1,104.00",
}
ROPE: PaperLine = {
    "name": "Climbing rope 11 mm, 50 m",
    "description": "Dry treated",
    "sku": "",
    "quantity": "4",
    "price": "$129.50",
    "tax": "",
    "amount": "$518.00",
}


def sheet(**changes: Any) -> Sheet:
    usual: Sheet = {
        "language": "en-us",
        "direction": "ltr",
        "page_size": "a4",
        "kind": "Invoice",
        "number": "INV-000123",
        "continued": "Invoice INV-000123, continued",
        "page_label": "Page {n} of {m}",
        "sender": {
            "name": "Acme Wholesale",
            "legal_name": "Acme Wholesale Inc.",
            "address_lines": ["400 Mesa Road NE", "Albuquerque, NM 87102"],
            "email": "billing@acme.example",
            "phone": "+1 505 555 0142",
            "website": "acme.example",
            "tax_number": "Tax number 85-1234567",
        },
        "brand": {"color": "#0f5c43", "on_color": "#ffffff"},
        "recipient": {
            "label": "Billed to",
            "name": "Coyote Ltd",
            "lines": ["18 Canyon Street", "Flagstaff, AZ 86001"],
        },
        "facts": [
            {"label": "Issued", "value": "Tue 13 Oct 2026"},
            {"label": "Due", "value": "Fri 13 Nov 2026"},
            {"label": "Your PO", "value": "7752"},
        ],
        "footer": "Acme Wholesale Inc. · Albuquerque",
        "pdf": {
            "title": "Invoice INV-000123",
            "author": "Acme Wholesale Inc.",
            "keywords": ["INV-000123", "Coyote Ltd"],
            "date": "2026-10-13",
        },
    }
    return usual | changes  # type: ignore[return-value]


def invoice(**changes: Any) -> Paper:
    usual = {
        "columns": {
            "name": "Item",
            "quantity": "Qty",
            "price": "Price",
            "tax": "",
            "amount": "Amount",
        },
        "lines": [SHELF, ROPE],
        "totals": [
            {"label": "Subtotal", "value": "$1,622.00", "strong": False},
            {"label": "Sales tax 7.25%", "value": "$117.60", "strong": False},
        ],
        "amount_due": {"label": "Balance due", "value": "$1,739.60 USD"},
        "ways_to_pay": {
            "title": "How to pay",
            "lines": ["Account 1234567890", "Reference: INV-000123"],
        },
        "notes": {"title": "Notes", "text": "Thank you for your order.\nIt comes in two parcels."},
        "terms": {"title": "Terms", "text": "Payable within 31 days."},
    }
    return sheet(**(usual | changes))  # type: ignore[return-value]


def receipt(**changes: Any) -> Receipt:
    usual = {
        "kind": "Receipt",
        "number": "PAY-000098",
        "continued": "Receipt PAY-000098, continued",
        "facts": [
            {"label": "Paid with", "value": "Visa ending 4242"},
            {"label": "Paid by", "value": "Wanda Reyes"},
        ],
        "amount": {"label": "Paid", "value": "$4,379.25 USD", "note": "on Friday 20 November 2026"},
        "columns": {"number": "Invoice", "due": "Was due", "amount": "Amount"},
        "split": [
            split("INV-000118", "Fri 23 Oct 2026", "$1,204.50"),
            split("INV-000121", "Fri 6 Nov 2026", "$864.00"),
            split("INV-000123", "Fri 13 Nov 2026", "$2,310.75"),
        ],
        "total": {"label": "Total paid", "value": "$4,379.25 USD"},
        "closing": {"title": "Still open", "text": "$2,678.40, nothing overdue."},
        "pdf": {
            "title": "Receipt PAY-000098",
            "author": "Acme Wholesale Inc.",
            "keywords": [],
            "date": "2026-11-20",
        },
    }
    return sheet(**(usual | changes))  # type: ignore[return-value]


def split(number: str, due: str, amount: str) -> Split:
    return {"number": number, "due": due, "amount": amount}


def lines(count: int) -> list[PaperLine]:
    return [{**SHELF, "name": f"Shelf number {number}"} for number in range(1, count + 1)]
