"""What every mail of one organisation shares: name, colours, address, and whom a reply reaches."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from doorstep.contacts.models import Contact
from doorstep.lib.brand import Brand, derive
from doorstep.notifications.models import MailSettings
from doorstep.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Letterhead:
    name: str
    legal_name: str
    address: str
    colors: Brand
    is_test: bool
    reply_to: str
    answers: str
    """Who reads a reply: "Maya Lindqvist at Acme Wholesale, +1 505 555 0142"; empty when nobody does."""


def letterhead_of(organization: Organization, contact: Contact | None = None) -> Letterhead:
    manager = contact.account_manager if contact else None
    if manager is not None and manager.left_at is None:
        reply_to = manager.account.email
        answers = _("%(person)s at %(business)s") % {
            "person": manager.actor_name,
            "business": organization.name,
        }
    else:
        reply_to = organization.email or MailSettings.of(organization).reply_to
        answers = organization.name if reply_to else ""
    if answers and organization.phone:
        answers += f", {organization.phone}"
    return Letterhead(
        name=organization.name,
        legal_name=organization.legal_name or organization.name,
        address=", ".join(organization.address_lines),
        colors=derive(organization.brand_color),
        is_test=organization.is_test,
        reply_to=reply_to,
        answers=answers,
    )
