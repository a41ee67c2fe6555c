"""Promises about the way in."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q

from doorstep.contacts.models import Invitation
from doorstep.lib.invariants import Broken, Look, invariant


@invariant
def s1_a_spent_invitation_is_forgotten(look: Look) -> Iterator[Broken]:
    """What an invitation was sent with is wiped when it is used or revoked."""
    spent = Invitation.objects.exclude(accepted_at=None, revoked_at=None)
    yield from Broken.rows_of("spent invitations that can be read", spent.exclude(sealed_token=""))


@invariant
def s2_an_invitation_was_used_once_and_in_its_time(look: Look) -> Iterator[Broken]:
    """Accepted before its end, and neither revoked nor open at the same time."""
    used = Invitation.objects.exclude(accepted_at=None)
    late = used.filter(accepted_at__gt=F("expires_at"))
    yield from Broken.rows_of("invitations accepted after their end", late)
    both = used.filter(Q(revoked_at__lt=F("accepted_at")))
    yield from Broken.rows_of("invitations accepted after they were revoked", both)
