"""Promises about the history."""

from collections.abc import Iterator

from django.db.models import Q

from doorstep.activity.models import Event, Origin
from doorstep.lib.invariants import Broken, Look, invariant


@invariant
def e1_only_acts_wait_for_the_sweep(look: Look) -> Iterator[Broken]:
    """Imports, demo data and restores notify nobody."""
    silent = Event.objects.filter(~Q(origin=Origin.ACT), swept_at=None)
    yield from Broken.rows_of("events that nobody may be told of, yet unswept", silent)
