"""*My data*: what one business knows about one person, as a file that only this person opens, for a week."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.files.models import StoredFile
from doorstep.identity.models import Account, Limit, Rule
from doorstep.organizations.models import Organization

KEPT = timedelta(days=7)
A_DAY = Rule("export of my data", most=3, per=timedelta(days=1))


class ExportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being put together")
    READY = "ready", _("Ready")
    EXPIRED = "expired", _("Over")


class DataExportQuerySet(models.QuerySet["DataExport"]):
    def unfinished(self) -> DataExportQuerySet:
        return self.filter(state__in=[ExportState.WAITING, ExportState.RUNNING])

    def over(self, *, at: datetime) -> DataExportQuerySet:
        return self.filter(state=ExportState.READY, ready_at__lte=at - KEPT)


class DataExport(models.Model):
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, models.CASCADE, related_name="data_exports")
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.WAITING)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    # How many papers there are, and how many of them are in the file.
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    objects = DataExportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "account"],
                condition=Q(state__in=["waiting", "running"]),
                name="export_one_at_a_time",
            )
        ]
        indexes = [
            models.Index(fields=["organization", "account", "-id"], name="export_of_account"),
            models.Index(fields=["ready_at"], condition=Q(state="ready"), name="export_ready"),
        ]

    def __str__(self) -> str:
        return f"data of {self.account_id}"

    @classmethod
    def latest_of(cls, account: Account, organization: Organization) -> DataExport | None:
        mine = cls.objects.filter(organization=organization, account=account)
        return mine.select_related("file").order_by("-pk").first()

    @classmethod
    def ask(cls, account: Account, organization: Organization, *, at: datetime) -> DataExport:
        """Begin one; a file from before is gone with that. Raises `TooOften`."""
        running = cls.objects.filter(organization=organization, account=account).unfinished()
        if found := running.first():
            return found
        Limit.take(A_DAY, organization.pk, account.pk, at=at)
        for before in cls.objects.filter(
            organization=organization, account=account, state=ExportState.READY
        ):
            before.expire()
        return cls.objects.create(organization=organization, account=account, asked_at=at)

    def begin(self, *, total: int) -> None:
        self.state, self.total, self.done = ExportState.RUNNING, total, 0
        self.save(update_fields=["state", "total", "done"])

    def note_done(self, done: int) -> None:
        DataExport.objects.filter(pk=self.pk).update(done=done)

    def finish(self, file: StoredFile, *, at: datetime) -> None:
        self.state, self.file, self.ready_at, self.done = ExportState.READY, file, at, self.total
        self.save(update_fields=["state", "file", "ready_at", "done"])

    def expire(self) -> None:
        """The file is deleted; that there was one stays on record."""
        with transaction.atomic():
            file, self.file, self.state = self.file, None, ExportState.EXPIRED
            self.save(update_fields=["file", "state"])
        if file is not None:
            file.drop()

    def is_open(self, *, at: datetime) -> bool:
        """Whether the file may still be fetched."""
        return (
            self.state == ExportState.READY
            and self.ready_at is not None
            and at < self.ready_at + KEPT
        )

    @property
    def is_running(self) -> bool:
        return self.state in (ExportState.WAITING, ExportState.RUNNING)

    @property
    def share_done(self) -> int:
        return self.done * 100 // self.total if self.total else 0
