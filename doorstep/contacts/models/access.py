"""The way in: an invitation bound to one person and address, and the access it leads to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Event, Origin, System, record
from doorstep.contacts.events import (
    ACCESS_ACCEPTED,
    ACCESS_REVOKED,
    ACCESS_SIGNED_UP,
    ADDRESS_PROVEN,
    FACTOR_RESET,
    FACTOR_RESET_ASKED,
    PERSON_INVITED,
)
from doorstep.contacts.models.person import ContactPerson, InAlready, NoAddress
from doorstep.identity.models import Account, FactorReset
from doorstep.lib.errors import NotAllowed, Refused
from doorstep.lib.secrets import seal
from doorstep.lib.statements import Given, Statement
from doorstep.lib.tokens import hash_token, make_token
from doorstep.organizations.models import Member, Organization

if TYPE_CHECKING:
    from doorstep.contacts.models.person import Manager

LASTS = timedelta(days=14)
# For whoever has just proven their address and stands at the door.
LASTS_AT_THE_DOOR = timedelta(hours=1)


class InvitationClosed(Refused):
    """Used, revoked, replaced or too old: one answer for all."""


class AddressUnproved(Refused):
    """A link that came another way than by mail does not say whose address it is."""


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Neither used nor revoked; it may still be too old."""
        return self.filter(accepted_at=None, revoked_at=None)

    def answering(self, token: str, *, at: datetime) -> InvitationQuerySet:
        """The invitation that this token opens now, or none."""
        return self.open().filter(token_hash=hash_token(token), expires_at__gt=at)

    def waiting(self) -> InvitationQuerySet:
        """Open, and its person may come in: the contact is active."""
        return self.open().filter(contact_person__contact__is_active=True)


class Invitation(models.Model):
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    contact_person = models.ForeignKey(ContactPerson, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    # Readable only until the mail has been written, then wiped.
    sealed_token = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    # A member, a colleague, or neither: the person came by themselves and has proven the address.
    sent_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    sent_by_colleague = models.ForeignKey(
        ContactPerson, models.CASCADE, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    # A person's browser showed it and said so; a scanner that only fetches leaves it empty.
    opened_at = models.DateTimeField(null=True)
    # A link that a member passes on themselves; no mail carries it.
    by_hand = models.BooleanField(default=False)
    # What the mail is made from, and found by.
    event = models.ForeignKey(Event, models.SET_NULL, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact_person"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_one_open",
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "sent_at", "id"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_waiting",
            )
        ]

    def __str__(self) -> str:
        return self.email

    @classmethod
    def of(cls, organization: Organization) -> InvitationQuerySet:
        return cls.objects.filter(organization=organization)

    @classmethod
    def send(cls, person: ContactPerson, *, by: Manager, at: datetime) -> Invitation:
        """By mail; whatever was open before is dead."""
        return cls._begin(person, by=by, at=at, by_hand=False)[0]

    @classmethod
    def hand_out(cls, person: ContactPerson, *, by: Member, at: datetime) -> tuple[Invitation, str]:
        """A link to pass on another way, shown this once; whatever was open before is dead.

        It proves no address: an account that is there already signs in, somebody new is mailed.
        Raises `NotAllowed`, `NoAddress`.
        """
        by.require("access.manage")
        if not person.email:
            raise NoAddress(_("%(name)s has no e-mail address yet.") % {"name": person.name})
        return cls._begin(person, by=by, at=at, by_hand=True)

    @classmethod
    def at_the_door(cls, person: ContactPerson, *, at: datetime) -> str:
        """The token for a browser in which the person has just proven their address. No mail carries it."""
        with transaction.atomic():
            invitation, token = cls._write(person, at=at, expires_at=at + LASTS_AT_THE_DOOR)
            record(ADDRESS_PROVEN, person, by=person, at=at, invitation=invitation.pk)
        return token

    @classmethod
    def _begin(
        cls, person: ContactPerson, *, by: Manager, at: datetime, by_hand: bool
    ) -> tuple[Invitation, str]:
        member, colleague = (by, None) if isinstance(by, Member) else (None, by)
        with transaction.atomic():
            invitation, token = cls._write(
                person,
                at=at,
                expires_at=at + LASTS,
                sent_by=member,
                sent_by_colleague=colleague,
                by_hand=by_hand,
            )
            invitation.sealed_token = "" if by_hand else seal(token)
            said = {"invitation": invitation.pk, "by_hand": by_hand}
            invitation.event = record(
                PERSON_INVITED, person, by=by, at=at, origin=Origin.ACT, **said
            )
            invitation.save(update_fields=["event", "sealed_token"])
        return invitation, token

    @classmethod
    def _write(
        cls, person: ContactPerson, *, at: datetime, **more: object
    ) -> tuple[Invitation, str]:
        # Two may invite the same person at once; the second waits here.
        ContactPerson.objects.select_for_update(of=("self",)).get(pk=person.pk)
        cls.objects.filter(contact_person=person).open().update(revoked_at=at, sealed_token="")
        token = make_token()
        invitation = cls.objects.create(
            organization_id=person.organization_id,
            contact_person=person,
            email=person.email,
            token_hash=hash_token(token),
            sent_at=at,
            **more,
        )
        return invitation, token

    @property
    def inviter(self) -> Manager | None:
        """Nobody when the person came by themselves."""
        return self.sent_by or self.sent_by_colleague

    def note_opened(self, *, at: datetime) -> None:
        """Said by the page itself, in a browser; the first time counts."""
        Invitation.objects.filter(pk=self.pk, opened_at=None).update(opened_at=at)

    def mail(self, *, at: datetime) -> Invitation:
        """Whoever holds a link that was handed out has it mailed to the address that it is for."""
        if self.inviter is None:
            raise InvitationClosed(_("This invitation is no longer open. Ask for a new one."))
        return Invitation.send(self.contact_person, by=self.inviter, at=at)

    def accept(self, account: Account, *, at: datetime) -> PortalAccess:
        """Open the door to `account`, whose address is that of the invitation. Raises `InvitationClosed`.

        Who came by themselves stays outside when the business has stopped that meanwhile.
        """
        with transaction.atomic():
            won = (
                Invitation.objects.filter(pk=self.pk, expires_at__gt=at)
                .open()
                .update(accepted_at=at, sealed_token="")
            )
            if not won or account.email != self.email or not self._still_admits():
                raise InvitationClosed(_("This invitation is no longer open. Ask for a new one."))
            person = self.contact_person
            access, _new = PortalAccess.objects.update_or_create(
                contact_person=person,
                defaults={
                    "organization_id": self.organization_id,
                    "account": account,
                    "accepted_at": at,
                    "revoked_at": None,
                    "revoked_by": None,
                },
            )
            kind = ACCESS_ACCEPTED if self.inviter else ACCESS_SIGNED_UP
            record(kind, person, by=person, at=at)
        return access

    def _still_admits(self) -> bool:
        if self.inviter is not None:
            return True
        preferences = self.organization.preferences.for_contact(self.contact_person.contact)
        return preferences.allows_sign_up()

    def accept_anew(self, password: str, *, at: datetime) -> PortalAccess:
        """Make the account that the address does not have yet, and open the door to it.

        Raises `InvitationClosed`, also when somebody made the account a moment ago, and
        `AddressUnproved` for a link that was handed out: whoever passed it on could use it too.
        """
        if self.by_hand:
            raise AddressUnproved(
                _("Open the link in the mail first: it shows that the address is yours.")
            )
        try:
            with transaction.atomic():
                account = Account.objects.create_account(
                    self.email, password, name=self.contact_person.name
                )
                return self.accept(account, at=at)
        except IntegrityError as error:
            raise InvitationClosed(
                _("This invitation is no longer open. Ask for a new one.")
            ) from error

    def known_account(self) -> Account | None:
        """The account that this address has already, here or elsewhere."""
        return Account.objects.filter(email=self.email).first()


class PortalAccessQuerySet(models.QuerySet["PortalAccess"]):
    def live(self) -> PortalAccessQuerySet:
        return self.filter(
            revoked_at=None, account__is_active=True, contact_person__contact__is_active=True
        )

    def of(
        self, account_id: int | Given, organization: Organization | Given
    ) -> PortalAccessQuerySet:
        """The hats this account wears here, oldest first, each with person and contact.

        `wears_more` says whether there are others elsewhere, or a member's.
        """
        accesses = PortalAccess.objects.live().filter(account=OuterRef("account"))
        elsewhere = Exists(accesses.exclude(organization=OuterRef("organization")))
        works = Exists(Member.objects.active().filter(account=OuterRef("account")))
        more = {"wears_more": ExpressionWrapper(elsewhere | works, models.BooleanField())}
        return (
            self.live()
            .filter(account=account_id, organization=organization)
            .annotate(**more)
            .select_related("contact_person__contact__account_manager__account")
            .order_by("pk")
        )


class PortalAccess(models.Model):
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    contact_person = models.OneToOneField(ContactPerson, models.CASCADE, related_name="access")
    account = models.ForeignKey(Account, models.PROTECT, related_name="accesses")
    accepted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    # The member who did it: what the business has closed no colleague opens again.
    revoked_by = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")

    objects = PortalAccessQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account", "organization"], name="access_of_account"),
            models.Index(
                fields=["organization", "accepted_at", "id"],
                condition=Q(revoked_at=None),
                name="access_by_age",
            ),
        ]

    if TYPE_CHECKING:
        wears_more: bool

    def __str__(self) -> str:
        return str(self.contact_person)

    @classmethod
    def live_in(cls, organization: Organization) -> PortalAccessQuerySet:
        """Everybody's who may come in there today."""
        return cls.objects.live().filter(organization=organization)

    @classmethod
    def worn_by(cls, account_id: int, organization: Organization) -> list[PortalAccess]:
        """See `PortalAccessQuerySet.of`: asked by every request."""
        return _WORN.all(account=account_id, organization=organization.pk)

    @classmethod
    def follow_address(cls, account: Account, before: str, *, at: datetime) -> None:
        """The account has another address now: the people who bear the old one bear the new one.

        Not where a colleague at the same contact has it.
        """
        hats = cls.objects.live().filter(account=account.pk, contact_person__email=before)
        for hat in hats.select_related("contact_person__contact").order_by("pk"):
            hat.contact_person.follow_address(account.email, at=at)

    def reset_second_factor(self, *, by: Member, at: datetime) -> bool:
        """For somebody who lost their device; whether it is done.

        At once only where nobody else relies on the account, or one business could get at a person of
        another. Else the person confirms it by a mailed code after a day, and every hat is told.
        """
        by.require("factors.reset")
        with transaction.atomic():
            if not self._is_known_elsewhere():
                self.account.lose_second_factor()
                record(FACTOR_RESET, self.contact_person, by=by, at=at)
                return True
            reset = FactorReset.ask(self.account, asked_by=by.organization.name, at=at)
            for hat in PortalAccess.objects.live().filter(account=self.account_id):
                # What one business does is not told to another by name.
                who = by if hat.organization_id == self.organization_id else System()
                ready = reset.ready_at.isoformat()
                record(FACTOR_RESET_ASKED, hat.contact_person, by=who, at=at, ready_at=ready)
        return False

    def _is_known_elsewhere(self) -> bool:
        """With access at another business, or on the team of any, this one too."""
        others = PortalAccess.objects.live().filter(account=self.account_id)
        elsewhere = others.exclude(organization=self.organization_id).exists()
        return elsewhere or Member.objects.active().filter(account=self.account_id).exists()

    @classmethod
    def revoke_for(cls, person: ContactPerson, *, by: Manager, at: datetime) -> None:
        member = by if isinstance(by, Member) else None
        live = cls.objects.filter(contact_person=person, revoked_at=None)
        if live.update(revoked_at=at, revoked_by=member):
            record(ACCESS_REVOKED, person, by=by, at=at)

    @classmethod
    def check_open_to_colleagues(cls, person: ContactPerson) -> None:
        """Raises `InAlready`, and `NotAllowed` where the business took the access away."""
        access = cls.objects.filter(contact_person=person).first()
        if access is None:
            return
        if access.revoked_at is None:
            raise InAlready(_("%(name)s is in the portal already.") % {"name": person.name})
        if access.revoked_by_id is not None:
            raise NotAllowed(
                _("%(business)s took this access away, and can give it again. Ask them.")
                % {"business": person.organization.name}
            )


_WORN: Statement[PortalAccess, PortalAccess] = Statement(
    lambda: PortalAccess.objects.of(Given("account"), Given("organization"))
)
