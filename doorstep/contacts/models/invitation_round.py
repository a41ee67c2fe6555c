"""Many people invited with one press: in the background, each of them once, with a report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from doorstep.contacts.models.access import Invitation
from doorstep.contacts.models.people import ContactPersonQuerySet, PersonState
from doorstep.contacts.models.person import ContactPerson
from doorstep.lib.checkpoints import checkpoint
from doorstep.lib.errors import Refused
from doorstep.organizations.models import Member, Organization

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

MOST = 10_000
# Two people who press at about the same time mean one mail, not two.
A_MOMENT = timedelta(minutes=10)


class NobodyToInvite(Refused):
    """Nobody was ticked, or the list has become empty meanwhile."""


class TooMany(Refused):
    """More than one round takes."""


class Outcome(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    INVITED = "invited", _("Invited")
    NO_ADDRESS = "no_address", _("No e-mail address is known")
    IN_ALREADY = "in_already", _("Is in the portal already")
    JUST_INVITED = "just_invited", _("Was invited a moment ago")
    INACTIVE = "inactive", _("The contact is not active any more")
    STOPPED = "stopped", _("Whoever asked for it may not invite any more")


class InvitationRoundQuerySet(models.QuerySet["InvitationRound"]):
    def unfinished(self) -> InvitationRoundQuerySet:
        return self.filter(finished_at=None).order_by("pk")


class InvitationRound(models.Model):
    """Its places say who is yet to come: killed at any point, it goes on from there."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    started_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    # Made with the page that was pressed: pressing twice is one round.
    key = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = InvitationRoundQuerySet.as_manager()

    if TYPE_CHECKING:
        places: RelatedManager[Place]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="round_pressed_once")
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="round_list"),
            models.Index(fields=["id"], condition=Q(finished_at=None), name="round_unfinished"),
        ]

    def __str__(self) -> str:
        return f"invitations {self.pk}"

    @classmethod
    def of(cls, organization: Organization) -> InvitationRoundQuerySet:
        return cls.objects.filter(organization=organization)

    @classmethod
    def begin(
        cls, people: ContactPersonQuerySet, *, by: Member, at: datetime, key: str
    ) -> InvitationRound:
        """Put these people in line. Raises `NotAllowed`, `NobodyToInvite`, `TooMany`."""
        by.require("access.manage")
        if pressed_before := cls.of(by.organization).filter(key=key).first():
            return pressed_before
        ours = people.filter(organization=by.organization_id).order_by("pk")
        wanted = list(ours.values_list("pk", flat=True)[: MOST + 1])
        if not wanted:
            raise NobodyToInvite(_("Nobody was ticked, or nobody is left in this list."))
        if len(wanted) > MOST:
            raise TooMany(_("At most 10,000 people are invited at once. Choose fewer."))
        with transaction.atomic():
            made, is_new = cls.objects.get_or_create(
                organization=by.organization, key=key, defaults={"started_by": by, "started_at": at}
            )
            if is_new:
                places = [
                    Place(organization=by.organization, round=made, person_id=pk) for pk in wanted
                ]
                Place.objects.bulk_create(places, batch_size=500)
        return made

    def go_on(self, now: Callable[[], datetime], *, until: datetime) -> None:
        """Invite who is still waiting, each in a transaction of their own, until it is time for others."""
        may = self.started_by.left_at is None and self.started_by.may("access.manage")
        while now() < until:
            with transaction.atomic():
                waiting = self.places.filter(outcome=Outcome.WAITING).order_by("pk")
                place = waiting.select_for_update(of=("self",), skip_locked=True).first()
                if place is None:
                    break
                place.take(by=self.started_by if may else None, at=now())
                checkpoint("invite.before_commit")
        if not self.places.filter(outcome=Outcome.WAITING).exists():
            InvitationRound.objects.filter(pk=self.pk, finished_at=None).update(finished_at=now())

    def tally(self) -> dict[str, int]:
        """{outcome: how many}, in one query."""
        return dict(self.places.order_by().values_list("outcome").annotate(count=Count("pk")))


class Place(models.Model):
    """One person in a round, and how it went."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    round = models.ForeignKey(InvitationRound, models.CASCADE, related_name="places")
    person = models.ForeignKey(ContactPerson, models.CASCADE, related_name="+")
    invitation = models.ForeignKey(Invitation, models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.WAITING)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="place_once_in_a_round")
        ]
        indexes = [
            models.Index(fields=["organization", "round", "outcome", "id"], name="place_by_outcome")
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.outcome}"

    @classmethod
    def of(cls, organization: Organization) -> models.QuerySet[Place]:
        return cls.objects.filter(organization=organization)

    def take(self, *, by: Member | None, at: datetime) -> None:
        """It is this person's turn; `by` is None when whoever asked lost the right meanwhile."""
        found = ContactPerson.objects.with_state().select_related("contact").get(pk=self.person_id)
        self.outcome = Outcome.STOPPED if by is None else self._outcome_for(found, at)
        if by is not None and self.outcome == Outcome.INVITED:
            self.invitation = found.invite(by=by, at=at)
        self.save(update_fields=["outcome", "invitation"])

    def _outcome_for(self, person: ContactPerson, at: datetime) -> Outcome:
        if not person.email:
            return Outcome.NO_ADDRESS
        if not person.contact.is_active:
            return Outcome.INACTIVE
        if person.state == PersonState.ACTIVE:
            return Outcome.IN_ALREADY
        lately = person.invitations.open().filter(sent_at__gt=at - A_MOMENT, by_hand=False)
        return Outcome.JUST_INVITED if lately.exists() else Outcome.INVITED
