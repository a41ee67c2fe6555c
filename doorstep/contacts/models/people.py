"""Sets of people at customers and vendors, and where each stands with the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from doorstep.contacts.models.person import ContactPerson  # noqa: F401 - in quotes below


class PersonState(models.TextChoices):
    NOT_INVITED = "not_invited", _("Not invited")
    INVITED = "invited", _("Invited")
    ACTIVE = "active", _("Active")
    DISABLED = "disabled", _("Disabled")

    @classmethod
    def of(cls, person: Known) -> PersonState:
        """Where somebody stands whose row comes from `with_state()`."""
        if person.is_active_person:
            return cls.ACTIVE
        if person.is_invited:
            return cls.INVITED
        return cls.DISABLED if person.is_disabled else cls.NOT_INVITED


class Known(Protocol):
    """A row of `with_state()`, whole or with a few of its columns."""

    @property
    def is_active_person(self) -> bool: ...
    @property
    def is_invited(self) -> bool: ...
    @property
    def is_disabled(self) -> bool: ...


class ContactPersonQuerySet(models.QuerySet["ContactPerson"]):
    def with_state(self) -> ContactPersonQuerySet:
        """Adds `is_active_person`, `is_invited`, `is_disabled` so that `state` costs no query."""
        from doorstep.contacts.models.access import Invitation, PortalAccess

        access = PortalAccess.objects.filter(contact_person=OuterRef("pk"))
        open_invitation = Invitation.objects.filter(contact_person=OuterRef("pk")).open()
        facts = {
            "is_active_person": Exists(access.filter(revoked_at=None)),
            "is_disabled": Exists(access.exclude(revoked_at=None)),
            "is_invited": Exists(open_invitation),
        }
        return self.annotate(**facts)

    def in_state(self, state: str) -> ContactPersonQuerySet:
        """Those for whom `state` says so; adds what `with_state()` adds."""
        people = self.with_state()
        if state == PersonState.ACTIVE:
            return people.filter(Q(is_active_person=True))
        people = people.filter(Q(is_active_person=False))
        if state == PersonState.INVITED:
            return people.filter(Q(is_invited=True))
        return people.filter(Q(is_invited=False, is_disabled=state == PersonState.DISABLED))

    def matching(self, words: str) -> ContactPersonQuerySet:
        """Name, address or the contact's name contains what was typed."""
        own = Q(name__icontains=words) | Q(email__icontains=words)
        return self.filter(own | Q(contact__name__icontains=words))

    def addressable(self) -> ContactPersonQuerySet:
        return self.exclude(email="")
