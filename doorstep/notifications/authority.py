"""Between writing a mail and sending it the world moves on: does the recipient still have a right to it?"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from doorstep.contacts.models import Contact, ContactPerson, Invitation
from doorstep.lib.phones import textable
from doorstep.notifications.hearers import hearers
from doorstep.notifications.models import Message
from doorstep.notifications.models.choice import choosable
from doorstep.notifications.rules import Channel
from doorstep.organizations.joining import LASTS as JOINING_LASTS
from doorstep.organizations.models import Member
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice
from doorstep.sharing.admission import Admission, admission_of
from doorstep.sharing.models import Link

# A link that no longer works when it arrives only confuses.
ACCOUNT_MAIL_LASTS = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
NOTICE_LASTS = timedelta(days=7)
CODE_LASTS = timedelta(minutes=10)


def why_not(message: Message, *, at: datetime) -> str:
    """Why this mail must not leave any more; empty while it may."""
    if message.kind in ("invitation", "team_invitation"):
        invited = _invitation if message.kind == "invitation" else _team_invitation
        return invited(message, at)
    if message.kind.startswith("member_"):
        return _member(message)
    if message.kind in ("link_code", "shared_link", "passed_on_link"):
        return _link(message, at)
    if message.kind == "sign_up_code":
        return _too_old(message, CODE_LASTS, at) or _sign_up(message, at)
    if message.kind.startswith("account"):
        return _account(message, at)
    return _person(message) or _papers(message)


def _account(message: Message, at: datetime) -> str:
    if message.kind in ("account_notice", "account_way_in"):
        return _too_old(message, NOTICE_LASTS, at)
    if message.is_for_shared_account and not settings.SMTP_URL:
        return _(
            "This person also signs in elsewhere; for their safety it does not leave from here."
        )
    lasts = CODE_LASTS if message.kind.endswith("code") else ACCOUNT_MAIL_LASTS
    return _too_old(message, lasts, at)


def _too_old(message: Message, lasts: timedelta, at: datetime) -> str:
    return _("Too old to be of use.") if at - message.created_at > lasts else ""


def _invitation(message: Message, at: datetime) -> str:
    number: int | None = message.event.data.get("invitation") if message.event else None
    still_open = Invitation.objects.open().filter(
        pk=number or 0,
        organization=message.organization,
        email=message.recipient,
        expires_at__gt=at,
    )
    if not message.sealed_secret or not still_open.exists():
        return _("The invitation is no longer open.")
    return _address(message)


def _team_invitation(message: Message, at: datetime) -> str:
    member: Member | None = message.member
    if member is None or member.left_at is not None or not member.account.is_active:
        return _("The person is no longer a member.")
    if member.account.email != message.recipient:
        return _("The person has another address now.")
    if message.sealed_secret and member.account.has_usable_password():
        return _("The invitation is no longer open.")
    return _too_old(message, JOINING_LASTS, at)


def _link(message: Message, at: datetime) -> str:
    is_code = message.kind == "link_code"
    over = _too_old(message, CODE_LASTS, at) if is_code else _shared_link(message, at)
    return over or _whom_it_is_for(message, at)


def _shared_link(message: Message, at: datetime) -> str:
    number = message.event.subject_id if message.event else 0
    if not message.sealed_secret or not Link.objects.live(at=at).filter(pk=number).exists():
        return _("The link opens nothing any more.")
    return ""


def _sign_up(message: Message, at: datetime) -> str:
    number = message.event.subject_id if message.event else 0
    link = Link.of(message.organization).live(at=at).with_paper().filter(pk=number).first()
    if link is None:
        return _("The link opens nothing any more.")
    said = admission_of(message.recipient, link.document.contact, link.organization)
    return _("This address is not let in any more.") if said is Admission.NO else ""


def _whom_it_is_for(message: Message, at: datetime) -> str:
    """A person of the customer, or the address that a link was passed on to and still is for."""
    if message.person is not None:
        return _address(message)
    number = message.event.subject_id if message.event else 0
    links = Link.objects.live(at=at).filter(pk=number, addressee=message.recipient)
    return "" if links.exists() else _("The link opens nothing any more.")


def _person(message: Message) -> str:
    """Still somebody at an active contact, with this address, whose access nobody took away."""
    if (wrong := _address(message)) or message.person is None:
        return wrong
    access = getattr(message.person, "access", None)
    if access is not None and access.revoked_at is not None:
        return _("The person's access was taken away.")
    return ""


def _address(message: Message) -> str:
    person: ContactPerson | None = message.person
    if person is None:
        return _("The person is no longer there.")
    if (textable(person.phone) if message.by_text else person.email) != message.recipient:
        return _("The person has another address now.")
    if not person.contact.is_active:
        return _("The contact is not active any more.")
    return ""


def _papers(message: Message) -> str:
    """What is attached is still theirs to see."""
    person = message.person
    if person is None:
        return ""
    for paper in message.papers:
        if paper["kind"] == "invoice":
            seen = Invoice.of(person.contact).visible().filter(pk=paper["id"]).exists()
        else:
            seen = Payment.of(person.contact).succeeded().filter(pk=paper["id"]).exists()
        if not seen:
            return _("What it is about can no longer be seen by the customer.")
    return ""


def _member(message: Message) -> str:
    member: Member | None = message.member
    if member is None or member.left_at is not None or not member.account.is_active:
        return _("The person is no longer a member.")
    if member.account.email != message.recipient:
        return _("The person has another address now.")
    if not message.organization.preferences.allows_notices_by_mail():
        return _("Mails about portal activity were switched off.")
    if not _hears(member, message):
        return _("The person no longer hears of this.")
    return ""


def _hears(member: Member, message: Message) -> bool:
    rule = choosable(message.event.kind, Channel.MAIL) if message.event else None
    if message.event is None or rule is None:
        return False
    about = Contact.objects.filter(pk=message.event.contact_id or 0)
    manager = about.values_list("account_manager", flat=True).first()
    listening = hearers(rule, message.organization_id, manager_id=manager)
    return listening.filter(pk=member.pk).exists()
