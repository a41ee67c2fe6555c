"""A business asked to reset the second factor of somebody who is known elsewhere too."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.identity.models.account import Account
from doorstep.identity.models.challenge import Challenge, Purpose
from doorstep.lib.errors import Refused

# Long enough to read the mail that says so, and to stop it by signing in as before.
WAITS = timedelta(hours=24)
LASTS = timedelta(days=7)


class ResetNotOpen(Refused):
    """Too early, too late, withdrawn or done already."""


class FactorResetQuerySet(models.QuerySet["FactorReset"]):
    def of(self, account: Account, *, at: datetime) -> FactorReset | None:
        """The one that waits for this person, if any."""
        return self.filter(account=account, closed_at=None, asked_at__gt=at - LASTS).first()


class FactorReset(models.Model):
    """The person alone completes it, by a mailed code, a day later. Signing in as before withdraws it."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="factor_resets")
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    done = models.BooleanField(default=False)

    objects = FactorResetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(closed_at=None), name="factor_reset_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} asked by {self.asked_by}"

    @classmethod
    def ask(cls, account: Account, *, asked_by: str, at: datetime) -> FactorReset:
        """Start the day of waiting; an earlier request that waits stays as it is."""
        with transaction.atomic():
            Account.objects.select_for_update().get(pk=account.pk)
            cls.objects.filter(account=account, closed_at=None, asked_at__lte=at - LASTS).update(
                closed_at=at
            )
            reset, _new = cls.objects.get_or_create(
                account=account,
                closed_at=None,
                defaults={"asked_by": asked_by, "asked_at": at, "ready_at": at + WAITS},
            )
        return reset

    @classmethod
    def withdraw(cls, account: Account, *, at: datetime) -> None:
        """The person has their second factor after all."""
        cls.objects.filter(account=account, closed_at=None).update(closed_at=at)

    def pose(self, *, browser: str, at: datetime) -> Challenge:
        """The code for the mail to the person. Raises `ResetNotOpen` before its time."""
        if self.closed_at or not self.ready_at <= at < self.asked_at + LASTS:
            raise ResetNotOpen(_("This cannot be confirmed now."))
        return Challenge.pose(
            Purpose.FACTOR_RESET,
            self.pk,
            target=self.account.email,
            person=self.account_id,
            browser=browser,
            at=at,
        )

    def confirm(self, code: str, *, browser: str, at: datetime) -> None:
        """Raises `CodeRefused`, `ResetNotOpen`."""
        Challenge.answer(Purpose.FACTOR_RESET, self.pk, code, browser=browser, at=at)
        with transaction.atomic():
            won = FactorReset.objects.filter(pk=self.pk, closed_at=None).update(
                closed_at=at, done=True
            )
            if not won:
                raise ResetNotOpen(_("This cannot be confirmed now."))
            self.account.lose_second_factor()
