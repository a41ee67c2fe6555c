"""One import: some files, checked together and taken together."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.activity.models import Actor, System, record
from doorstep.imports.events import IMPORT_CANCELLED, IMPORT_STARTED
from doorstep.lib.errors import Refused
from doorstep.organizations.models import Curtain, Member, Organization

if TYPE_CHECKING:
    from doorstep.imports.models.file import ImportFile


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", gettext_lazy("Waiting")
    STAGING = "staging", gettext_lazy("Checking")
    CHECKED = "checked", gettext_lazy("Checked")
    APPLYING = "applying", gettext_lazy("Importing")
    COMPLETE = "complete", gettext_lazy("Imported")
    FAILED = "failed", gettext_lazy("Failed")
    WITHDRAWING = "withdrawing", gettext_lazy("Being cancelled")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")


class Mode(models.TextChoices):
    ALL_OR_NOTHING = "all_or_nothing", gettext_lazy("All or nothing")
    TAKE_GOOD = "take_good", gettext_lazy("Take the good rows")


RUNNING = (BatchState.STAGING, BatchState.APPLYING, BatchState.WITHDRAWING)
UNFINISHED = (BatchState.UPLOADED, BatchState.CHECKED, BatchState.FAILED, *RUNNING)


class Busy(Refused):
    """One import at a time: two would not know of each other's rows."""


class NotReady(Refused):
    """This import cannot do that now."""


class Overtaken(Exception):
    """Another process goes on with this import; this one has nothing left to do."""


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def unfinished(self) -> ImportBatchQuerySet:
        return self.filter(state__in=UNFINISHED)

    def newest_first(self) -> ImportBatchQuerySet:
        return self.order_by("-pk")


class ImportBatch(models.Model):
    """`step` and `cursor` say how far it is: they move in the transaction of the work itself."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="imports")
    started_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=BatchState, default=BatchState.UPLOADED)
    mode = models.CharField(max_length=16, choices=Mode, default=Mode.ALL_OR_NOTHING)
    dry_run = models.BooleanField(default=False)
    # Whose files these are: the same files again continue where they were left.
    fingerprint = models.CharField(max_length=64)
    step = models.CharField(max_length=20, blank=True)
    cursor = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    tally = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    failure = models.TextField(blank=True)
    curtain = models.OneToOneField(Curtain, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(state__in=RUNNING), name="import_one_running"
            )
        ]
        indexes = [models.Index(fields=["organization", "-id"], name="import_list")]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @classmethod
    def begin(
        cls,
        organization: Organization,
        files: Sequence[ImportFile],
        *,
        by: Member | None,
        mode: str,
        dry_run: bool,
        at: datetime,
    ) -> ImportBatch:
        """Put the files, already read for their kind, together. `by` is None on the command line.

        The same files as in an import that did not finish continue that one. Raises `Busy`,
        `NotAllowed`.
        """
        if by is not None:
            by.require("imports.run")
        fingerprint = hashlib.sha256(
            "".join(sorted(file.sha256 for file in files)).encode()
        ).hexdigest()
        if found := cls._unfinished(organization, fingerprint):
            found._take_up(mode=mode, dry_run=dry_run)
            for file in files:
                file.forget()
            return found
        batch = cls(
            organization=organization,
            started_by=by,
            mode=mode,
            dry_run=dry_run,
            fingerprint=fingerprint,
            created_at=at,
        )
        try:
            batch._start(files, at=at)
        except Busy:
            for file in files:
                file.forget()
            raise
        return batch

    @classmethod
    def _unfinished(cls, organization: Organization, fingerprint: str) -> ImportBatch | None:
        same = cls.objects.filter(organization=organization, fingerprint=fingerprint).unfinished()
        return same.exclude(state=BatchState.WITHDRAWING).newest_first().first()

    def _start(self, files: Sequence[ImportFile], *, at: datetime) -> None:
        with transaction.atomic():
            self.check_nobody_else()
            self.save()
            for file in files:
                file.batch = self
                file.save()
            record(IMPORT_STARTED, self, by=self.actor, at=at, dry_run=self.dry_run)

    def _take_up(self, *, mode: str, dry_run: bool) -> None:
        if self.state not in (BatchState.APPLYING, BatchState.WITHDRAWING):
            self.mode, self.dry_run = mode, dry_run
            self.save(update_fields=["mode", "dry_run"])

    def go_on(self, *, mode: str, by: Member) -> None:
        """After the report: take it, once it is its turn. Raises `NotReady`, `NotAllowed`."""
        by.require("imports.run")
        waiting = ImportBatch.objects.filter(pk=self.pk, state=BatchState.CHECKED)
        if not waiting.update(state=BatchState.UPLOADED, mode=mode, dry_run=False):
            raise NotReady(_("This import is not waiting for a decision."))

    def cancel(self, *, by: Actor, at: datetime) -> None:
        """Take it back, which a run then does. Whoever works on it now stops. Raises `NotReady`, `NotAllowed`."""
        if isinstance(by, Member):
            by.require("imports.run")
        with transaction.atomic():
            batch = ImportBatch.objects.select_for_update().get(pk=self.pk)
            shown = batch.curtain is not None and batch.curtain.raised_at is not None
            if batch.state not in UNFINISHED or shown:
                raise NotReady(_("Everybody sees it already, so it cannot be cancelled."))
            if batch.state != BatchState.WITHDRAWING:
                batch.check_nobody_else()
                self.state = batch.state = BatchState.WITHDRAWING
                self.step = batch.step = "withdraw"
                self.cursor = batch.cursor = 0
                batch.save(update_fields=["state", "step", "cursor"])
                record(IMPORT_CANCELLED, batch, by=by, at=at)

    def check_nobody_else(self) -> None:
        """Raises `Busy` while another import of this organisation runs."""
        others = ImportBatch.objects.filter(organization=self.organization_id, state__in=RUNNING)
        if other := others.exclude(pk=self.pk).first():
            raise Busy(
                _("Import %(number)d is still running. Wait until it is done, or cancel it.")
                % {"number": other.pk}
            )

    def enter(self, state: str, step: str, *, total: int = 0, **more: Any) -> None:
        """The next step begins. Raises `Overtaken`."""
        self._move(step=step, cursor=0, done=0, total=total, state=state, **more)

    def advance(self, cursor: int, *, done: int, tally: Mapping[str, int]) -> None:
        """Part of the step is done; call it in the transaction that does it. Raises `Overtaken`."""
        added = Counter(self.tally)
        added.update(tally)
        self._move(cursor=cursor, done=self.done + done, tally=dict(added))

    def _move(self, **fields: Any) -> None:
        still_mine = ImportBatch.objects.filter(
            pk=self.pk, step=self.step, cursor=self.cursor, state=self.state
        )
        if not still_mine.update(**fields):
            raise Overtaken
        for name, value in fields.items():
            setattr(self, name, value)

    def fail(self, words: str) -> None:
        ImportBatch.objects.filter(pk=self.pk).exclude(state=BatchState.CANCELLED).update(
            state=BatchState.FAILED, failure=words
        )
        self.state, self.failure = BatchState.FAILED, words

    @property
    def actor(self) -> Actor:
        return self.started_by or System()

    @property
    def is_running(self) -> bool:
        return self.state in (BatchState.UPLOADED, *RUNNING)

    @property
    def bad_rows(self) -> int:
        return int(self.tally.get("bad_rows", 0))

    @property
    def may_apply(self) -> bool:
        """Nothing stands in the way of taking it."""
        return not self.bad_rows or self.mode == Mode.TAKE_GOOD

    @property
    def share_done(self) -> int:
        """Of this step, in percent."""
        return min(100, 100 * self.done // self.total) if self.total else 0

    subject_kind = "import"
    subject_contact_id: int | None = None

    @property
    def subject_label(self) -> str:
        return _("Import %(number)d") % {"number": self.pk}
