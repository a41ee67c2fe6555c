"""One account is one person, whatever hats they wear."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext_lazy as _


def canonical_address(email: str) -> str:
    """The one spelling under which an address is known: NFKC, no spaces, lower case."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


class AccountManager(BaseUserManager["Account"]):
    def create_account(self, email: str, password: str | None = None, *, name: str = "") -> Account:
        """A new account; without a password it can only be entered by a mailed code or link."""
        account = self.model(email=canonical_address(email), name=name)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email=canonical_address(username or ""))


class Account(AbstractBaseUser):
    email = models.EmailField(_("E-mail address"), max_length=254, unique=True)
    name = models.CharField(_("Name"), max_length=200, blank=True)
    language = models.CharField(_("Language"), max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    # By the person; nothing of theirs is left here but a number.
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Each forgotten-password link dies when a newer one is asked for.
    reset_asked_at = models.DateTimeField(null=True)

    objects: ClassVar[AccountManager] = AccountManager()

    if TYPE_CHECKING:
        # By the names of the foreign keys that point here, from the layers above too.
        accesses: Any
        memberships: Any
        sessions: Any
        factor_resets: Any
        address_changes: Any

    subject_kind = "account"
    # As it stands in the database, in one language for everybody.
    CLOSED = "Closed account"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    @classmethod
    def at_address(cls, email: str) -> Account | None:
        """Whose address that is."""
        return cls.objects.filter(email=canonical_address(email)).first()

    @classmethod
    def create(cls, email: str, password: str | None = None, *, name: str = "") -> Account:
        """As `objects.create_account`."""
        return cls.objects.create_account(email, password, name=name)

    @classmethod
    def reached_at(cls, email: str, organization_id: int | None) -> list[Account]:
        """Who is written to when this address asks at that organisation's door: nobody, or its holder.

        People of other organisations are not: their mail would tell the business that they exist.
        """
        found = cls.objects.filter(email=canonical_address(email), is_active=True)
        if organization_id is not None:
            access = Q(accesses__organization=organization_id, accesses__revoked_at=None)
            found = found.filter(
                access | Q(memberships__organization=organization_id, memberships__left_at=None)
            )
        return list(found.distinct()[:1])

    @classmethod
    def is_shared(cls, email: str, organization_id: int) -> bool:
        """Whether the address signs in to another organisation than this one as well.

        Its sign-in mail must then not pass through this one's hands: neither its owner nor its
        mail server may come by what opens the doors of others.
        """
        account = cls.at_address(email)
        return account is not None and account.is_known_besides(organization_id)

    def is_known_besides(self, organization_id: int) -> bool:
        """Whether another business lets this person in as well."""
        portals = self.accesses.filter(revoked_at=None).exclude(organization=organization_id)
        offices = self.memberships.filter(left_at=None).exclude(organization=organization_id)
        return bool(portals.exists() or offices.exists())

    def known_at(self, preferred: int | None) -> int | None:
        """The id of an organisation whose portal or office this person may enter: `preferred` if it is one."""
        portals = self.accesses.filter(revoked_at=None).values_list("organization", flat=True)
        offices = self.memberships.filter(left_at=None).values_list("organization", flat=True)
        known: set[int] = {*portals, *offices}
        return preferred if preferred in known else min(known, default=None)

    def asks_for_reset(self, *, at: datetime) -> Account:
        """From now on only a link that is made after this sets a new password."""
        self.reset_asked_at = at
        self.save(update_fields=["reset_asked_at"])
        return self

    def second_factors(self) -> set[str]:
        """The kinds of second factor that this person has set up; recovery codes alone are none."""
        kinds = set(Authenticator.objects.filter(user_id=self.pk).values_list("type", flat=True))
        return kinds - {Authenticator.Type.RECOVERY_CODES.value}

    def must_have_second_factor(self) -> bool:
        """Whether any business whose portal or office this person may enter asks for one."""
        return any(asks for _organization, _person, asks in self.doors())

    def doors(self) -> list[tuple[int, int, bool]]:
        """Each organisation that knows this person or did, whom it knows them as (0: one of the team),
        and whether it asks them for a second factor."""
        asks_customers = Q(revoked_at=None, organization__preferences__mfa_required=True)
        asks_staff = Q(left_at=None, organization__preferences__staff_mfa_required=True)
        portals = self.accesses.annotate(asks=ExpressionWrapper(asks_customers, BooleanField()))
        offices = self.memberships.annotate(asks=ExpressionWrapper(asks_staff, BooleanField()))
        nobody = models.Value(0, output_field=models.BigIntegerField())
        return list(
            portals.values_list("organization", "contact_person", "asks").union(
                offices.values_list("organization", nobody, "asks"), all=True
            )
        )

    def lose_second_factor(self) -> None:
        """Begin anew: apps, passkeys, recovery codes and remembered browsers are gone, all sessions end."""
        with transaction.atomic():
            Authenticator.objects.filter(user_id=self.pk).delete()
            self.sessions.all().delete()

    def disable(self) -> None:
        """Nobody signs in as this person any more, and whoever is signed in is out."""
        with transaction.atomic():
            self.is_active = False
            self.save(update_fields=["is_active"])
            self.sessions.all().delete()

    def close(self, *, at: datetime) -> None:
        """For good: nobody signs in by it again, and it names nobody. What was written down elsewhere stays."""
        with transaction.atomic():
            self.lose_second_factor()
            self.factor_resets.all().delete()
            self.address_changes.all().delete()
            self.email = f"closed-{self.pk}@account.invalid"
            self.name, self.language = self.CLOSED, ""
            self.is_active, self.closed_at = False, at
            self.last_login = self.reset_asked_at = None
            self.set_unusable_password()
            self.save()

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] or self.email
