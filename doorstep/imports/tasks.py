"""What happens in the background."""

from __future__ import annotations

from django.tasks import task

from doorstep.imports.models import ImportBatch
from doorstep.imports.running import run
from doorstep.lib import clock


@task
def run_import(batch_id: int) -> None:
    """Go on with an import from where it is."""
    batch = ImportBatch.objects.select_related(
        "organization", "started_by__account", "curtain"
    ).get(pk=batch_id)
    run(batch, at=clock.now())
