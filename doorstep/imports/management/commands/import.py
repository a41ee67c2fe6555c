# ruff: noqa: N999 - the file is the command, and the command is called import
"""`bin/doorstep import`: bring in another system's export files."""

from __future__ import annotations

import csv
import sys
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from doorstep.activity.models import System
from doorstep.imports.layouts import LAYOUTS
from doorstep.imports.models import BatchState, ImportBatch, ImportFile, Mode
from doorstep.imports.models.batch import Busy, NotReady
from doorstep.imports.reading import NotReadable
from doorstep.imports.running import run
from doorstep.imports.wording import report_lines, step_words
from doorstep.lib import clock
from doorstep.organizations.models import Organization


class Command(BaseCommand):
    help = "Import contacts, vendors, invoices and payments from Zoho's export files (CSV)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="PORTAL-NAME")
        parser.add_argument(
            "--dry-run", action="store_true", help="Check and report, change nothing."
        )
        parser.add_argument(
            "--take",
            choices=["all", "good"],
            default="all",
            help="all: take everything or nothing (default). good: leave rows with problems out.",
        )
        parser.add_argument(
            "--bad-rows",
            metavar="FOLDER",
            help="Write the rows with problems there, as CSV with the reason.",
        )
        parser.add_argument(
            "--cancel", type=int, metavar="NUMBER", help="Take back an unfinished import."
        )
        parser.add_argument("files", nargs="*", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        organization = self._organization(options["organization"])
        if options["cancel"]:
            batch = self._to_cancel(organization, options["cancel"])
        else:
            batch = self._begin(organization, options)
        batch.organization = organization
        run(batch, at=clock.now(), watch=Progress(self))
        for line in report_lines(batch):
            self.stdout.write(line)
        if options["bad_rows"]:
            self._write_bad_rows(batch, Path(options["bad_rows"]))
        if self._has_failed(batch, options["dry_run"]):
            sys.exit(1)

    def _organization(self, portal_name: str) -> Organization:
        found = (
            Organization.objects.with_preferences()
            .filter(preferences__portal_name=portal_name)
            .first()
        )
        if found is None:
            raise CommandError(f"There is no portal called {portal_name}.")
        return found

    def _begin(self, organization: Organization, options: dict[str, Any]) -> ImportBatch:
        if not options["files"]:
            names = ", ".join(str(layout.kind.label) for layout in LAYOUTS)
            raise CommandError(f"Name at least one file. Known are: {names}.")
        files = [self._read(path, organization) for path in options["files"]]
        mode = Mode.TAKE_GOOD if options["take"] == "good" else Mode.ALL_OR_NOTHING
        try:
            return ImportBatch.begin(
                organization, files, by=None, mode=mode, dry_run=options["dry_run"], at=clock.now()
            )
        except Busy as reason:
            raise CommandError(str(reason)) from None

    def _read(self, path: Path, organization: Organization) -> ImportFile:
        try:
            with path.open("rb") as source:
                return ImportFile.read(source, path.name, organization.pk)
        except (NotReadable, OSError) as reason:
            words = reason.strerror if isinstance(reason, OSError) else str(reason)
            raise CommandError(f"{path}: {words}") from None

    def _to_cancel(self, organization: Organization, number: int) -> ImportBatch:
        batch = ImportBatch.objects.filter(organization=organization, pk=number).first()
        if batch is None:
            raise CommandError(f"There is no import {number}.")
        try:
            batch.cancel(by=System(), at=clock.now())
        except NotReady as reason:
            raise CommandError(str(reason)) from None
        return ImportBatch.objects.get(pk=number)

    def _write_bad_rows(self, batch: ImportBatch, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for file in batch.files.all():
            if file.has_bad_rows():
                path = folder / file.bad_rows_name
                with path.open("w", encoding="utf-8-sig", newline="") as target:
                    csv.writer(target).writerow(file.bad_rows_header())
                    csv.writer(target).writerows(file.bad_rows())
                self.stdout.write(f"Bad rows: {path}")

    def _has_failed(self, batch: ImportBatch, dry_run: bool) -> bool:
        if batch.state == BatchState.CHECKED:
            return bool(batch.bad_rows) if dry_run else True
        return batch.state not in (BatchState.COMPLETE, BatchState.CANCELLED)


class Progress:
    """A line for each step, and every two seconds how far it is."""

    def __init__(self, command: Command) -> None:
        self.command, self.step, self.last = command, "", monotonic()

    def __call__(self, batch: ImportBatch) -> None:
        if batch.step != self.step:
            self.step, self.last = batch.step, monotonic()
            if batch.step:
                self.command.stdout.write(step_words(batch.step))
        elif monotonic() - self.last > 2:
            self.last = monotonic()
            share = f" ({batch.share_done} %)" if batch.total else ""
            self.command.stdout.write(f"  {batch.done:,}{share}")
        self.command.stdout.flush()
