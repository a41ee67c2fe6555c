"""The letters about signing up: the code for whoever asks, and the request that waits for the business."""

from __future__ import annotations

from django.utils.translation import gettext as _

from doorstep.lib.secrets import unseal
from doorstep.lib.words import moment
from doorstep.notifications.audiences import Recipient
from doorstep.notifications.letters import Enclosure, link
from doorstep.notifications.occasions import Occasion


def sign_up_code(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """The code stands where other letters have their secret link. It names no customer."""
    challenge = occasion.challenge
    subject = _("Your code for %(business)s") % {"business": occasion.organization.name}
    code = unseal(challenge.sealed_code) if challenge else ""
    if not code:
        return Enclosure(subject, void=_("A newer code took its place."))
    return Enclosure(subject, secret=code)


def member_sign_up_held(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """Somebody asks for access: who, to what, and from which paper."""
    asked = occasion.sign_up
    names = {"name": asked.name if asked else "", "contact": occasion.contact.name}
    subject = _("%(name)s asks for access to %(contact)s") % names
    if asked is None or asked.decided_at is not None:
        return Enclosure(subject, void=_("Somebody has decided about it already."))
    facts = [
        (_("Name"), asked.name),
        (_("E-mail address"), asked.email),
        (_("From the link to"), asked.document.number if asked.document else "–"),
        (_("When"), moment(occasion.event.at, locale, occasion.organization.time_zone)),
    ]
    return Enclosure(subject, {"facts": facts, "link": link("office", occasion, "sign_ups")})
