"""One account is one person, whatever hats they wear."""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
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
    created_at = models.DateTimeField(auto_now_add=True)
    # Each forgotten-password link dies when a newer one is asked for.
    reset_asked_at = models.DateTimeField(null=True)

    objects: ClassVar[AccountManager] = AccountManager()

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

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] or self.email
