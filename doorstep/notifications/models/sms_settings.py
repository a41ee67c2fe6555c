"""How messages to telephones leave the house."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import record
from doorstep.lib.secrets import seal, unseal
from doorstep.notifications.events import SMS_SETTINGS_CHANGED
from doorstep.organizations.models import Member, Organization


class SmsSettings(models.Model):
    """Without an account no message is offered to anybody. A demo company's are offered, and always kept."""

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="sms_settings")
    account = models.CharField(
        _("Account SID"),
        max_length=34,
        blank=True,
        validators=[
            RegexValidator(r"^AC[0-9a-f]{32}$", _("It begins with AC, and has 34 characters."))
        ],
        help_text=_(
            "On the first page of the Twilio console. Empty: no messages are sent or offered."
        ),
    )
    sealed_token = models.TextField(blank=True)
    sender = models.CharField(
        _("From"),
        max_length=34,
        blank=True,
        validators=[
            RegexValidator(
                r"^(\+[1-9]\d{7,14}|MG[0-9a-f]{32})$",
                _("A number like +15055550142, or a messaging service that begins with MG."),
            )
        ],
        help_text=_("Your Twilio number with its country, or the SID of a messaging service."),
    )

    subject_kind = "sms_settings"
    subject_contact_id: int | None = None

    def __str__(self) -> str:
        return self.sender or "kept"

    @classmethod
    def of(cls, organization: Organization) -> SmsSettings:
        """What is set, or a blank row that is not saved yet."""
        found = cls.objects.filter(organization=organization).first() or cls()
        found.organization = organization
        return found

    @property
    def sends(self) -> bool:
        """Whether messages leave at all."""
        connected = bool(self.account and self.sealed_token and self.sender)
        return connected and not self.organization.is_demo

    @property
    def is_offered(self) -> bool:
        """Whether people may choose one. A demo company shows how it would be."""
        return self.sends or self.organization.is_demo

    @property
    def token(self) -> str:
        """In plain, for Twilio only. Raises `Unreadable`."""
        return unseal(self.sealed_token)

    @property
    def subject_label(self) -> str:
        return str(self)

    def change(self, *, by: Member, at: datetime, token: str = "", **cleaned: Any) -> None:
        """Save and say so; an empty token leaves the one that is there. Raises `NotAllowed`."""
        by.require("settings.edit")
        with transaction.atomic():
            for name, value in cleaned.items():
                setattr(self, name, value)
            if token:
                self.sealed_token = seal(token)
            if not self.account:
                self.sealed_token = ""
            self.save()
            record(SMS_SETTINGS_CHANGED, self, by=by, at=at, sender=self.sender)
