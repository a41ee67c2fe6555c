"""Small exports, written as Zoho writes them, and a way to import them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from doorstep.activity.models import Event
from doorstep.imports.models import ImportBatch, ImportFile, Mode, Problem
from doorstep.imports.running import run
from doorstep.organizations.models import Member, Organization
from tests.cast import NOON

CONTACT = {
    "Contact ID": "C-1",
    "Display Name": "Bon app'",
    "Company Name": "Bon app'",
    "First Name": "Laurence",
    "Last Name": "Lebihan",
    "EmailID": "laurence@bonapp.example",
    "Phone": "91.24.45.40",
    "Contact Type": "customer",
    "Currency Code": "USD",
    "Payment Terms": "30",
    "Billing Address": "12, rue des Bouchers",
    "Billing City": "Marseille",
    "Billing Country": "France",
    "Status": "Active",
}
INVOICE = {
    "Invoice Date": "2026-10-01",
    "Invoice ID": "I-1",
    "Invoice Number": "INV-1",
    "Invoice Status": "Sent",
    "Customer ID": "C-1",
    "Due Date": "2026-10-31",
    "PurchaseOrder": "PO-7",
    "Currency Code": "USD",
    "Item Name": "Chang",
    "Product ID": "2",
    "Item Desc": "24 - 12 oz bottles",
    "Quantity": "10",
    "Item Price": "19.00",
    "Discount": "0.00",
    "Item Tax": "",
    "Item Tax %": "0",
    "Total": "190.00",
    "Balance": "190.00",
    "Shipping Charge": "0.00",
    "Adjustment": "0.00",
}
PAYMENT = {
    "Payment Number": "1",
    "CustomerPayment ID": "P-1",
    "Mode": "Check",
    "Date": "2026-10-15",
    "Customer ID": "C-1",
    "Currency Code": "USD",
    "Amount": "190.00",
    "Unused Amount": "0.00",
    "Reference Number": "R-1",
    "Invoice Number": "INV-1",
    "Amount Applied to Invoice": "190.00",
}
Row = Mapping[str, str]


def contact(**changed: str) -> dict[str, str]:
    return CONTACT | named(changed)


def invoice(**changed: str) -> dict[str, str]:
    return INVOICE | named(changed)


def paid_invoice(**changed: str) -> dict[str, str]:
    return invoice(**{"Invoice_Status": "Closed", "Balance": "0.00"} | changed)


def payment(**changed: str) -> dict[str, str]:
    return PAYMENT | named(changed)


def named(changed: Mapping[str, str]) -> dict[str, str]:
    """`Item_Price="1"` is the column "Item Price"."""
    return {name.replace("_", " "): value for name, value in changed.items()}


def table(rows: Sequence[Row], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


class Desk:
    """Somebody with export files at hand."""

    def __init__(self, organization: Organization, member: Member) -> None:
        self.organization, self.member = organization, member

    def file(self, name: str, content: bytes | Sequence[Row]) -> ImportFile:
        written = content if isinstance(content, bytes) else table(content)
        return ImportFile.read(io.BytesIO(written), name, self.organization.pk)

    def begin(
        self,
        *,
        mode: str = Mode.ALL_OR_NOTHING,
        dry_run: bool = False,
        **files: bytes | Sequence[Row],
    ) -> ImportBatch:
        read = [self.file(f"{name}.csv", content) for name, content in files.items() if content]
        batch = ImportBatch.begin(
            self.organization, read, by=self.member, mode=mode, dry_run=dry_run, at=NOON
        )
        return ImportBatch.objects.get(pk=batch.pk)

    def take(self, **wanted: Any) -> ImportBatch:
        """Import and see that everything still adds up and nobody was told."""
        batch = self.begin(**wanted)
        run(batch, at=NOON)
        assert not Event.objects.filter(
            origin="act", subject_kind__in=["payment", "invoice"]
        ).exists()
        return ImportBatch.objects.get(pk=batch.pk)


def said(batch: ImportBatch, severity: str = "bad") -> list[tuple[int, str, str]]:
    """(line, column, reason) of what is wrong."""
    problems = Problem.objects.filter(batch=batch, severity=severity).order_by(
        "file__order", "line", "pk"
    )
    return [(problem.line, problem.column, problem.reason) for problem in problems]
