"""The sandbox bank: a small test bank with books of its own, for demo companies and test mode.

It behaves as a hosted checkout does: sessions are opened by the caller's key, payers act on its pages, and each
change is told by a signed notice. It takes the time from its callers, so that a test may let four days pass.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.lib.errors import Refused
from doorstep.lib.money import Money
from doorstep.lib.tokens import make_token
from doorstep.organizations.models import Organization

DEBIT_TAKES_WORKING_DAYS = 4
WEEKEND = (5, 6)


class BankRefused(Refused):
    """The bank does not do this with a session as it stands."""


class SessionState(models.TextChoices):
    OPEN = "open", gettext_lazy("Waiting for the payer")
    PENDING = "pending", gettext_lazy("Bank debit in progress")
    SUCCEEDED = "succeeded", gettext_lazy("Paid")
    FAILED = "failed", gettext_lazy("Returned")
    EXPIRED = "expired", gettext_lazy("Closed")
    CANCELLED = "cancelled", gettext_lazy("Cancelled by the payer")


NEXT: dict[str, frozenset[str]] = {
    SessionState.OPEN: frozenset(
        {
            SessionState.PENDING,
            SessionState.SUCCEEDED,
            SessionState.EXPIRED,
            SessionState.CANCELLED,
        }
    ),
    SessionState.PENDING: frozenset({SessionState.SUCCEEDED, SessionState.FAILED}),
}


class SandboxSessionQuerySet(models.QuerySet["SandboxSession"]):
    def playing(self) -> Self:
        """Of organisations whose money is play money, now and always before."""
        play = models.Q(organization__is_demo=True) | models.Q(organization__test_mode=True)
        return self.filter(play, organization__went_live_at=None)

    def pending(self) -> Self:
        return self.filter(state=SessionState.PENDING).order_by("expected_on", "pk")

    def orphaned(self) -> Self:
        """Still moving although their organisation has left test mode."""
        return self.filter(
            organization__is_demo=False,
            organization__test_mode=False,
            state__in=[SessionState.OPEN, SessionState.PENDING],
        )


class SandboxSession(models.Model):
    """One checkout at the bank. `key` is the caller's; asking with it again finds the same session."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    reference = models.CharField(max_length=64, unique=True)
    key = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=SessionState, default=SessionState.OPEN)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    description = models.CharField(max_length=200)
    method = models.CharField(max_length=20, blank=True)
    method_label = models.CharField(max_length=80, blank=True)
    declines = models.PositiveSmallIntegerField(default=0)
    failure_reason = models.CharField(max_length=200, blank=True)
    return_url = models.URLField(max_length=500)
    cancel_url = models.URLField(max_length=500)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    expected_on = models.DateField(null=True)
    # How its notices misbehave, set on the bank's page.
    notice_delay = models.PositiveIntegerField(default=0)
    notice_copies = models.PositiveSmallIntegerField(default=1)
    notices_reversed = models.BooleanField(default=False)
    notices_lost = models.BooleanField(default=False)

    objects = SandboxSessionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organization", "id"],
                condition=models.Q(state="pending"),
                name="sandbox_session_pending",
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @classmethod
    def shown(cls) -> SandboxSessionQuerySet:
        """The sessions that have a page."""
        return cls.objects.playing().select_related("organization")

    @classmethod
    def open_by_key(cls, key: str, *, at: datetime, **details: Any) -> SandboxSession:
        """The session of that key, opened now if there is none yet."""
        defaults = {"reference": make_token(), "opened_at": at, "changed_at": at, **details}
        session, _made = cls.objects.get_or_create(key=key, defaults=defaults)
        return session

    def pay_by_card(self, *, at: datetime) -> None:
        """The card is good and the money is here."""
        self._become(
            SessionState.SUCCEEDED, at=at, method="card", method_label=_("Test card ···· 4242")
        )

    def decline_card(self, *, at: datetime) -> None:
        """The card is not good. Nothing is over: the payer may try another."""
        with transaction.atomic():
            self._lock()
            if self._is_closed(at):
                raise BankRefused(_("This payment is closed."))
            self.declines += 1
            self.failure_reason = _("The card was declined.")
            self.save(update_fields=["declines", "failure_reason"])

    def debit(self, *, at: datetime) -> None:
        """The payer lets the bank fetch the money, which takes days."""
        self._become(
            SessionState.PENDING,
            at=at,
            method="bank_debit",
            method_label=_("Test account ···· 6789"),
            expected_on=working_days_after(self.organization.today(at), DEBIT_TAKES_WORKING_DAYS),
        )

    def settle(self, *, at: datetime) -> None:
        """The debited money has arrived."""
        self._become(SessionState.SUCCEEDED, after=SessionState.PENDING, at=at)

    def send_back(self, *, at: datetime) -> None:
        """The payer's bank returns the debit."""
        reason = _("The bank returned the debit: not enough money in the account.")
        self._become(SessionState.FAILED, after=SessionState.PENDING, at=at, failure_reason=reason)

    def cancel(self, *, at: datetime) -> None:
        """The payer turned back."""
        self._become(SessionState.CANCELLED, at=at)

    def close(self, *, at: datetime) -> None:
        """Nobody can pay here any more. What was paid or debited before stays so."""
        with transaction.atomic():
            self._lock()
            if self.state == SessionState.OPEN:
                self._write(SessionState.EXPIRED, at=at)

    def lapse(self, *, at: datetime) -> None:
        """Close it when its time is over."""
        if self._is_closed(at):
            self.close(at=at)

    def misbehave(self, *, delay: int, copies: int, reverse: bool, lose: bool) -> None:
        """From now on notices are `delay` seconds late, told `copies` times, out of order, or lost."""
        with transaction.atomic():
            self._lock()
            self.notice_delay, self.notice_copies = delay, copies
            self.notices_reversed, self.notices_lost = reverse, lose
            self.save()

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def is_open(self) -> bool:
        return self.state == SessionState.OPEN

    @property
    def is_pending(self) -> bool:
        return self.state == SessionState.PENDING

    def _become(
        self,
        state: SessionState,
        *,
        at: datetime,
        after: SessionState = SessionState.OPEN,
        **details: Any,
    ) -> None:
        """Told twice is done once. Raises `BankRefused` unless the session is in the state `after`."""
        with transaction.atomic():
            self._lock()
            if self.state == state:
                return
            if possible := self.state == after and not (self.is_open and self.expires_at <= at):
                self._write(state, at=at, **details)
        if not possible:
            self.lapse(at=at)
            raise BankRefused(
                _("This payment is closed. Go back and start again if it is not paid.")
            )

    def _is_closed(self, at: datetime) -> bool:
        return not self.is_open or self.expires_at <= at

    def _write(self, state: SessionState, *, at: datetime, **details: Any) -> None:
        from doorstep.payments.gateways.sandbox.notices import SandboxNotice

        assert state in NEXT[self.state]
        for name, value in {"failure_reason": "", **details}.items():
            setattr(self, name, value)
        self.state, self.changed_at = state, at
        self.save()
        SandboxNotice.queue(self, at=at)

    def _lock(self) -> None:
        fresh = type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(fresh, field.attname))


def working_days_after(day: date, count: int) -> date:
    """`count` days later, Saturdays and Sundays not counted."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() not in WEEKEND
    return day
