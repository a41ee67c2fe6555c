"""The file itself: JSON for machines, PDF for people, written to the disk piece by piece."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from doorstep.activity.models import record
from doorstep.exports import portions
from doorstep.exports.models import DataExport
from doorstep.files.models import StoredFile
from doorstep.identity.events import DATA_READY
from doorstep.identity.holder import Holder
from doorstep.payments.models import Payment
from doorstep.payments.renditions import receipt_name, receipt_pdf
from doorstep.sales.models import Invoice
from doorstep.sales.renditions import file_name, pdf_of

EVERY = 10


def write(export: DataExport, now: Callable[[], datetime]) -> None:
    """Put the file together and say that it is there. Begins anew when it was interrupted."""
    account, organization = export.account, export.organization
    export.begin(total=portions.count_papers(account, organization))
    # On the disk, not in memory: somebody may have ten thousand papers.
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            _write_into(archive, export, now)
        stored = StoredFile.keep_stream(
            organization.pk,
            name=f"{organization.portal_name}-my-data.zip",
            content_type="application/zip",
            source=file,
        )
    with transaction.atomic():
        at = now()
        export.finish(stored, at=at)
        holder = Holder(account, organization.pk)
        record(DATA_READY, holder, by=holder, at=at, face=_face(export))


def _write_into(archive: zipfile.ZipFile, export: DataExport, now: Callable[[], datetime]) -> None:
    who = export.account, export.organization
    _json(archive, "account.json", [portions.account_of(export.account)])
    _json(archive, "access.json", portions.access_of(*who))
    _json(archive, "agreements.json", portions.consents_of(*who))
    _json(archive, "history.json", portions.events_of(*who))
    invoices = (portions.invoice_row(invoice) for _hat, invoice in portions.invoices_of(*who))
    _json(archive, "invoices.json", invoices)
    payments = (portions.payment_row(payment) for _hat, payment in portions.payments_of(*who))
    _json(archive, "payments.json", payments)
    done = 0
    for hat, invoice in portions.invoices_of(*who):
        _paper(archive, invoice, locale=hat.contact_person.locale(), at=now())
        done = _note(export, done + 1)
    for hat, payment in portions.payments_of(*who):
        _receipt(archive, payment, locale=hat.contact_person.locale(), at=now())
        done = _note(export, done + 1)


def _paper(archive: zipfile.ZipFile, invoice: Invoice, *, locale: str, at: datetime) -> None:
    name = f"invoices/{invoice.pk}-{file_name(invoice)}"
    archive.writestr(name, pdf_of(invoice, locale=locale, at=at))


def _receipt(archive: zipfile.ZipFile, payment: Payment, *, locale: str, at: datetime) -> None:
    """Money that has not arrived has no receipt; it stands in the list of payments."""
    if payment.is_succeeded:
        name = f"receipts/{payment.pk}-{receipt_name(payment)}"
        archive.writestr(name, receipt_pdf(payment, locale=locale, at=at))


def _note(export: DataExport, done: int) -> int:
    if done % EVERY == 0:
        export.note_done(done)
    return done


def _json(archive: zipfile.ZipFile, name: str, rows: Iterable[dict[str, Any]]) -> None:
    encode = DjangoJSONEncoder(ensure_ascii=False, indent=1).encode
    with archive.open(name, "w") as part:
        part.write(b"[")
        for n, row in enumerate(rows):
            part.write((",\n" if n else "\n").encode() + encode(row).encode())
        part.write(b"\n]\n")


def _face(export: DataExport) -> str:
    hats = portions.hats_of(export.account, export.organization)
    return "portal" if hats else "office"
