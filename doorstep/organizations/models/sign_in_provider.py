"""A customer's own identity provider, trusted at this organisation's portal and nowhere else."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import record
from doorstep.lib.secrets import seal, unseal
from doorstep.organizations.events import PROVIDER_ADDED, PROVIDER_CHANGED, PROVIDER_REMOVED
from doorstep.organizations.free_mail import is_free_mail
from doorstep.organizations.models.member import Member
from doorstep.organizations.models.organization import Organization

_DOMAIN = re.compile(r"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$")


def check_issuer(issuer: str) -> None:
    parts = urlsplit(issuer)
    schemes = ("https", "http") if settings.PRIVATE_PROVIDERS else ("https",)
    if parts.scheme not in schemes or not parts.hostname or parts.query or parts.fragment:
        raise ValidationError(_("An address like https://login.example.com."))
    if parts.username or parts.password:
        raise ValidationError(_("An address like https://login.example.com."))


class SignInProvider(models.Model):
    """The secret goes in and never comes out again but to the provider."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="sign_in_providers")
    name = models.CharField(
        _("Name on the button"), max_length=40, help_text=_("For example: Coyote’s sign-in.")
    )
    issuer = models.CharField(
        _("Server (issuer)"),
        max_length=200,
        validators=[check_issuer],
        help_text=_("As the provider says it, for example https://login.coyote.example."),
    )
    client_id = models.CharField(_("Client ID"), max_length=191)
    sealed_secret = models.TextField(blank=True)
    domains = models.TextField(
        _("E-mail domains"),
        max_length=1000,
        help_text=_("Whose addresses it proves, such as coyote.example. One on each line."),
    )
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["organization", "name"], name="provider_list")]

    subject_kind = "provider"
    subject_contact_id: int | None = None

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, organization: Organization) -> models.QuerySet[SignInProvider]:
        return cls.objects.filter(organization=organization)

    @classmethod
    def add(
        cls, organization: Organization, *, by: Member, at: datetime, **details: Any
    ) -> SignInProvider:
        """Raises `NotAllowed`, ValidationError."""
        provider = cls(organization=organization, created_at=at)
        provider._save(PROVIDER_ADDED, by=by, at=at, **details)
        return provider

    def change(self, *, by: Member, at: datetime, **details: Any) -> None:
        """An empty secret leaves the one that is there. Raises `NotAllowed`, ValidationError."""
        self._save(PROVIDER_CHANGED, by=by, at=at, **details)

    def _save(
        self, kind: str, *, by: Member, at: datetime, secret: str = "", **details: Any
    ) -> None:
        by.require("settings.edit")
        with transaction.atomic():
            for name, value in details.items():
                setattr(self, name, value)
            if secret:
                self.sealed_secret = seal(secret)
            self.full_clean()
            self.save()
            record(kind, self, by=by, at=at, issuer=self.issuer, domains=self.domain_list)

    def remove(self, *, by: Member, at: datetime) -> None:
        by.require("settings.edit")
        with transaction.atomic():
            record(PROVIDER_REMOVED, self, by=by, at=at)
            SignInProvider.objects.filter(pk=self.pk).delete()

    def clean(self) -> None:
        self.domains = "\n".join(self.domain_list)
        for domain in self.domain_list:
            if not _DOMAIN.match(domain) or is_free_mail(domain):
                raise ValidationError(
                    {
                        "domains": _("%(domain)s is not the domain of one business.")
                        % {"domain": domain}
                    }
                )

    @property
    def domain_list(self) -> list[str]:
        return [part.casefold().lstrip("@") for part in re.split(r"[\s,;]+", self.domains) if part]

    @property
    def secret(self) -> str:
        """In plain, for the provider only. Raises `Unreadable`."""
        return unseal(self.sealed_secret)

    @property
    def subject_label(self) -> str:
        return self.name
