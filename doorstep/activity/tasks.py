"""What the whole installation is asked once an hour."""

import logging

from django.tasks import task

from doorstep.lib import clock
from doorstep.lib.invariants import Look, check_all

log = logging.getLogger(__name__)


@task
def check_invariants() -> None:
    """Say in the log what is broken; `bin/doorstep check-invariants` shows all of it."""
    for verdict in check_all(Look(at=clock.now())):
        for broken in verdict.broken:
            log.error(
                "%s is broken: %s %s (%d)", verdict.number, broken.what, broken.rows, broken.count
            )
