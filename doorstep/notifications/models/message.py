"""Mail on its way: the outbox, one row for one mail to one person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Event, record
from doorstep.contacts.models import ContactPerson
from doorstep.identity.models import Account
from doorstep.lib import secrets
from doorstep.lib.errors import NotAllowed, Refused
from doorstep.lib.tokens import make_token
from doorstep.notifications.events import (
    KEPT_DISCARDED,
    KEPT_QUEUED,
    MESSAGE_DISCARDED,
    MESSAGE_QUEUED,
    MESSAGE_REVEALED,
)
from doorstep.notifications.models.mail_settings import MailSettings
from doorstep.notifications.models.outbox import MessageQuerySet, MessageState
from doorstep.notifications.models.sms_settings import SmsSettings
from doorstep.organizations.models import Member, Organization
from doorstep.organizations.roles import OWNER

if TYPE_CHECKING:
    from collections.abc import Mapping

LEASE = timedelta(minutes=10)


class NothingSends(Refused):
    """No mail server is set, or this is a demo: mail stays here."""


class NotInThisState(Refused):
    """A mail that has left cannot be called back, one that was dropped cannot be dropped again."""


class NothingToReveal(Refused):
    """The mail holds no link that opens something, or no longer."""


class Message(models.Model):
    """One mail to one person. `message_id` stays the same however often it is tried.

    A link that opens something is not in the bodies: they say `SECRET_LINK` where it goes, and
    `sealed_secret` holds it until the mail has left.
    """

    SECRET_LINK = secrets.SECRET_LINK

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="messages")
    kind = models.CharField(max_length=60)
    person = models.ForeignKey(ContactPerson, models.SET_NULL, null=True, related_name="+")
    member = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    # A mail to an address, or with `by_text` a message to the number of a telephone.
    recipient = models.CharField(max_length=254)
    by_text = models.BooleanField(default=False)
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
            models.Index(fields=["organization", "state", "-id"], name="message_by_state"),
            models.Index(
                fields=["next_attempt_at"], condition=Q(state="queued"), name="message_due"
            ),
            models.Index(fields=["id"], condition=Q(state="nobody"), name="message_for_nobody"),
        ]

    subject_kind = "message"

    def __str__(self) -> str:
        return self.subject

    @classmethod
    def of(cls, organization: Organization) -> MessageQuerySet:
        return cls.objects.all().of(organization)

    @classmethod
    def send_kept(cls, organization: Organization, *, by: Member, at: datetime) -> int:
        """Let everything go that was kept while no mail server was set. Raises `NothingSends`."""
        by.require("outbox.send")
        _check_sends(organization)
        with transaction.atomic():
            count = cls.of(organization).kept().filter(by_text=False).queue(at=at)
            record(KEPT_QUEUED, organization, by=by, at=at, count=count)
        return count

    @classmethod
    def discard_kept(cls, organization: Organization, *, by: Member, at: datetime) -> int:
        """Drop everything that was kept; it stays readable, without its links."""
        by.require("outbox.send")
        with transaction.atomic():
            count = (
                cls.of(organization)
                .kept()
                .update(state=MessageState.CANCELLED, sealed_secret="", error=_discarded_by(by))
            )
            record(KEPT_DISCARDED, organization, by=by, at=at, count=count)
        return count

    def queue(self, *, by: Member, at: datetime) -> None:
        """Send what was kept, try again what was refused. Raises `NothingSends`, `NotInThisState`."""
        by.require("outbox.send")
        _check_sends(by.organization, by_text=self.by_text)
        with transaction.atomic():
            waiting = [MessageState.KEPT, MessageState.FAILED]
            if not Message.objects.filter(pk=self.pk, state__in=waiting).queue(at=at):
                raise NotInThisState(_("Only a mail that was kept or refused can be sent."))
            record(MESSAGE_QUEUED, self, by=by, at=at)

    def send_again(self, *, by: Member, at: datetime) -> Message:
        """A second copy of a mail that has left, as a mail of its own.

        Raises `NothingSends`, `NotInThisState`; a mail whose link was forgotten needs a new link.
        """
        by.require("outbox.send")
        _check_sends(by.organization, by_text=self.by_text)
        if not self.may_be_sent_again:
            raise NotInThisState(_("This mail cannot be sent again. Write a new one."))
        copied = {
            f.name: getattr(self, f.name) for f in self._meta.concrete_fields if f.name in _COPIED
        }
        with transaction.atomic():
            copy = Message.objects.create(
                **copied,
                organization_id=self.organization_id,
                message_id=new_message_id(),
                created_at=at,
                state=MessageState.QUEUED,
                next_attempt_at=at,
            )
            record(MESSAGE_QUEUED, copy, by=by, at=at, again=self.pk)
        return copy

    @property
    def may_be_sent_again(self) -> bool:
        return self.state == MessageState.SENT and secrets.SECRET_LINK not in self.text

    def discard(self, *, by: Member, at: datetime) -> None:
        """It will never be sent; it stays readable, without its link. Raises `NotInThisState`."""
        by.require("outbox.send")
        with transaction.atomic():
            waiting = [MessageState.KEPT, MessageState.FAILED, MessageState.QUEUED]
            free = Q(leased_until=None) | Q(leased_until__lte=at)
            dropped = Message.objects.filter(free, pk=self.pk, state__in=waiting).update(
                state=MessageState.CANCELLED, sealed_secret="", error=_discarded_by(by)
            )
            if not dropped:
                raise NotInThisState(_("This mail has left already, or is leaving now."))
            record(MESSAGE_DISCARDED, self, by=by, at=at)

    def reveal(self, *, by: Member, at: datetime) -> str:
        """The link in this mail, for the owner of a demo or where no mail leaves; each time on record.

        Raises `NotAllowed`, `NothingToReveal`.
        """
        if not self.may_be_revealed_to(by):
            raise NotAllowed(_("Only an owner may see this link, and only while no mail leaves."))
        if not self.sealed_secret:
            raise NothingToReveal(_("This mail holds no link any more."))
        with transaction.atomic():
            record(MESSAGE_REVEALED, self, by=by, at=at)
        return secrets.unseal(self.sealed_secret)

    def may_be_revealed_to(self, member: Member) -> bool:
        if self.is_for_shared_account:
            return False
        if leaves(member.organization, kind=self.kind, by_text=self.by_text):
            return False
        return member.role == OWNER

    @property
    def is_for_shared_account(self) -> bool:
        """It is about an account that opens the doors of other businesses too.

        The code that confirms a new address opens nothing without its holder's session, and must not
        tell whether that address has an account already.
        """
        if not self.kind.startswith("account") or self.kind == "account.address_code":
            return False
        if self.kind == "account_notice" and self.event is not None:
            account = Account.objects.filter(pk=self.event.subject_id).first()
        else:
            account = Account.at_address(self.recipient)
        return account is not None and account.is_known_besides(self.organization_id)

    def claim(self, *, at: datetime) -> bool:
        """Take it in hand for one attempt; False when another worker was first."""
        until = at + LEASE
        won = Message.objects.filter(pk=self.pk).due(at=at)
        if not won.update(leased_until=until, attempts=F("attempts") + 1):
            return False
        self.leased_until, self.attempts = until, self.attempts + 1
        return True

    def is_mine_still(self, *, at: datetime) -> bool:
        """Renew the lease just before the mail is handed over; False when it was taken away."""
        mine = Message.objects.filter(
            pk=self.pk, state=MessageState.QUEUED, leased_until=self.leased_until
        )
        self.leased_until = at + LEASE
        return bool(mine.update(leased_until=self.leased_until))

    def note_sent(self, *, at: datetime) -> None:
        """The mail server has taken it; the link in it is forgotten here."""
        self._end(MessageState.SENT, sent_at=at, sealed_secret="", error="")

    def note_refused(self, error: str) -> None:
        """The mail server will never take it. It stays where staff see it."""
        self._end(MessageState.FAILED, error=error[:500])

    def cancel(self, reason: str) -> None:
        """What it says does not hold any more."""
        self._end(MessageState.CANCELLED, error=reason[:500], sealed_secret="")

    def keep(self) -> None:
        """No mail server any more: it stays here until somebody decides."""
        self._end(MessageState.KEPT, next_attempt_at=None)

    def put_off(self, error: str, *, at: datetime) -> None:
        Message.objects.filter(pk=self.pk).put_off(error, at=at)

    def _end(self, state: MessageState, **values: object) -> None:
        values |= {"state": state, "leased_until": None}
        Message.objects.filter(pk=self.pk, state=MessageState.QUEUED).update(**values)

    @property
    def subject_label(self) -> str:
        return self.subject[:200]

    @property
    def subject_contact_id(self) -> int | None:
        return self.person.contact_id if self.person else None


_COPIED = frozenset(
    "kind person member recipient by_text recipient_name language subject text html papers reply_to".split()
)


def new_message_id() -> str:
    """Unique for ever; every attempt to send the same mail carries the same one."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    return f"<{make_token()}@{host}>"


def leaves(organization: Organization, *, kind: str = "", by_text: bool) -> bool:
    """Whether mail of this kind, or a message to a telephone, leaves the house at all."""
    if by_text:
        return SmsSettings.of(organization).sends
    return MailSettings.carrying(kind, organization).sends


def first_state(
    organization: Organization, *, at: datetime, kind: str, by_text: bool = False
) -> Mapping[str, object]:
    """Whether what is written now waits to be sent or is kept."""
    if leaves(organization, kind=kind, by_text=by_text):
        return {"state": MessageState.QUEUED, "next_attempt_at": at}
    return {"state": MessageState.KEPT, "next_attempt_at": None}


def _check_sends(organization: Organization, *, by_text: bool = False) -> None:
    if organization.is_demo:
        raise NothingSends(_("Mail of a demo company never leaves this machine."))
    if not leaves(organization, by_text=by_text):
        words = _("Set a mail server first, then mail can leave.")
        raise NothingSends(_("Connect Twilio first.") if by_text else words)


def _discarded_by(member: Member) -> str:
    from django.utils.translation import gettext

    return gettext("Discarded by %(name)s") % {"name": member.actor_name}
