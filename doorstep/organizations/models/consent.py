"""Who agreed to which version of the business's terms, when, how, and from where."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from doorstep.identity.holder import note
from doorstep.identity.models import Account
from doorstep.identity.peers import where_of
from doorstep.organizations.events import CONSENT_GIVEN
from doorstep.organizations.models.organization import Organization


class How(models.TextChoices):
    INVITATION = "invitation", _("With the invitation")
    SIGN_UP = "sign_up", _("At sign-up")
    VISIT = "visit", _("At a later visit")


class Consent(models.Model):
    """Written once. Name and address are kept as they were, also when the account is closed."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="consents")
    account = models.ForeignKey(Account, models.PROTECT, related_name="consents")
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254)
    version = models.CharField(max_length=40)
    terms_url = models.URLField(blank=True)
    privacy_url = models.URLField(blank=True)
    at = models.DateTimeField()
    how = models.CharField(max_length=10, choices=How)
    place = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "account", "version"], name="consent_once_a_version"
            )
        ]
        indexes = [models.Index(fields=["organization", "at", "id"], name="consent_list")]

    def __str__(self) -> str:
        return f"{self.email} {self.version}"

    @classmethod
    def of(cls, organization: Organization) -> models.QuerySet[Consent]:
        return cls.objects.filter(organization=organization)

    @classmethod
    def is_given(cls, organization: Organization, account: Account) -> bool:
        """To the version that holds now; also where nothing is asked."""
        if not organization.asks_consent:
            return True
        return (
            cls.of(organization)
            .filter(account=account, version=organization.terms_version)
            .exists()
        )

    @classmethod
    def give(
        cls, organization: Organization, account: Account, request: Any, *, how: How, at: datetime
    ) -> None:
        """The holder of the account agrees to what is asked now; a second time changes nothing."""
        if not organization.asks_consent:
            return
        with transaction.atomic():
            _consent, new = cls.objects.get_or_create(
                organization=organization,
                account=account,
                version=organization.terms_version,
                defaults={
                    "name": account.get_full_name(),
                    "email": account.email,
                    "terms_url": organization.terms_url,
                    "privacy_url": organization.privacy_url,
                    "at": at,
                    "how": how,
                    "place": where_of(request),
                },
            )
            if new:
                said = {"business": organization.name, "version": organization.terms_version}
                note(CONSENT_GIVEN, account, request, at=at, **said)
