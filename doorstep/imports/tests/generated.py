"""Exports of any size, written without being held in memory."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from doorstep.imports.tests.samples import contact, invoice, payment


def write_export(folder: Path, *, invoices: int, lines: int = 3, customers: int = 50) -> list[Path]:
    """Contacts, `invoices` of `lines` lines each, and a payment for two in three of them."""
    return [
        write(folder / "Contacts.csv", contacts(customers)),
        write(folder / "Invoice.csv", papers(invoices, lines, customers)),
        write(folder / "Customer_Payment.csv", payments(invoices, lines, customers)),
    ]


def write(path: Path, rows: Iterator[dict[str, str]]) -> Path:
    first = next(rows)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(first))
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)
    return path


def contacts(customers: int) -> Iterator[dict[str, str]]:
    for number in range(customers):
        yield contact(
            Contact_ID=f"C-{number}",
            Display_Name=f"Customer {number}",
            EmailID=f"c{number}@example.com",
        )


def papers(invoices: int, lines: int, customers: int) -> Iterator[dict[str, str]]:
    for number in range(invoices):
        total = f"{lines * 19}.00"
        for line in range(lines):
            yield invoice(
                Invoice_ID=f"I-{number}",
                Invoice_Number=f"INV-{number:06d}",
                Invoice_Status="Sent" if number % 3 == 2 else "Closed",
                Customer_ID=f"C-{number % customers}",
                Item_Name=f"Item {line}",
                Quantity="1",
                Total=total,
                Balance=total if number % 3 == 2 else "0.00",
            )


def payments(invoices: int, lines: int, customers: int) -> Iterator[dict[str, str]]:
    for number in range(invoices):
        if number % 3 != 2:
            yield payment(
                CustomerPayment_ID=f"P-{number}",
                Payment_Number=str(number + 1),
                Customer_ID=f"C-{number % customers}",
                Invoice_Number=f"INV-{number:06d}",
                Amount=f"{lines * 19}.00",
                Amount_Applied_to_Invoice=f"{lines * 19}.00",
            )
