"""What is over and of no use to anybody."""

from datetime import timedelta

from django.tasks import task

from doorstep.identity.models import Challenge, Limit
from doorstep.identity.sessions import SessionStore
from doorstep.lib import clock

# Long enough to answer whoever asks what happened to a code.
CODES_KEPT = timedelta(days=30)


@task
def forget_what_is_over() -> None:
    """Sessions that have ended, windows that have passed, codes that nobody can use."""
    at = clock.now()
    SessionStore.clear_expired()
    Limit.sweep(at=at)
    Challenge.objects.filter(expires_at__lt=at).exclude(sealed_code="").update(sealed_code="")
    Challenge.objects.filter(expires_at__lt=at - CODES_KEPT).delete()
