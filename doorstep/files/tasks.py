"""What waits for the virus scanner is looked at again until it has an answer."""

from __future__ import annotations

from django.db import transaction
from django.tasks import task

from doorstep.files import scanner
from doorstep.files.models import FileState, StoredFile
from doorstep.files.scanner import Verdict

AT_ONCE = 50


def scan_held_is_needed() -> bool:
    return scanner.is_set() and StoredFile.objects.filter(state=FileState.HELD).exists()


@task
def scan_held() -> None:
    """Let go what is clean, refuse what is not; stop at the first that gets no answer."""
    for stored in StoredFile.objects.filter(state=FileState.HELD).order_by("pk")[:AT_ONCE]:
        verdict = scanner.scan(stored.read())
        if verdict is Verdict.UNKNOWN:
            return
        decide(stored, verdict)


def decide(stored: StoredFile, verdict: Verdict) -> None:
    """Once: a second worker finds nothing left to do."""
    clean = verdict is Verdict.CLEAN
    with transaction.atomic():
        held = StoredFile.objects.filter(pk=stored.pk, state=FileState.HELD)
        held.update(state=FileState.READY if clean else FileState.REFUSED)
