"""What the worker does about invitations."""

from __future__ import annotations

from datetime import timedelta

from django.tasks import task

from doorstep.contacts.models import InvitationRound
from doorstep.lib import clock

# Other jobs wait for their turn behind this one.
LONGEST = timedelta(seconds=15)


@task
def invite() -> None:
    """Go on with every round of invitations from where it is."""
    until = clock.now() + LONGEST
    for each in InvitationRound.objects.unfinished().select_related(
        "organization", "started_by__organization", "started_by__account"
    ):
        each.go_on(clock.now, until=until)


def invite_is_needed() -> bool:
    """Somebody waits to be invited."""
    return InvitationRound.objects.unfinished().exists()
