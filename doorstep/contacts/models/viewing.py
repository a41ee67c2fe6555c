"""A member looks at the portal through a customer's eyes: read-only, for a while, on record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from doorstep.activity.models import record
from doorstep.contacts.events import VIEWING_STARTED
from doorstep.contacts.models.person import ContactPerson
from doorstep.organizations.models import Member, Organization

LASTS = timedelta(minutes=30)


class ViewingQuerySet(models.QuerySet["Viewing"]):
    def open_for(
        self, account_id: int, organization: Organization, *, at: datetime
    ) -> ViewingQuerySet:
        return self.filter(
            organization=organization,
            member__account_id=account_id,
            member__left_at=None,
            expires_at__gt=at,
        ).select_related("contact_person__contact__account_manager__account", "member__account")


class Viewing(models.Model):
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    contact_person = models.ForeignKey(ContactPerson, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200)
    # Settings that are being tried on before they are saved; empty for a plain viewing.
    trying_on = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = ViewingQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.contact_person)

    @classmethod
    def open_for(
        cls, account_id: int, organization: Organization, *, at: datetime
    ) -> ViewingQuerySet:
        """What this person is looking at just now."""
        return cls.objects.open_for(account_id, organization, at=at)

    @classmethod
    def preview(
        cls, person: ContactPerson, *, by: Member, at: datetime, trying_on: dict[str, Any]
    ) -> Viewing:
        """Look at the portal under unsaved settings; one row serves a member while they type."""
        by.require("customers.view_as")
        open_preview = cls.objects.open_for(by.account_id, by.organization, at=at)
        viewing = open_preview.filter(contact_person=person).exclude(trying_on={}).first()
        if viewing is None:
            return cls.start(person, by=by, reason="", at=at, trying_on=trying_on)
        viewing.trying_on, viewing.expires_at = trying_on, at + LASTS
        viewing.save(update_fields=["trying_on", "expires_at"])
        return viewing

    @classmethod
    def start(
        cls,
        person: ContactPerson,
        *,
        by: Member,
        reason: str,
        at: datetime,
        trying_on: dict[str, Any] | None = None,
    ) -> Viewing:
        """Raises `NotAllowed`. A preview of unsaved settings looks at a page, not into an account,
        and leaves no event."""
        by.require("customers.view_as")
        with transaction.atomic():
            viewing = cls.objects.create(
                organization_id=person.organization_id,
                member=by,
                contact_person=person,
                reason=reason,
                trying_on=trying_on or {},
                started_at=at,
                expires_at=at + LASTS,
            )
            if not trying_on:
                record(VIEWING_STARTED, person, by=by, at=at, reason=reason)
        return viewing
