"""Every one-time code: what it is for, for whom, in which browser, how often it may still be tried."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from doorstep.lib.errors import Refused
from doorstep.lib.secrets import seal

LASTS = timedelta(minutes=10)
TRIES = 5


class CodeRefused(Refused):
    """Wrong, used, replaced or too old: the same words for all of them."""

    def __init__(self) -> None:
        super().__init__(
            _("This code is not right, or no longer. Look again, or ask for a new one.")
        )


class Purpose(models.TextChoices):
    LINK = "link", _("Prove who opens a link")
    FACTOR_RESET = "factor_reset", _("Confirm that the second factor is reset")
    ADDRESS = "address", _("Confirm a new e-mail address")
    SIGN_UP = "sign_up", _("Prove the address for a portal account")


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def open(self, *, at: datetime) -> Self:
        return self.filter(used_at=None, replaced_at=None, expires_at__gt=at, tries__lt=TRIES)


class Challenge(models.Model):
    """`subject` is what the code opens (such as a link's id), `browser` the hash of the browser's own secret.

    `target` is the address that the code went to, `person` whoever is proven by it.
    """

    purpose = models.CharField(max_length=20, choices=Purpose)
    subject = models.BigIntegerField()
    target = models.CharField(max_length=254)
    person = models.BigIntegerField()
    browser = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    # Readable only until the message that carries it has been written, then wiped.
    sealed_code = models.TextField(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["purpose", "subject", "-id"], name="challenge_subject")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.subject}"

    @classmethod
    def pose(
        cls, purpose: Purpose, subject: int, *, target: str, person: int, browser: str, at: datetime
    ) -> Challenge:
        """A new code of 6 digits, sealed for the message; the one before it in this browser is dead."""
        code = f"{secrets.randbelow(10**6):06d}"
        with transaction.atomic():
            cls.objects.filter(purpose=purpose, subject=subject, browser=browser).open(
                at=at
            ).update(replaced_at=at, sealed_code="")
            challenge = cls(
                purpose=purpose,
                subject=subject,
                target=target,
                person=person,
                browser=browser,
                created_at=at,
                expires_at=at + LASTS,
            )
            challenge.code_hash, challenge.sealed_code = challenge._hash(code), seal(code)
            challenge.save()
        return challenge

    @classmethod
    def answer(
        cls, purpose: Purpose, subject: int, code: str, *, browser: str, at: datetime
    ) -> Challenge:
        """Redeem the code, once. Raises `CodeRefused`; every try is counted, also over processes."""
        posed = (
            cls.objects.filter(purpose=purpose, subject=subject, browser=browser)
            .open(at=at)
            .order_by("-pk")
            .first()
        )
        if posed is None:
            raise CodeRefused
        counted = cls.objects.filter(pk=posed.pk).open(at=at).update(tries=F("tries") + 1)
        right = hmac.compare_digest(posed._hash("".join(code.split())), posed.code_hash)
        if not counted or not right:
            raise CodeRefused
        # The try just counted may have been the last one; it is this one that is right.
        won = cls.objects.filter(pk=posed.pk, used_at=None, replaced_at=None).update(
            used_at=at, sealed_code=""
        )
        if not won:
            raise CodeRefused
        posed.used_at = at
        return posed

    @classmethod
    def last_used(
        cls, purposes: Iterable[Purpose], subject: int, *, browser: str, since: datetime
    ) -> Challenge | None:
        """What this browser has proven last, and not longer ago than that."""
        if not browser:
            return None
        answered = cls.objects.filter(
            purpose__in=list(purposes), subject=subject, browser=browser, used_at__gt=since
        )
        return answered.order_by("-used_at", "-pk").first()

    def forget_code(self) -> None:
        """The message that carries it has been written."""
        Challenge.objects.filter(pk=self.pk).update(sealed_code="")

    def _hash(self, code: str) -> str:
        """Keyed, because a million codes are soon tried against a plain hash."""
        said = f"{self.purpose}:{self.subject}:{self.target}:{self.browser}:{code}"
        return hmac.new(settings.SECRET_KEY.encode(), said.encode(), "sha256").hexdigest()
