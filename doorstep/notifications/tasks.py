"""What the worker does about mail and bells."""

from __future__ import annotations

from django.tasks import task

from doorstep.activity.models import Event
from doorstep.lib import clock
from doorstep.notifications.delivery import deliver
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep


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
