"""A person closes their account: every door behind them shuts, and what they did stays on record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from doorstep.contacts.models import Invitation, PortalAccess
from doorstep.identity.events import ACCOUNT_CLOSED
from doorstep.identity.holder import note
from doorstep.identity.models import Account, Challenge, Purpose
from doorstep.organizations.models import Member


def close_account(account: Account, request: Any, *, at: datetime) -> None:
    """Access, memberships, sessions, factors and name are gone at once. Raises `LastOwner`.

    Papers, payments, the business's record of its contact, and events with the name as it was, stay.
    """
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        note(ACCOUNT_CLOSED, account, request, at=at)
        memberships = Member.objects.active().filter(account=account.pk).order_by("pk")
        for member in memberships.select_related("account", "organization"):
            member.leave(at=at)
        hats = PortalAccess.objects.filter(account=account.pk, revoked_at=None).order_by("pk")
        for hat in hats.select_related("contact_person__contact"):
            person = hat.contact_person
            PortalAccess.revoke_for(person, by=person, at=at)
            open_ones = Invitation.objects.filter(contact_person=person).open()
            open_ones.update(revoked_at=at, sealed_token="")
        own = [Purpose.ADDRESS, Purpose.FACTOR_RESET]
        Challenge.objects.filter(purpose__in=own, person=account.pk).delete()
        account.close(at=at)
