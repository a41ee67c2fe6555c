"""How the sandbox bank tells us what happened: signed, over HTTP, as unreliably as asked for."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from doorstep.lib.tokens import make_token
from doorstep.organizations.models import Organization
from doorstep.payments.gateways.base import BadNotice
from doorstep.payments.gateways.sandbox.bank import SandboxSession

SIGNATURE = "Sandbox-Signature"
TOLERANCE = timedelta(seconds=300)
TIMEOUT_SECONDS = 10
MOST_ATTEMPTS = 12
AT_ONCE = 100
# A notice that shall come out of order waits this long for one that may overtake it.
OVERTAKEN_AFTER = timedelta(hours=1)

log = logging.getLogger(__name__)


class SandboxNoticeQuerySet(models.QuerySet["SandboxNotice"]):
    def due(self, *, at: datetime) -> Self:
        """Not delivered, their time has come, and it is not hopeless."""
        return self.filter(due_at__lte=at, delivered_at=None, attempts__lt=MOST_ATTEMPTS)


class SandboxNotice(models.Model):
    """A signed notice that the bank owes us, sent over HTTP by the worker."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    session = models.ForeignKey(SandboxSession, models.CASCADE, related_name="notices")
    body = models.JSONField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)

    objects = SandboxNoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(delivered_at=None), name="sandbox_notice_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.body}"

    @classmethod
    def queue(cls, session: SandboxSession, *, at: datetime) -> None:
        """Owe a notice of the session as it stands, once or as often as its knobs say."""
        from doorstep.payments.gateways.sandbox.tasks import deliver_notices

        if session.notices_lost:
            return
        due_at = at + timedelta(seconds=session.notice_delay)
        if session.notices_reversed:
            earlier = session.notices.filter(delivered_at=None)
            earlier.update(due_at=due_at + timedelta(seconds=5))
            due_at += OVERTAKEN_AFTER if session.is_pending else timedelta()
        body = _say(session, at)
        SandboxNotice.objects.bulk_create(
            SandboxNotice(
                organization_id=session.organization_id, session=session, body=body, due_at=due_at
            )
            for _copy in range(session.notice_copies)
        )
        deliver_notices.using(run_after=due_at if due_at > at else None).enqueue()

    def claim(self, *, at: datetime) -> bool:
        """Take this delivery on; another worker may have been quicker. Failed ones come up later."""
        wait = timedelta(seconds=min(5 * 2**self.attempts, 3600))
        mine = type(self).objects.filter(pk=self.pk, attempts=self.attempts, delivered_at=None)
        return bool(mine.update(attempts=F("attempts") + 1, due_at=at + wait))

    def send(self, post: Callable[[bytes, dict[str, str]], int], *, at: datetime) -> bool:
        """Deliver it through `post(body, headers) -> status`; True when it was taken."""
        body = json.dumps(self.body).encode()
        try:
            status = post(body, {SIGNATURE: sign(body, at=at), "Content-Type": "application/json"})
        except (OSError, http.client.HTTPException) as error:
            log.warning("The sandbox bank could not reach us: %s", error)
            return False
        if status != http.HTTPStatus.OK:
            log.warning("We answered the sandbox bank with %s", status)
            return False
        type(self).objects.filter(pk=self.pk).update(delivered_at=at)
        return True


def deliver_due(*, at: datetime, post: Callable[[bytes, dict[str, str]], int] | None = None) -> int:
    """Send what is due and say how many were taken."""
    due = SandboxNotice.objects.due(at=at).order_by("due_at", "pk")
    return sum(
        notice.send(post or post_to_us, at=at) for notice in due[:AT_ONCE] if notice.claim(at=at)
    )


def post_to_us(body: bytes, headers: dict[str, str]) -> int:
    """Over real HTTP to the address where notices are taken."""
    base = urlsplit(settings.BASE_URL)
    secure = base.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(base.hostname or "127.0.0.1", base.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", "/gateways/sandbox/", body=body, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def sign(body: bytes, *, at: datetime) -> str:
    """The signature header: when, and an HMAC over when and what."""
    moment = str(int(at.timestamp()))
    return f"t={moment},v1={_mac(moment, body)}"


def check_signature(body: bytes, header: str, *, at: datetime) -> None:
    """Raises `BadNotice`. Several v1 values are allowed, as while a secret is being changed."""
    parts = [part.partition("=") for part in header.split(",")]
    moments = [value for name, _is, value in parts if name == "t"]
    macs = [value for name, _is, value in parts if name == "v1"]
    if len(moments) != 1 or not macs:
        raise BadNotice("not signed")
    moment = moments[0]
    if not (moment.isascii() and moment.isdigit() and len(moment) < 12):
        raise BadNotice("no time")
    if abs(at - datetime.fromtimestamp(int(moment), UTC)) > TOLERANCE:
        raise BadNotice("too old or from the future")
    right = _mac(moment, body).encode()
    # All are compared, and each in constant time.
    if not sum(hmac.compare_digest(mac.encode(), right) for mac in macs):
        raise BadNotice("wrong signature")


def _mac(moment: str, body: bytes) -> str:
    key = hashlib.sha256(b"doorstep.sandbox-bank:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def _say(session: SandboxSession, at: datetime) -> dict[str, Any]:
    return {
        "id": make_token(),
        "session": session.reference,
        "key": session.key,
        "state": session.state,
        "amount": session.amount,
        "currency": session.currency,
        "method": session.method,
        "method_label": session.method_label,
        "expected_on": session.expected_on.isoformat() if session.expected_on else None,
        "reason": session.failure_reason,
        "at": at.isoformat(),
    }
