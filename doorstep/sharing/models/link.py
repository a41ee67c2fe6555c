"""A public link: one paper, one addressee, graded rights, an end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Actor, record
from doorstep.contacts.models import ContactPerson
from doorstep.documents.models import Document
from doorstep.lib.errors import Refused
from doorstep.lib.phones import textable
from doorstep.lib.secrets import seal
from doorstep.lib.statements import Given, Statement
from doorstep.lib.tokens import hash_token, make_token
from doorstep.organizations.models import Organization
from doorstep.sharing.events import LINK_RENEWED, LINK_REVOKED, LINK_SHARED
from doorstep.sharing.proofs import Way, ways_to_prove

if TYPE_CHECKING:
    from doorstep.sharing.passing_on import Passer

AFTER_DUE = timedelta(days=30)
AT_LEAST = timedelta(days=30)


class LinkRight(models.TextChoices):
    """Each includes the ones before it."""

    VIEW = "view", _("See")
    PAY = "pay", _("See and pay")


class NotShareable(Refused):
    """Only what a customer may see has links."""


class Channel(models.TextChoices):
    MAIL = "mail", _("E-mail")
    WHATSAPP = "whatsapp", _("WhatsApp")
    SMS = "sms", _("SMS")
    COPY = "copy", _("Copied")


# On other ways a person hands it on; then nobody but they ever knows it.
SENT_BY_US = (Channel.MAIL, Channel.SMS)


class LinkQuerySet(models.QuerySet["Link"]):
    def live(self, *, at: datetime) -> Self:
        """Neither revoked nor expired, and the paper is one that customers may see."""
        return self.filter(
            revoked_at=None,
            expires_at__gt=at,
            document__state__in=["sent", "partly_paid", "paid"],
            document__contact__is_active=True,
            organization__suspended_at=None,
        )

    def opened_by(self, token: str, *, at: datetime) -> Link | None:
        """The live link of this token, with what its page needs, or None."""
        return self.live(at=at).with_paper().filter(token_hash=hash_token(token)).first()

    def of_hash(self, token_hash: str) -> Self:
        """Whether or not it is live: for the page that offers a fresh one."""
        return self.with_paper().filter(token_hash=token_hash)

    def with_paper(self) -> Self:
        return self.select_related(
            "document__contact", "organization__preferences", "person__contact"
        )


class Link(models.Model):
    """The token is known to nobody but its holder; `sealed_token` only until the mail is written."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, models.CASCADE, related_name="links")
    person = models.ForeignKey(ContactPerson, models.CASCADE, null=True, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    sealed_token = models.TextField(blank=True)
    right = models.CharField(max_length=10, choices=LinkRight, default=LinkRight.PAY)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.MAIL)
    shared_by_name = models.CharField(max_length=200)
    # Passed on: from which link, by whom, and to which address; `person` when that is somebody at the customer.
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="+")
    passed_by = models.ForeignKey(ContactPerson, models.CASCADE, null=True, related_name="+")
    addressee = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "document", "-id"], name="link_register")]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | Q(right=LinkRight.VIEW) & ~Q(addressee=""),
                name="link_passed_on_is_weaker",
            )
        ]

    def __str__(self) -> str:
        return self.handle

    @classmethod
    def of(cls, organization: Organization) -> LinkQuerySet:
        """The links of one organisation, whether or not they are live."""
        return cls.objects.filter(organization=organization)

    @classmethod
    def share(
        cls,
        document: Document,
        *,
        person: ContactPerson | None,
        by: Actor,
        at: datetime,
        right: str = LinkRight.PAY,
        channel: str = Channel.MAIL,
        expires_at: datetime | None = None,
        enclosed: bool = False,
    ) -> tuple[Link, str]:
        """A new link and its token, shown this once; `enclosed` in a mail that is written anyway.

        Raises `NotShareable`.
        """
        if not document.is_visible:
            raise NotShareable(_("A draft or void paper has no link."))
        token = make_token()
        with transaction.atomic():
            link = cls.objects.create(
                organization_id=document.organization_id,
                document_id=document.pk,
                person=person,
                token_hash=hash_token(token),
                sealed_token=seal(token) if channel in SENT_BY_US and not enclosed else "",
                right=right,
                channel=channel,
                shared_by_name=by.actor_name,
                created_at=at,
                expires_at=expires_at or _usual_end(document, at),
            )
            record(LINK_SHARED, link, by=by, at=at, channel=channel, right=right, enclosed=enclosed)
        return link, token

    @classmethod
    def register_of(cls, document: Document) -> LinkQuerySet:
        """Every link there ever was to this paper, newest first, with when a person last opened it."""
        from doorstep.sharing.models.opening import Opening

        openings = Opening.objects.filter(link=OuterRef("pk"), by_scanner=False).order_by("-pk")
        return (
            cls.objects.filter(organization=document.organization_id, document=document.pk)
            .select_related("person")
            .annotate(
                opened_at=Subquery(openings.values("at")[:1]),
                opened_how=Subquery(openings.values("what")[:1]),
            )
            .order_by("-pk")
        )

    @classmethod
    def behind(cls, token_hash: str, *, at: datetime | None = None) -> Link | None:
        """The link whose token has this hash; with `at` only while it is live."""
        if at is not None:
            return _BEHIND.first(token_hash=token_hash, at=at)
        return cls.objects.of_hash(token_hash).first()

    def ways_to_prove(self, *, texts: bool = False) -> list[Way]:
        """Who can prove to be somebody here, and how; `texts` when messages to telephones can be sent."""
        return ways_to_prove(self, texts=texts)

    def renew(self, *, by: Actor, at: datetime) -> Link | None:
        """A fresh link for the same addressee, mailed to the original address only.

        None when there is nobody to mail it to, or when it was passed on: only who passed it on may do that again.
        The visitor is told the same either way.
        """
        if self.parent_id or self.person is None or not self.document.is_visible:
            return None
        by_text = self.channel == Channel.SMS
        if not (textable(self.person.phone) if by_text else self.person.email):
            return None
        if self.organization.suspended_at is not None or not self.document.contact.is_active:
            return None
        with transaction.atomic():
            fresh, token = Link.share(
                self.document,
                person=self.person,
                by=by,
                at=at,
                right=self.right,
                channel=Channel.SMS if by_text else Channel.MAIL,
                enclosed=True,
            )
            Link.objects.filter(pk=fresh.pk).update(sealed_token=seal(token))
            record(LINK_RENEWED, fresh, by=by, at=at, link=fresh.pk)
        return fresh

    def revoke(self, *, by: Actor, at: datetime) -> None:
        """It opens nothing any more, and neither does what was passed on from it."""
        with transaction.atomic():
            # Under the lock of this row, so that nothing is passed on from it at the same moment.
            found = Link.objects.select_for_update(of=("self",)).get(pk=self.pk)
            ends = Link.objects.filter(Q(pk=self.pk) | Q(parent=self.pk), revoked_at=None)
            ends.update(revoked_at=at, sealed_token="")
            if found.revoked_at is None:
                self.revoked_at = at
                record(LINK_REVOKED, self, by=by, at=at)

    def pass_on(self, address: str, *, by: Passer, at: datetime, expires_at: datetime) -> Link:
        """A weaker link for somebody else, mailed to them: only to see, and no longer than this one.

        Raises `NotPassedOn`, `TooOften`.
        """
        from doorstep.sharing.passing_on import pass_on

        return pass_on(self, address, by=by, at=at, expires_at=expires_at)

    def passed_on_links(self, *, at: datetime) -> LinkQuerySet:
        """What was made of this one and still opens."""
        return Link.objects.live(at=at).filter(parent=self.pk).order_by("-pk")

    @property
    def may_be_passed_on(self) -> bool:
        """Once: what was passed on to somebody ends with them."""
        return self.parent_id is None

    @property
    def handle(self) -> str:
        """Names the link in the address bar; opens nothing by itself."""
        return self.token_hash[:16]

    @property
    def may_pay(self) -> bool:
        return self.right == LinkRight.PAY

    subject_kind = "link"

    @property
    def subject_label(self) -> str:
        return str(self.document)

    @property
    def subject_contact_id(self) -> int:
        return self.document.contact_id


def _usual_end(document: Document, at: datetime) -> datetime:
    """Thirty days after the due date, and never less than thirty days from now."""
    due = document.due_date or document.date
    after_due = at + (due - at.date()) + AFTER_DUE
    return max(after_due, at + AT_LEAST)


# Every page of a link asks this.
_BEHIND: Statement[Link, Link] = Statement(
    lambda: Link.objects.live(at=Given("at")).of_hash(Given("token_hash"))[:1]  # type: ignore[arg-type]
)
