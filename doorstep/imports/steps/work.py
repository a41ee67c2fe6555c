"""What a step gets, and what it gives: parts that are each written in one short transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from doorstep.imports.entries.contact import ContactEntry
from doorstep.imports.entries.entry import Flaw, rows_in
from doorstep.imports.entries.invoice import InvoiceEntry
from doorstep.imports.entries.payment import PaymentEntry
from doorstep.imports.models import (
    ImportBatch,
    Outcome,
    Problem,
    Severity,
    Staged,
    StagedKind,
)
from doorstep.imports.pace import Pace
from doorstep.organizations.models import Curtain, Organization

CONTACT_KINDS = (StagedKind.CUSTOMER, StagedKind.VENDOR)


@dataclass(slots=True)
class Part:
    """`write` runs in the transaction that also moves the cursor to `cursor`."""

    write: Callable[[], None]
    cursor: int
    done: int
    tally: Counter[str] = field(default_factory=Counter)


type Step = Callable[[Work, int], Iterator[Part]]


class Work:
    """One run over one batch: its organisation, its files, its pace, the time that it is."""

    def __init__(self, batch: ImportBatch, *, at: datetime) -> None:
        self.batch, self.at = batch, at
        self.organization: Organization = batch.organization
        self.files = {file.pk: file for file in batch.files.select_related("file")}
        self.pace = Pace()

    @property
    def curtain(self) -> Curtain:
        assert self.batch.curtain is not None
        return self.batch.curtain

    def staged(
        self, cursor: int, *kinds: str, outcomes: Sequence[str] | None = None, **more: Any
    ) -> Iterator[list[Staged]]:
        """Staged things behind `cursor` in order, as many at a time as the pace says."""
        rows = self.batch.staged.filter(kind__in=kinds, **more)
        if outcomes is not None:
            rows = rows.filter(outcome__in=outcomes)
        while chunk := list(rows.filter(pk__gt=cursor).order_by("pk")[: self.pace.size]):
            yield chunk
            cursor = chunk[-1].pk

    def contact_of(self, staged: Staged) -> tuple[ContactEntry | None, list[Flaw]]:
        return ContactEntry.read(
            rows_in(staged.content),
            key=self._key(staged),
            role=staged.kind,
            organization=self.organization,
        )

    def invoice_of(self, staged: Staged) -> tuple[InvoiceEntry | None, list[Flaw]]:
        return InvoiceEntry.read(
            rows_in(staged.content), key=self._key(staged), organization=self.organization
        )

    def payment_of(self, staged: Staged) -> tuple[PaymentEntry | None, list[Flaw]]:
        return PaymentEntry.read(
            rows_in(staged.content), key=self._key(staged), organization=self.organization
        )

    def _key(self, staged: Staged) -> str:
        assert staged.file_id is not None
        return self.files[staged.file_id].key


def lines_of(staged: Staged) -> list[int]:
    return [line for line, _cells in staged.content]


def refuse(staged: Staged, flaws: Sequence[Flaw]) -> list[Problem]:
    """Mark it bad; its other rows cannot be taken either and say so."""
    staged.outcome = Outcome.BAD
    problems = [problem(staged, flaw, Severity.BAD) for flaw in flaws]
    flawed = {flaw.line for flaw in flaws}
    for line, cells in staged.content:
        # An unreadable row was reported when it was read.
        if line not in flawed and cells is not None:
            problems.append(
                problem(staged, Flaw(line, "", str(Severity.WITH_IT.label)), Severity.WITH_IT)
            )
    return problems


def odd(staged: Staged, words: str) -> Problem:
    """Something to know, that keeps nothing from being taken."""
    return problem(staged, Flaw(lines_of(staged)[0], "", words), Severity.ODD)


def problem(staged: Staged, flaw: Flaw, severity: Severity) -> Problem:
    return Problem(
        batch_id=staged.batch_id,
        file_id=staged.file_id or 0,
        line=flaw.line,
        column=flaw.column[:200],
        reason=flaw.reason[:500],
        severity=severity,
    )


def save(staged: Sequence[Staged], *fields: str) -> None:
    """Write these fields of all of them in one statement."""
    Staged.objects.bulk_create(
        staged, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )


def tally_of(kind: str, staged: Sequence[Staged], problems: Sequence[Problem]) -> Counter[str]:
    """How many of what came out, and how many rows are bad."""
    tally = Counter(f"{kind}.{each.outcome}" for each in staged)
    tally["bad_rows"] = sum(p.severity != Severity.ODD for p in problems)
    tally["odd"] = sum(p.severity == Severity.ODD for p in problems)
    return tally
