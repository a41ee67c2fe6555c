"""First step: the files become staged things, row by row, however the rows are ordered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from doorstep.imports.cells import Cells
from doorstep.imports.entries.contact import role_of
from doorstep.imports.entries.entry import LONGEST_KEY
from doorstep.imports.layouts import BY_KIND, FileKind
from doorstep.imports.models import ImportFile, Outcome, Problem, Severity, Staged, StagedKind
from doorstep.imports.reading import Row
from doorstep.imports.steps.work import Part, Work

MOST_LINES = 2000
# The cursor is the number of the file times this, plus the line.
_FILE = 10**11


def read(work: Work, cursor: int) -> Iterator[Part]:
    """Rows are counted and staged; what cannot be read is reported."""
    for number, file in enumerate(work.files.values()):
        skipped, line = divmod(cursor, _FILE)
        if number < skipped:
            continue
        with file.rows(after=line if number == skipped else 0) as rows:
            gathered = Gathered(work, file, number)
            for row in rows:
                gathered.add(row)
                if gathered.rows >= work.pace.size:
                    yield gathered.part()
                    gathered = Gathered(work, file, number)
            if gathered.rows:
                yield gathered.part()


class Gathered:
    """Some rows of one file, put together by what they belong to."""

    def __init__(self, work: Work, file: ImportFile, number: int) -> None:
        self.work, self.file, self.number = work, file, number
        self.used = BY_KIND[FileKind(file.kind)].known()
        self.things: dict[tuple[str, str], Staged] = {}
        self.problems: list[Problem] = []
        self.rows = self.last_line = 0
        self.tally: Counter[str] = Counter()

    def add(self, row: Row) -> None:
        self.rows += 1
        self.last_line = row.line
        cells = self.file.named(row, self.used)
        key = self.file.key_of(cells)
        reason = self._why_not(row, cells, key)
        if reason:
            self._report(row.line, *reason)
        if not key or len(key) > LONGEST_KEY or "\x00" in key:
            return
        kind = self._kind(row, cells)
        thing = self.things.get((kind, key)) or self._thing(kind, key, cells)
        thing.content.append([row.line, None if reason else cells])
        if reason:
            thing.outcome = Outcome.BAD

    def part(self) -> Part:
        """Write what was gathered; things that earlier parts began are continued."""
        self._join_earlier()
        self.tally[f"rows.{self.file.pk}"] = self.rows
        self.tally["bad_rows"] = len(self.problems)
        things = list(self.things.values())
        return Part(
            write=lambda: self._write(things),
            cursor=self.number * _FILE + self.last_line,
            done=self.rows,
            tally=self.tally,
        )

    def _thing(self, kind: str, key: str, cells: dict[str, str]) -> Staged:
        name = {
            StagedKind.INVOICE: "invoice number",
            StagedKind.PAYMENT: "payment number",
        }.get(StagedKind(kind), "display name")
        thing = Staged(
            batch=self.work.batch,
            file=self.file,
            kind=kind,
            key=key,
            name=cells.get(name, "").strip().replace("\x00", "")[:200],
            content=[],
        )
        self.things[kind, key] = thing
        return thing

    def _kind(self, row: Row, cells: dict[str, Any]) -> str:
        if self.file.kind == FileKind.INVOICES:
            return StagedKind.INVOICE
        if self.file.kind == FileKind.PAYMENTS:
            return StagedKind.PAYMENT
        return role_of(Cells(row.line, cells), self.file.kind == FileKind.VENDORS)

    def _why_not(self, row: Row, cells: dict[str, str], key: str) -> tuple[str, str] | None:
        """(column, reason) when the row cannot be used."""
        if row.cells is None:
            return "", _("Has %(count)d cells where the header has %(width)d.") % {
                "count": row.count,
                "width": len(self.file.columns),
            }
        for name, cell in cells.items():
            if "\x00" in cell:
                return name, _("Contains a character that cannot be stored.")
        if not key:
            return self.file.key, _("Empty.")
        if len(key) > LONGEST_KEY:
            return self.file.key, _("Longer than %(longest)d characters.") % {
                "longest": LONGEST_KEY
            }
        return None

    def _report(self, line: int, column: str, reason: str) -> None:
        self.problems.append(
            Problem(
                batch=self.work.batch,
                file=self.file,
                line=line,
                column=column,
                reason=reason,
                severity=Severity.BAD,
            )
        )

    def _join_earlier(self) -> None:
        for kind in {kind for kind, _key in self.things}:
            keys = [key for each, key in self.things if each == kind]
            for earlier in self.work.batch.staged.filter(kind=kind, key__in=keys):
                mine = self.things[kind, earlier.key]
                earlier.content += mine.content
                earlier.outcome = earlier.outcome or mine.outcome
                if earlier.file_id != self.file.pk:
                    self._two_files(earlier, mine)
                self.things[kind, earlier.key] = earlier
        for thing in self.things.values():
            self._limit(thing)

    def _two_files(self, earlier: Staged, mine: Staged) -> None:
        """One thing in two files: which one is right, nobody knows."""
        earlier.content = earlier.content[: -len(mine.content)]
        earlier.outcome = Outcome.BAD
        for line, _cells in mine.content:
            words = _("Stands in %(file)s already.") % {
                "file": self.work.files[earlier.file_id or 0].name
            }
            self._report(line, self.file.key, words)

    def _limit(self, thing: Staged) -> None:
        for line, _cells in thing.content[MOST_LINES:]:
            self._report(
                line, "", _("More than %(most)d rows belong to one paper.") % {"most": MOST_LINES}
            )
            thing.outcome = Outcome.BAD
        del thing.content[MOST_LINES:]

    def _write(self, things: list[Staged]) -> None:
        Staged.objects.bulk_create(
            [thing for thing in things if thing._state.adding], batch_size=500
        )
        old = [thing for thing in things if not thing._state.adding]
        if old:
            Staged.objects.bulk_create(
                old,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=["content", "outcome"],
            )
        Problem.objects.bulk_create(self.problems, batch_size=500)
