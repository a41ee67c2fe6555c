"""A batch from where it is to where it can get, in short transactions. Killed at any point, it goes on from there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from doorstep.imports.models import BatchState, ImportBatch, Outcome
from doorstep.imports.models.batch import Overtaken
from doorstep.imports.reading import NotReadable
from doorstep.imports.reports import organization_now
from doorstep.imports.steps.check_contacts import check_contacts
from doorstep.imports.steps.check_invoices import check_invoices
from doorstep.imports.steps.check_payments import check_payments
from doorstep.imports.steps.clearing import clear, wipe, withdraw
from doorstep.imports.steps.compare import compare
from doorstep.imports.steps.read import read
from doorstep.imports.steps.reveal import reveal
from doorstep.imports.steps.settle_in import settle_in
from doorstep.imports.steps.take import take_contacts, take_invoices, take_payments
from doorstep.imports.steps.work import Step, Work
from doorstep.lib.checkpoints import checkpoint
from doorstep.organizations.models import Curtain

CHECKING: dict[str, Step] = {
    "wipe": wipe,
    "read": read,
    "check_contacts": check_contacts,
    "check_invoices": check_invoices,
    "check_payments": check_payments,
    "compare": compare,
}
TAKING: dict[str, Step] = {
    "take_contacts": take_contacts,
    "take_invoices": take_invoices,
    "take_payments": take_payments,
    "reveal": reveal,
    "settle_in": settle_in,
}
CLEARING: dict[str, Step] = {"clear": clear, "withdraw": withdraw}
STEPS = CHECKING | TAKING | CLEARING
# What a step goes through, by the end of its name; a contact comes with its person.
_KINDS = {
    "contacts": ["customer", "vendor"],
    "invoices": ["invoice"],
    "payments": ["payment"],
    "": ["invoice"],
    "in": ["customer", "customer", "vendor", "vendor", "invoice", "payment"],
}
_CHECKS, _TAKES = list(CHECKING), list(TAKING)

Watch = Callable[[ImportBatch], None]
log = logging.getLogger(__name__)


def run(batch: ImportBatch, *, at: datetime, watch: Watch = lambda _batch: None) -> None:
    """Check it, and take it if it is meant to be taken. `watch` is called after each part.

    A mistake in a file ends in the report; anything else leaves the batch failed, ready to go on.
    """
    work = Work(batch, at=at)
    try:
        with translation.override(batch.organization.language):
            Run(work, watch).go()
    except Overtaken:
        log.info("%s is continued by another process", batch)
    except NotReadable as reason:
        batch.fail(str(reason))
    except Exception:
        batch.fail(_("Something unexpected happened. The log of the server says what; try again."))
        raise


class Run:
    def __init__(self, work: Work, watch: Watch) -> None:
        self.work, self.batch, self.watch = work, work.batch, watch

    def go(self) -> None:
        self._begin()
        while step := STEPS.get(self.batch.step):
            self.watch(self.batch)
            self.work.pace.begin()
            for part in step(self.work, self.batch.cursor):
                with self.work.pace.brief():
                    self.batch.advance(part.cursor, done=part.done, tally=part.tally)
                    part.write()
                self.watch(self.batch)
                checkpoint(f"import.{self.batch.step}")
            self._next()
        self.watch(self.batch)

    def _begin(self) -> None:
        """A new batch, one that waited for a decision, or one that was interrupted."""
        batch = self.batch
        if batch.state in (BatchState.UPLOADED, BatchState.CHECKED):
            self._enter(BatchState.STAGING, "wipe", tally={}, failure="")
        elif batch.state == BatchState.FAILED:
            taking = batch.step in TAKING or (batch.step == "clear" and batch.curtain is not None)
            state = BatchState.APPLYING if taking else BatchState.STAGING
            batch.check_nobody_else()
            ImportBatch.objects.filter(pk=batch.pk, state=batch.state).update(
                state=state, failure=""
            )
            batch.state = state

    def _next(self) -> None:
        step = self.batch.step
        if step == "compare":
            self._decide()
        elif step in CHECKING:
            self._enter(BatchState.STAGING, _CHECKS[_CHECKS.index(step) + 1])
        elif step == "settle_in":
            self._enter(BatchState.APPLYING, "clear")
        elif step in TAKING:
            self._enter(BatchState.APPLYING, _TAKES[_TAKES.index(step) + 1])
        else:
            self._end()

    def _decide(self) -> None:
        """Enough for a dry run; all or nothing stops at the first bad row."""
        if self.batch.dry_run or not self.batch.may_apply:
            self._enter(BatchState.STAGING, "clear")
            return
        curtain = Curtain.objects.create(organization=self.work.organization, hung_at=self.work.at)
        self._enter(BatchState.APPLYING, "take_contacts", curtain=curtain, checked_at=self.work.at)

    def _end(self) -> None:
        state, at = self.batch.state, self.work.at
        report = {
            "organization": organization_now(self.work.organization, at=at),
            "longest_lock": round(self.work.pace.longest, 3),
        }
        if state == BatchState.STAGING:
            self._enter(BatchState.CHECKED, "", report=report, checked_at=at)
        elif state == BatchState.WITHDRAWING:
            self._enter(BatchState.CANCELLED, "", finished_at=at)
        else:
            self._enter(BatchState.COMPLETE, "", report=report, finished_at=at)

    def _enter(self, state: str, step: str, **more: object) -> None:
        total = self._size_of(step)
        with self.work.pace.brief():
            self.batch.enter(state, step, total=total, **more)

    def _size_of(self, step: str) -> int:
        """How many things the step goes through, near enough for a progress bar."""
        if step == "read":
            return sum(file.count_lines() for file in self.work.files.values())
        if step.startswith("check") or step == "compare":
            return self.batch.staged.filter(kind__in=_KINDS[step.partition("_")[2]]).count()
        if step in TAKING:
            kinds = _KINDS[step.partition("_")[2]]
            return sum(self.batch.tally.get(f"{kind}.{Outcome.NEW}", 0) for kind in kinds)
        return 0
