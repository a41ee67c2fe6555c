"""The installation's own housekeeping."""

from django.core.management import call_command
from django.tasks import task


@task
def forget_old_jobs() -> None:
    """Jobs that went well are of no interest a week later; failed ones stay to be looked at."""
    call_command("ox_prune", older_than="7d", verbosity=0)
