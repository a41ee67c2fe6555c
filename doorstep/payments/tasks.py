"""What happens to payments by the clock."""

import logging

from django.tasks import task

from doorstep.lib import clock
from doorstep.payments.gateways.base import GatewayError
from doorstep.payments.models import Payment

AT_ONCE = 200

log = logging.getLogger(__name__)


def expire_abandoned_is_needed() -> bool:
    return Payment.objects.stale(at=clock.now()).exists()


@task
def expire_abandoned() -> None:
    """Close attempts that nobody finished, and those whose invoices owe less by now."""
    at = clock.now()
    for payment in Payment.objects.stale(at=at).order_by("expires_at")[:AT_ONCE]:
        try:
            payment.give_up(at=at)
        except GatewayError as error:
            log.warning("%s stays open: %s", payment, error)


def reconcile_is_needed() -> bool:
    return Payment.objects.unknown().exists()


@task
def reconcile() -> None:
    """Ask the gateways about every payment under way: no lost notice leaves one behind."""
    at = clock.now()
    for payment in Payment.objects.unknown().iterator(chunk_size=AT_ONCE):
        try:
            payment.ask_gateway(at=at)
        except GatewayError as error:
            log.warning("Nobody could tell about %s: %s", payment, error)
