"""Messages (mail that waits, went, or was kept), notices (the bell), and who wants which."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Event
from doorstep.contacts.models import ContactPerson
from doorstep.organizations.models import Member, Organization


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    KEPT = "kept", _("Kept here")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Refused")
    CANCELLED = "cancelled", _("Not sent")


class MessageQuerySet(models.QuerySet["Message"]):
    def newest_first(self) -> MessageQuerySet:
        return self.order_by("-pk")

    def kept(self) -> MessageQuerySet:
        return self.filter(state=MessageState.KEPT)


class Message(models.Model):
    """One mail to one person. `message_id` stays the same however often it is tried.

    A link that opens something is not in the bodies: they say `SECRET_LINK` where it goes, and
    `sealed_secret` holds it until the mail has left.
    """

    SECRET_LINK = "https://doorstep.invalid/the-link-in-this-mail"

    organization = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="+")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="messages")
    kind = models.CharField(max_length=60)
    person = models.ForeignKey(ContactPerson, models.SET_NULL, null=True, related_name="+")
    member = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    recipient = models.EmailField()
    recipient_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, default="en")
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    # Papers to attach, drawn when the mail is sent: [{"kind": "invoice", "id": 7}].
    papers = models.JSONField(default=list)
    reply_to = models.EmailField(blank=True)
    sealed_secret = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.QUEUED)
    message_id = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "recipient", "kind"],
                condition=Q(event__isnull=False),
                name="message_once",
            )
        ]
        indexes = [
            models.Index(fields=["organization", "-id"], name="message_outbox"),
            models.Index(
                fields=["next_attempt_at"], condition=Q(state="queued"), name="message_due"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One line behind a member's bell."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, models.CASCADE, related_name="notices")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "event"], name="notice_once")
        ]
        indexes = [
            models.Index(fields=["member", "-id"], name="notice_list"),
            models.Index(fields=["member"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return str(self.event)


class MailSettings(models.Model):
    """How one organisation's mail leaves. Without a host nothing leaves: it is kept."""

    organization = models.OneToOneField(Organization, models.CASCADE, related_name="mail_settings")
    host = models.CharField(_("Mail server"), max_length=200, blank=True)
    port = models.PositiveIntegerField(_("Port"), default=587)
    username = models.CharField(_("User name"), max_length=200, blank=True)
    sealed_password = models.TextField(blank=True)
    use_tls = models.BooleanField(_("Encrypt the connection"), default=True)
    from_address = models.EmailField(_("From address"), blank=True)
    from_name = models.CharField(_("From name"), max_length=120, blank=True)
    reply_to = models.EmailField(_("Replies go to"), blank=True)

    def __str__(self) -> str:
        return self.host or "kept"
