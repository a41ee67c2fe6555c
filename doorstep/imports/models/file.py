"""A file of an import: its bytes, and what its first row told us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.core.files.storage import default_storage
from django.db import models
from django.utils.translation import gettext as _

from doorstep.files.models import StoredFile
from doorstep.imports.bad_rows import bad_rows_of
from doorstep.imports.layouts import FileKind, plain, recognise
from doorstep.imports.models.batch import ImportBatch
from doorstep.imports.models.problem import Problem
from doorstep.imports.reading import Dialect, NotReadable, Row, find_out, header_of, rows_of

LARGEST = 200 * 1024 * 1024
ORDER = [FileKind.CONTACTS, FileKind.VENDORS, FileKind.INVOICES, FileKind.PAYMENTS]


class ImportFile(models.Model):
    """`key` is the column by which its things are known again in a later import."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=FileKind)
    order = models.PositiveSmallIntegerField()
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    encoding = models.CharField(max_length=12)
    delimiter = models.CharField(max_length=1)
    key = models.CharField(max_length=80)
    columns = models.JSONField()
    header = models.JSONField()
    unknown_columns = models.JSONField()

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def read(cls, source: IO[bytes], name: str, organization_id: int) -> ImportFile:
        """Recognise and keep it; the batch saves it. Raises `NotReadable`."""
        size = source.seek(0, 2)
        if size > LARGEST:
            raise NotReadable(_("Larger than %(size)d MB. Split it.") % {"size": LARGEST >> 20})
        dialect = find_out(source)
        header_row = header_of(source, dialect)
        header = recognise(header_row, name)
        source.seek(0)
        stored = StoredFile.keep_stream(
            organization_id, name=name[-200:], content_type="text/csv", source=source
        )
        return cls(
            name=name[-200:],
            kind=header.kind,
            order=ORDER.index(header.kind),
            file=stored,
            size=size,
            sha256=stored.sha256,
            encoding=dialect.encoding,
            delimiter=dialect.delimiter,
            key=header.key,
            columns=header.columns,
            header=header_row,
            unknown_columns=header.unknown,
        )

    def forget(self) -> None:
        """It was not needed: drop the bytes that `read` kept."""
        self.file.drop()

    @property
    def dialect(self) -> Dialect:
        return Dialect(self.encoding, self.delimiter)

    @contextmanager
    def rows(self, *, after: int = 0) -> Iterator[Iterator[Row]]:
        """Its rows below the header that begin behind line `after`, while the file is open."""
        with default_storage.open(self.file.path) as source:
            assert source.file is not None
            yield rows_of(source.file, self.dialect, width=len(self.columns), after=after)

    def named(self, row: Row, used: frozenset[str]) -> dict[str, Any]:
        """The cells that we use, by their plain column name; empty ones are left out."""
        cells: dict[str, str] = {}
        for name, cell in zip(self.columns, row.cells or [], strict=False):
            if cell and name in used:
                cells.setdefault(name, cell)
        return cells

    def key_of(self, cells: dict[str, str]) -> str:
        return cells.get(plain(self.key), "").strip()

    def count_lines(self) -> int:
        """As many as it has rows, or more when texts have line breaks."""
        with default_storage.open(self.file.path) as source:
            return sum(piece.count(b"\n") for piece in iter(lambda: source.read(1 << 20), b""))

    def has_bad_rows(self) -> bool:
        return Problem.objects.filter(file=self).refused().exists()

    def bad_rows(self) -> Iterator[list[str]]:
        """The rows that were not taken, each with the reason behind it."""
        return bad_rows_of(self)

    def bad_rows_header(self) -> list[str]:
        return [*self.header, _("Problem")]

    @property
    def bad_rows_name(self) -> str:
        stem, _dot, _ending = self.name.rpartition(".")
        return f"{stem or self.name}-bad-rows.csv"
