"""What a gateway tells us by itself."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from doorstep.payments.gateways import gateway_named
from doorstep.payments.models import Payment

log = logging.getLogger(__name__)


def hear(slug: str, body: bytes, headers: Mapping[str, str], *, at: datetime) -> None:
    """Book what a signed notice says; telling it again changes nothing.

    Raises `BadNotice`, and KeyError for a gateway that does not exist. A notice about a payment that
    is not ours is only logged: the gateway could do nothing about it by telling us again.
    """
    for fact in gateway_named(slug).read_notice(body, headers, at=at):
        try:
            Payment.record(fact)
        except Payment.DoesNotExist:
            log.warning("%s tells of an unknown payment %s: set aside", slug, fact.reference)
