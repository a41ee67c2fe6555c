"""The files that we know: by which columns they are recognised, what they need, what of them we use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.imports.reading import NotReadable


class FileKind(models.TextChoices):
    CONTACTS = "contacts", gettext_lazy("Customers")
    VENDORS = "vendors", gettext_lazy("Vendors")
    INVOICES = "invoices", gettext_lazy("Invoices")
    PAYMENTS = "payments", gettext_lazy("Payments received")


@dataclass(frozen=True, slots=True)
class Layout:
    """`keys`: the first of these columns that the file has tells its things apart, now and in a later import."""

    kind: FileKind
    marks: tuple[str, ...]
    keys: tuple[str, ...]
    required: tuple[str, ...]
    used: tuple[str, ...]

    def known(self) -> frozenset[str]:
        return frozenset(map(plain, (*self.keys, *self.required, *self.used)))


_ADDRESSES = tuple(
    f"{which} {part}"
    for which in ("Billing", "Shipping")
    for part in ("Address", "Street2", "City", "State", "Country", "Code")
)
_CONTACT = {
    "marks": ("Display Name", "EmailID"),
    "keys": ("Contact ID", "Display Name"),
    "required": ("Display Name",),
    "used": (
        *(
            "Company Name",
            "First Name",
            "Last Name",
            "EmailID",
            "Phone",
            "MobilePhone",
            "Contact Type",
        ),
        *(
            "Designation",
            "Currency Code",
            "Payment Terms",
            "Payment Terms Label",
            "Status",
            "Tax ID",
        ),
        *_ADDRESSES,
    ),
}
LAYOUTS = (
    Layout(kind=FileKind.CONTACTS, **_CONTACT),
    Layout(kind=FileKind.VENDORS, **_CONTACT),
    Layout(
        kind=FileKind.INVOICES,
        marks=("Invoice Status", "Item Price"),
        keys=("Invoice ID", "Invoice Number"),
        required=("Invoice Number", "Invoice Date", "Invoice Status", "Quantity", "Item Price"),
        used=(
            *(
                "Customer ID",
                "Customer Name",
                "Due Date",
                "PurchaseOrder",
                "Currency Code",
                "Item Name",
            ),
            *(
                "Item Desc",
                "Product ID",
                "SKU",
                "Usage unit",
                "Discount",
                "Discount Amount",
                "Item Tax",
            ),
            *("Item Tax %", "Item Tax Amount", "Item Total", "SubTotal", "Total", "Balance"),
            *(
                "Shipping Charge",
                "Adjustment",
                "Adjustment Description",
                "Notes",
                "Terms & Conditions",
            ),
            *("Entity Discount Amount", "Is Inclusive Tax", *_ADDRESSES[:6]),
        ),
    ),
    Layout(
        kind=FileKind.PAYMENTS,
        marks=("Amount Applied to Invoice",),
        keys=("CustomerPayment ID", "Payment Number"),
        required=(
            "Payment Number",
            "Date",
            "Amount",
            "Invoice Number",
            "Amount Applied to Invoice",
        ),
        used=(
            *("Mode", "Customer ID", "Customer Name", "Currency Code", "Unused Amount"),
            *("Reference Number", "Invoice Payment Applied Date"),
        ),
    ),
)
BY_KIND = {layout.kind: layout for layout in LAYOUTS}
_LATER = {
    "salesorder number": gettext_lazy("Sales orders"),
    "estimate number": gettext_lazy("Estimates"),
}
_NEEDS_CUSTOMER = {FileKind.INVOICES, FileKind.PAYMENTS}


@dataclass(frozen=True, slots=True)
class Header:
    """What a file's first row told us. `key` is the column by which its things are known again."""

    kind: FileKind
    key: str
    columns: list[str]
    unknown: list[str]


def plain(name: str) -> str:
    """Names are compared without regard to case and spaces."""
    return " ".join(name.split()).casefold()


def recognise(columns: Sequence[str], file_name: str) -> Header:
    """What kind of file this is. Raises `NotReadable` in words that name the columns that are missing."""
    here = {plain(column) for column in columns}
    layout = _layout(here, file_name)
    missing = [name for name in layout.required if plain(name) not in here]
    if layout.kind in _NEEDS_CUSTOMER and not here & {"customer id", "customer name"}:
        missing.append("Customer ID")
    if missing:
        raise NotReadable(
            _("This looks like a file of %(kind)s, but these columns are missing: %(columns)s.")
            % {"kind": layout.kind.label.lower(), "columns": ", ".join(missing)}
        )
    known = layout.known()
    return Header(
        kind=layout.kind,
        key=next(name for name in layout.keys if plain(name) in here),
        columns=[plain(column) for column in columns],
        unknown=[column for column in columns if column and plain(column) not in known],
    )


def _layout(here: set[str], file_name: str) -> Layout:
    for layout in LAYOUTS:
        if all(plain(mark) in here for mark in layout.marks):
            if layout.kind == FileKind.CONTACTS and "vendor" in file_name.casefold():
                return BY_KIND[FileKind.VENDORS]
            return layout
    for column, papers in _LATER.items():
        if column in here:
            raise NotReadable(
                _("%(papers)s cannot be imported yet. Leave this file out.") % {"papers": papers}
            )
    raise NotReadable(
        _("This is none of the files that can be imported: %(files)s.")
        % {
            "files": get_text_list(
                ["Contacts.csv", "Vendors.csv", "Invoice.csv", "Customer_Payment.csv"], _("or")
            )
        }
    )
