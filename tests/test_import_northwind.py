"""Northwind Traders move in: the numbers are known to the cent, twice in a row."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db.models import Sum

from doorstep.contacts.models import Contact
from doorstep.documents.models import Line
from doorstep.imports.models import ImportBatch, ImportFile, Mode
from doorstep.imports.running import run
from doorstep.imports.wording import verdict
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice
from tests.cast import Cast

FOLDER = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "northwind"
FILES = ("Contacts.csv", "Vendors.csv", "Invoice.csv", "Customer_Payment.csv")
TODAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.money,
    pytest.mark.skipif(not FOLDER.exists(), reason="the export is not on this machine"),
]


def take(cast: Cast, *, dry_run: bool = False, names: tuple[str, ...] = FILES) -> ImportBatch:
    organization = cast.globex.organization
    files = []
    for name in names:
        with (FOLDER / name).open("rb") as source:
            files.append(ImportFile.read(source, name, organization.pk))
    batch = ImportBatch.begin(
        organization, files, by=cast.greta, mode=Mode.ALL_OR_NOTHING, dry_run=dry_run, at=TODAY
    )
    run(batch, at=TODAY)
    return ImportBatch.objects.get(pk=batch.pk)


def figures(cast: Cast) -> dict[str, object]:
    organization = cast.globex.organization
    invoices, payments = Invoice.of(organization), Payment.of(organization)
    contacts = Contact.objects.filter(organization=organization).exclude(foreign_id="")
    return {
        "customers": contacts.customers().count(),
        "vendors": contacts.vendors().count(),
        "invoices": invoices.count(),
        "states": {
            s: invoices.filter(state=s).count() for s in ("paid", "partly_paid", "sent", "draft")
        },
        "lines": Line.objects.filter(organization=organization).count(),
        "payments": payments.succeeded().count(),
        "received": payments.succeeded().aggregate(sum=Sum("amount"))["sum"],
        "outstanding": invoices.open().aggregate(sum=Sum("balance"))["sum"],
        "overdue": invoices.overdue(on=organization.today(TODAY)).count(),
    }


EXPECTED = {
    "customers": 91,
    "vendors": 29,
    "invoices": 830,
    "states": {"paid": 652, "partly_paid": 67, "sent": 90, "draft": 21},
    "lines": 2155,
    "payments": 719,
    "received": 109315679,
    "outstanding": 21065358,
    "overdue": 157,
}


def test_every_figure_is_right_twice_in_a_row(cast: Cast):
    first = take(cast)
    assert figures(cast) == EXPECTED

    second = take(cast)
    assert figures(cast) == EXPECTED
    assert second.report["organization"] == first.report["organization"]
    assert verdict(second)[1] == "Nothing has changed since these files were last imported."
    assert not second.problems.exists()


def test_a_dry_run_reports_and_changes_nothing(cast: Cast):
    batch = take(cast, dry_run=True)

    assert batch.tally["invoice.new"] == 830
    assert batch.tally["file.received.USD"] == 109315679
    assert batch.tally["file.outstanding.USD"] == 21065358
    assert figures(cast)["invoices"] == 0


def test_one_file_after_the_other_comes_to_the_same(cast: Cast):
    for name in FILES:
        take(cast, names=(name,))

    assert figures(cast) == EXPECTED
