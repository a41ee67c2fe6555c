"""What happened: history on the page, audit trail, and the outbox that notices are made from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NoReturn, Protocol

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    """Where an event came from. Only acts notify anybody."""

    ACT = "act", _("Act")
    IMPORT = "import", _("Import")
    DEMO = "demo", _("Demo")
    RESTORE = "restore", _("Restore")


class Role(models.TextChoices):
    """As whom somebody acted."""

    MEMBER = "member", _("Member")
    CUSTOMER = "customer", _("Customer")
    VENDOR = "vendor", _("Vendor")
    VISITOR = "visitor", _("Visitor")
    HOLDER = "holder", _("Holder of the account")
    SYSTEM = "system", _("System")


class Actor(Protocol):
    """Whoever can act: a member, a contact person, the system."""

    @property
    def actor_account_id(self) -> int | None: ...
    @property
    def actor_name(self) -> str: ...
    @property
    def actor_role(self) -> str: ...


class Subject(Protocol):
    """Whatever something can happen to."""

    @property
    def pk(self) -> Any: ...
    @property
    def organization_id(self) -> int: ...
    @property
    def subject_kind(self) -> str: ...
    @property
    def subject_label(self) -> str: ...
    @property
    def subject_contact_id(self) -> int | None: ...


class System:
    """Doorstep itself: jobs, gateways' notices, the command line."""

    actor_account_id: int | None = None
    actor_name = "Doorstep"
    actor_role: str = Role.SYSTEM


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, subject: Subject) -> EventQuerySet:
        """The history of one thing, newest first."""
        return self.filter(
            organization_id=subject.organization_id,
            subject_kind=subject.subject_kind,
            subject_id=subject.pk,
        ).order_by("-pk")

    def unswept(self) -> EventQuerySet:
        return self.filter(swept_at=None).order_by("pk")


class Event(models.Model):
    """One thing that happened. Written once, in the transaction of the act itself."""

    organization = models.ForeignKey("organizations.Organization", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.ACT)
    actor = models.ForeignKey(
        "identity.Account", models.SET_NULL, null=True, related_name="+", db_constraint=True
    )
    actor_name = models.CharField(max_length=200)
    actor_role = models.CharField(max_length=10, choices=Role)
    contact_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    swept_at = models.DateTimeField(null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["organization", "subject_kind", "subject_id", "-id"], name="event_subject"
            ),
            models.Index(fields=["organization", "contact_id", "-id"], name="event_contact"),
            models.Index(fields=["organization", "-id"], name="event_latest"),
            models.Index(fields=["id"], condition=Q(swept_at=None), name="event_unswept"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_label}"

    @classmethod
    def of(cls, organization_id: int) -> EventQuerySet:
        """What happened in one organisation, newest first."""
        return cls.objects.filter(organization=organization_id).order_by("-pk")

    @classmethod
    def of_kinds(cls, kinds: Iterable[str]) -> EventQuerySet:
        """What happened of these kinds, in no order yet: for a person whom several organisations know."""
        return cls.objects.filter(kind__in=list(kinds))

    @classmethod
    def about(cls, subject: Subject) -> EventQuerySet:
        """The history of one thing, newest first."""
        return cls.objects.about(subject)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("An event is written once.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("An event is never deleted.")


def record(
    kind: str,
    subject: Subject,
    *,
    by: Actor,
    at: datetime,
    origin: str = Origin.ACT,
    **data: Any,
) -> Event:
    """Say what happened to `subject`; call it inside the transaction of the act."""
    event = _event(kind, subject, by=by, at=at, origin=origin, data=data)
    event.save()
    return event


def record_many(
    kind: str, subjects: Iterable[Subject], *, by: Actor, at: datetime, origin: str
) -> None:
    """The same thing happened to many, as when an import is applied."""
    events = [_event(kind, s, by=by, at=at, origin=origin, data={}) for s in subjects]
    Event.objects.bulk_create(events, batch_size=500)


def _event(
    kind: str, subject: Subject, *, by: Actor, at: datetime, origin: str, data: dict[str, Any]
) -> Event:
    return Event(
        organization_id=subject.organization_id,
        kind=kind,
        at=at,
        origin=origin,
        actor_id=by.actor_account_id,
        actor_name=by.actor_name,
        actor_role=by.actor_role,
        contact_id=subject.subject_contact_id,
        subject_kind=subject.subject_kind,
        subject_id=subject.pk,
        subject_label=subject.subject_label,
        data=data,
        # What nobody is told needs no sweep.
        swept_at=None if origin == Origin.ACT else at,
    )
