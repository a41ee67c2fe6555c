"""What the sandbox bank does in the background."""

from django.tasks import task

from doorstep.lib import clock
from doorstep.payments.gateways.sandbox.bank import SandboxSession
from doorstep.payments.gateways.sandbox.notices import SandboxNotice, deliver_due


def deliver_notices_is_needed() -> bool:
    return SandboxNotice.objects.due(at=clock.now()).exists()


@task
def deliver_notices() -> None:
    """Send the notices that are due. Runs when one was queued, and by the clock for those that failed."""
    deliver_due(at=clock.now())


def close_orphans_is_needed() -> bool:
    return SandboxSession.objects.orphaned().exists()


@task
def close_orphans() -> None:
    """An organisation left test mode: what was open is closed, what was on its way goes back."""
    at = clock.now()
    for session in SandboxSession.objects.orphaned()[:200]:
        if session.is_pending:
            session.send_back(at=at)
        else:
            session.close(at=at)
