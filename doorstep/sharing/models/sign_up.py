"""Somebody asked for access by themselves and waits for the business to decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import record
from doorstep.contacts.models import Contact, ContactPerson
from doorstep.documents.models import Document
from doorstep.lib.errors import Refused
from doorstep.organizations.models import Member, Organization
from doorstep.sharing.events import SIGN_UP_APPROVED, SIGN_UP_DECLINED, SIGN_UP_HELD
from doorstep.sharing.visitor import Visitor

# Whoever was declined is not held again for so long; they read the same words.
STAYS_DECLINED = timedelta(days=30)


class AlreadyDecided(Refused):
    """A colleague was quicker."""


class SignUpQuerySet(models.QuerySet["SignUp"]):
    def waiting(self) -> Self:
        return self.filter(decided_at=None, contact__is_active=True)


class SignUp(models.Model):
    """The address was proven by a mailed code; nothing else about the person was."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    # The paper whose link they came by.
    document = models.ForeignKey(Document, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=100)
    email = models.EmailField()
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    # Whom they became; nobody when they were declined.
    person = models.ForeignKey(ContactPerson, models.SET_NULL, null=True, related_name="+")

    objects = SignUpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "email"], condition=Q(decided_at=None), name="sign_up_waits_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "asked_at", "id"],
                condition=Q(decided_at=None),
                name="sign_up_waiting",
            )
        ]

    def __str__(self) -> str:
        return self.email

    @classmethod
    def of(cls, organization: Organization) -> SignUpQuerySet:
        return cls.objects.filter(organization=organization)

    @classmethod
    def hold(cls, visitor: Visitor, *, name: str, email: str, at: datetime) -> None:
        """Keep the request until somebody decides. Asking twice, or again after a no, changes nothing."""
        with transaction.atomic():
            # Two browsers may ask at once; the second waits here.
            Contact.objects.select_for_update().get(pk=visitor.contact_id)
            before = cls.objects.filter(contact=visitor.contact_id, email=email, person=None)
            if before.filter(Q(decided_at=None) | Q(decided_at__gt=at - STAYS_DECLINED)).exists():
                return
            held = cls.objects.create(
                organization_id=visitor.organization_id,
                contact_id=visitor.contact_id,
                document_id=visitor.link.document_id,
                name=name,
                email=email,
                asked_at=at,
            )
            record(SIGN_UP_HELD, held, by=visitor, at=at)

    def approve(self, *, by: Member, at: datetime) -> ContactPerson:
        """The person joins the customer and is invited by mail. Raises `NotAllowed`, `AlreadyDecided`."""
        by.require("access.manage")
        with transaction.atomic():
            self._decide(by=by, at=at)
            people = ContactPerson.objects.filter(contact=self.contact, email=self.email)
            person = people.first() or ContactPerson.add(
                self.contact, name=self.name, email=self.email, by=by, at=at
            )
            person.invite(by=by, at=at)
            self.person = person
            self.save(update_fields=["person"])
            record(SIGN_UP_APPROVED, self, by=by, at=at, person=person.pk)
        return person

    def decline(self, *, by: Member, at: datetime) -> None:
        """Raises `NotAllowed`, `AlreadyDecided`."""
        by.require("access.manage")
        with transaction.atomic():
            self._decide(by=by, at=at)
            record(SIGN_UP_DECLINED, self, by=by, at=at)

    def _decide(self, *, by: Member, at: datetime) -> None:
        won = SignUp.objects.filter(pk=self.pk, decided_at=None).update(
            decided_at=at, decided_by=by
        )
        if not won:
            raise AlreadyDecided(_("Somebody has decided about this request already."))
        self.decided_at, self.decided_by = at, by

    subject_kind = "sign_up"

    @property
    def subject_label(self) -> str:
        return f"{self.name} ({self.email})"[:200]

    @property
    def subject_contact_id(self) -> int:
        return self.contact_id
