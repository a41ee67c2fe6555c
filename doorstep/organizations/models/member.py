"""A person who works for the business, and what they may do there."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Exists, ExpressionWrapper, OuterRef
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Actor, Role, record
from doorstep.identity.models import Account, canonical_address
from doorstep.lib.errors import NotAllowed, Refused
from doorstep.lib.statements import Given
from doorstep.organizations import roles
from doorstep.organizations.events import (
    MEMBER_ADDED,
    MEMBER_CHANGED,
    MEMBER_INVITED,
    MEMBER_REMOVED,
)
from doorstep.organizations.models.organization import Organization


class LastOwner(Refused):
    """Somebody must remain who can do everything."""


class AlreadyMember(Refused):
    """The person works there already."""


class MemberQuerySet(models.QuerySet["Member"]):
    def active(self) -> MemberQuerySet:
        return self.filter(left_at=None, account__is_active=True)

    def owners(self) -> MemberQuerySet:
        return self.active().filter(role=roles.OWNER)


class Member(models.Model):
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="members")
    account = models.ForeignKey(Account, models.PROTECT, related_name="memberships")
    role = models.CharField(_("Role"), max_length=12, choices=roles.MemberRole)
    # For the customers whom this member looks after; their account has none.
    phone = models.CharField(_("Phone"), max_length=60, blank=True)
    created_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    objects = MemberQuerySet.as_manager()

    if TYPE_CHECKING:
        wears_more: bool

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "account"], name="member_once")
        ]

    def __str__(self) -> str:
        return self.actor_name

    @classmethod
    def of(cls, organization: Organization) -> MemberQuerySet:
        """Those who work there today."""
        return cls.objects.active().filter(organization=organization)

    @classmethod
    def given(cls) -> MemberQuerySet:
        """For a `Statement`: the given `account` as somebody who works at the given `organization` today.

        `wears_more`: whether the account also works elsewhere, or is somebody's customer or vendor.
        """
        active = cls.objects.active()
        teams = active.filter(account=OuterRef("account")).exclude(pk=OuterRef("pk"))
        portals = Account.objects.filter(pk=OuterRef("account"), accesses__isnull=False)
        wears_more = Exists(teams) | Exists(portals.filter(accesses__revoked_at=None))
        return active.filter(account=Given("account"), organization=Given("organization")).annotate(  # type: ignore[no-redef]
            wears_more=ExpressionWrapper(wears_more, models.BooleanField())
        )

    @classmethod
    def add(
        cls, organization: Organization, account: Account, role: str, *, by: Actor, at: datetime
    ) -> Member:
        """Make the account a member, or take a former member back with this role."""
        with transaction.atomic():
            member, _new = cls.objects.update_or_create(
                organization=organization,
                account=account,
                defaults={"role": role, "left_at": None},
                create_defaults={"role": role, "created_at": at},
            )
            record(MEMBER_ADDED, member, by=by, at=at, role=role)
        return member

    @classmethod
    def invite(
        cls,
        organization: Organization,
        email: str,
        role: str,
        *,
        name: str,
        by: Member,
        at: datetime,
    ) -> Member:
        """Make whoever has this address a member, with a new account if need be.

        Raises `NotAllowed`; `AlreadyMember` when the person works there.
        """
        by.require("members.manage")
        by._check_may_give(role)
        address = canonical_address(email)
        if cls.of(organization).filter(account__email=address).exists():
            raise AlreadyMember(_("%(email)s is a member already.") % {"email": address})
        with transaction.atomic():
            account = Account.objects.filter(email=address).first()
            if account is None:
                account = Account.objects.create_account(address, name=name)
            member = cls.add(organization, account, role, by=by, at=at)
            record(MEMBER_INVITED, member, by=by, at=at, role=role)
            return member

    def change_role(self, role: str, *, by: Member, at: datetime) -> None:
        by.require("members.manage")
        by._check_may_give(role, self.role)
        with transaction.atomic():
            self._check_not_last_owner(keeps=role == roles.OWNER)
            before, self.role = self.role, role
            self.save(update_fields=["role"])
            record(MEMBER_CHANGED, self, by=by, at=at, before=before, after=role)

    def change_phone(self, phone: str, *, by: Member, at: datetime) -> None:
        """One's own, or anybody's for whoever decides about members. Raises `NotAllowed`."""
        if by != self:
            by.require("members.manage")
        with transaction.atomic():
            before, self.phone = self.phone, phone
            self.save(update_fields=["phone"])
            record(MEMBER_CHANGED, self, by=by, at=at, phone=[before, phone])

    def remove(self, *, by: Member, at: datetime) -> None:
        by.require("members.manage")
        by._check_may_give(self.role)
        with transaction.atomic():
            self._check_not_last_owner(keeps=False)
            self.left_at = at
            self.save(update_fields=["left_at"])
            record(MEMBER_REMOVED, self, by=by, at=at)

    def leave(self, *, at: datetime) -> None:
        """Of their own accord, as when they close their account. Raises `LastOwner`."""
        with transaction.atomic():
            self._check_not_last_owner(keeps=False)
            self.left_at = at
            self.save(update_fields=["left_at"])
            record(MEMBER_REMOVED, self, by=self, at=at)

    def _check_may_give(self, *given: str) -> None:
        """An admin would otherwise become owner by one click."""
        if roles.OWNER in given and self.role != roles.OWNER:
            raise NotAllowed(_("Only an owner decides about owners."))

    def _check_not_last_owner(self, *, keeps: bool) -> None:
        owners = list(
            Member.objects.owners()
            .filter(organization=self.organization_id)
            .order_by("pk")
            .select_for_update(of=("self",))
        )
        if not keeps and owners == [self]:
            raise LastOwner(_("The last owner cannot leave. Make somebody else an owner first."))

    def may(self, right: str) -> bool:
        """Whether this member's role has the right (see `roles.RIGHTS`)."""
        return roles.may(self.role, right)

    def require(self, right: str) -> None:
        """Raises `NotAllowed` when the role lacks the right."""
        if not self.may(right):
            raise NotAllowed(
                _("Your role does not allow this. An owner or admin of %(name)s can change it.")
                % {"name": self.organization.name}
            )

    @property
    def actor_account_id(self) -> int:
        return self.account_id

    @property
    def actor_name(self) -> str:
        return self.account.get_full_name()

    actor_role = Role.MEMBER
    subject_kind = "member"
    subject_contact_id: int | None = None

    @property
    def subject_label(self) -> str:
        return self.account.get_full_name()
