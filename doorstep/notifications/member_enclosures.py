"""What letters to members say, as far as they need no split of a payment."""

from __future__ import annotations

from django.utils.translation import gettext as _

from doorstep.contacts.events import (
    ACCESS_ACCEPTED,
    ACCESS_SIGNED_UP,
    DETAIL_ASKED,
    DETAILS_EDITED,
)
from doorstep.documents.events import FILE_DELIVERED, FILE_UPLOADED, PAPER_VIEWED
from doorstep.lib.secrets import SECRET_LINK
from doorstep.lib.words import long_date, moment
from doorstep.notifications.audiences import Recipient
from doorstep.notifications.letters import Enclosure, link
from doorstep.notifications.occasions import Occasion
from doorstep.organizations.joining import LASTS, joining_token
from doorstep.payments.events import PAYMENT_PENDING, PAYMENT_STARTED


def member_activity(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """One sentence and the way there, for who asked to hear of this kind by mail."""
    event, payment, page = occasion.event, occasion.payment, ""
    if payment is not None:
        page = link("office", occasion, "payment", payment.pk)
    elif occasion.invoice is not None:
        page = link("office", occasion, "invoice", occasion.invoice.pk)
    elif event.kind in (DETAILS_EDITED, DETAIL_ASKED):
        page = link("office", occasion, "contact_changes", event.contact_id)
    elif event.kind in (FILE_UPLOADED, FILE_DELIVERED):
        page = link("office", occasion, "contact_documents", event.contact_id)
    elif event.contact_id:
        page = link("office", occasion, "contact", event.contact_id)
    sent = len(event.data.get("files", ()))
    said = {
        PAPER_VIEWED: _("%(who)s opened %(what)s"),
        ACCESS_ACCEPTED: _("%(what)s accepted the invitation"),
        ACCESS_SIGNED_UP: _("%(what)s signed up to the portal"),
        FILE_UPLOADED: _("%(who)s sent %(n)d files") if sent > 1 else _("%(who)s sent %(what)s"),
        FILE_DELIVERED: _("%(who)s sent what you asked for: %(what)s"),
        DETAILS_EDITED: _("%(who)s changed the details"),
        DETAIL_ASKED: _("%(who)s asks you to change a detail that stands on papers"),
        PAYMENT_STARTED: _("%(who)s began to pay %(amount)s"),
        PAYMENT_PENDING: _("Bank transfer of %(amount)s is in progress"),
    }[event.kind] % {
        "who": event.actor_name,
        "what": event.subject_label,
        "n": sent,
        "amount": payment.money.show(locale) if payment else "",
    }
    subject = f"{occasion.contact.name}: {said}" if event.contact_id else said
    when = moment(event.at, locale, occasion.organization.time_zone)
    return Enclosure(subject, {"said": said, "when": when, "link": page})


def team_invitation(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """Come and work with us: with a password to choose, or with the account that there is."""
    organization, event, member = occasion.organization, occasion.event, occasion.member
    if member is None:
        return Enclosure("", void=_("The person is no longer a member."))
    said = {"who": event.actor_name, "business": organization.name}
    subject = _("%(who)s invites you to the back office of %(business)s") % said
    context = {"role": member.get_role_display(), "who": event.actor_name}
    if member.account.has_usable_password():
        return Enclosure(subject, context | {"link": link("office", occasion, "home")})
    until = long_date(organization.today(event.at + LASTS), locale)
    token = joining_token(member, at=event.at)
    return Enclosure(
        subject,
        context | {"until": until, "link": SECRET_LINK},
        secret=link("office", occasion, "team_invitation", token),
    )
