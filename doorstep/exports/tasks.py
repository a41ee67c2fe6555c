"""What the worker does about exports."""

from __future__ import annotations

from django.tasks import task

from doorstep.exports.models import DataExport
from doorstep.exports.writing import write
from doorstep.lib import clock


@task
def write_export(number: int) -> None:
    """Write one; a second start of what is written already does nothing."""
    export = (
        DataExport.objects.unfinished()
        .filter(pk=number, account__is_active=True)
        .select_related("account", "organization__preferences")
        .first()
    )
    if export is not None:
        write(export, clock.now)


@task
def forget_exports() -> None:
    """Files that are older than a week."""
    for export in DataExport.objects.over(at=clock.now()).select_related("file"):
        export.expire()
