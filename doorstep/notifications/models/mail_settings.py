"""How the mail of one organisation leaves the house."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import record
from doorstep.lib.secrets import seal, unseal
from doorstep.notifications.events import MAIL_SETTINGS_CHANGED
from doorstep.organizations.models import Member, Organization

ENCRYPTED_FROM_THE_START = 465
ACCOUNT_KINDS = "account"


def concerns_account(kind: str) -> bool:
    """Codes and links to sign in with, and what was done with an account."""
    return kind.startswith(ACCOUNT_KINDS)


class MailSettings(models.Model):
    """Without a host nothing leaves: it is kept. A demo organisation's mail is always kept."""

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="mail_settings")
    host = models.CharField(
        _("Mail server"),
        max_length=200,
        blank=True,
        help_text=_("The SMTP server of your mail provider. Empty: mail is kept in the Outbox."),
    )
    port = models.PositiveIntegerField(
        _("Port"), default=587, help_text=_("Usually 587, or 465 for encrypted from the start.")
    )
    username = models.CharField(_("User name"), max_length=200, blank=True)
    sealed_password = models.TextField(blank=True)
    use_tls = models.BooleanField(_("Encrypt the connection"), default=True)
    from_address = models.EmailField(_("From address"), blank=True)
    from_name = models.CharField(
        _("From name"), max_length=120, blank=True, help_text=_("Empty: the name of your business.")
    )
    reply_to = models.EmailField(
        _("Replies go to"),
        blank=True,
        help_text=_("For mails where no account manager and no address of the business is known."),
    )

    subject_kind = "mail_settings"
    subject_contact_id: int | None = None

    def __str__(self) -> str:
        return self.host or "kept"

    @classmethod
    def of(cls, organization: Organization) -> MailSettings:
        """What is set, or a blank row that is not saved yet."""
        found = cls.objects.filter(organization=organization).first() or cls()
        found.organization = organization
        return found

    @classmethod
    def with_server(cls, organization: Organization) -> models.QuerySet[MailSettings]:
        """The organisation's settings, if a mail server is set."""
        return cls.objects.filter(organization=organization).exclude(host="")

    @classmethod
    def carrying(cls, kind: str, organization: Organization) -> MailSettings:
        """Whose server takes mail of this kind: the operator's own, where there is one, for what concerns
        an account, since an account may open the doors of several businesses; else the organisation's."""
        if concerns_account(kind) and settings.SMTP_URL:
            return cls._of_operator(organization)
        return cls.of(organization)

    @classmethod
    def _of_operator(cls, organization: Organization) -> MailSettings:
        """From the environment, never saved; the name is the business's, so that people know who writes."""
        url = urlsplit(settings.SMTP_URL)
        host = url.hostname or ""
        return cls(
            organization=organization,
            host=host,
            port=url.port or (ENCRYPTED_FROM_THE_START if url.scheme == "smtps" else 587),
            username=unquote(url.username or ""),
            sealed_password=seal(unquote(url.password or "")),
            use_tls=url.scheme != "smtp+plain",
            from_address=settings.SMTP_FROM or settings.DEFAULT_FROM_EMAIL,
        )

    @property
    def sends(self) -> bool:
        """Whether mail leaves at all."""
        return bool(self.host) and not self.organization.is_demo

    @property
    def password(self) -> str:
        """In plain, for the mail server only. Raises `Unreadable`."""
        return unseal(self.sealed_password)

    @property
    def subject_label(self) -> str:
        return str(self)

    def change(self, *, by: Member, at: datetime, password: str = "", **cleaned: Any) -> None:
        """Save and say so; an empty password leaves the one that is there. Raises `NotAllowed`."""
        by.require("settings.edit")
        with transaction.atomic():
            for name, value in cleaned.items():
                setattr(self, name, value)
            if password:
                self.sealed_password = seal(password)
            if not self.username:
                self.sealed_password = ""
            self.save()
            record(MAIL_SETTINGS_CHANGED, self, by=by, at=at, host=self.host, port=self.port)
