"""What the worker does about mail and bells."""

from __future__ import annotations

from django.tasks import task

from doorstep.activity.models import Event
from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.notifications.delivery import deliver
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from doorstep.notifications.ways_in import mail_ways_in


@task
def tell() -> None:
    """Write what is to be told about what happened, then send what is due."""
    sweep(clock.now)
    deliver(clock.now)


def tell_is_needed() -> bool:
    """Something happened that nobody was told of, or a mail is due."""
    return Event.objects.unswept().exists() or Message.objects.due(at=clock.now()).exists()


@task
def forget_mail_to_nobody() -> None:
    """What was written only to take as long as a mail."""
    Message.objects.for_nobody().delete()


@task
def show_ways_in(sealed_address: str) -> None:
    """Somebody asked where to sign in. Here, so that the answer takes as long for every address."""
    mail_ways_in(unseal(sealed_address), clock.now)
