"""*What happened here*: what was done with somebody's account, in sentences for its holder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Event
from doorstep.contacts import events as contacts
from doorstep.identity import events as own
from doorstep.identity.models import Account
from doorstep.lib.words import moment
from doorstep.organizations.events import CONSENT_GIVEN

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Happening:
    icon: str
    tone: str
    sentence: str
    where: str
    when: str


# kind: (icon, tone, sentence); %(who)s did it, the rest is in the event's data.
SENTENCES: dict[str, tuple[str, str, str | Promise]] = {
    own.SIGNED_IN_ANEW: ("log-in", "plain", _("You signed in from a new browser")),
    own.FACTOR_ADDED: ("shield-check", "good", _("You added a second step")),
    own.FACTOR_REMOVED: ("shield-off", "bad", _("You removed a second step")),
    own.RECOVERY_CODES_MADE: ("life-buoy", "plain", _("You made new recovery codes")),
    own.PASSWORD_CHANGED: ("key-round", "plain", _("You changed your password")),
    own.SESSIONS_ENDED: ("log-out", "plain", _("You signed out all other browsers")),
    own.ADDRESS_CHANGED: ("mail", "plain", _("You changed your address from %(before)s")),
    own.DATA_READY: ("download", "plain", _("You asked for a copy of your data")),
    own.ACCOUNT_CLOSED: ("user-x", "bad", _("You closed your account")),
    own.ADDRESS_RESTORED: ("mail", "warn", _("You took back the change of your address")),
    CONSENT_GIVEN: (
        "file-check",
        "plain",
        _("You agreed to the terms of %(business)s, version %(version)s"),
    ),
    contacts.FACTOR_RESET: ("shield-off", "bad", _("%(who)s reset your second step")),
    contacts.FACTOR_RESET_ASKED: (
        "shield-off",
        "wait",
        _("%(who)s asked to reset your second step"),
    ),
    contacts.VIEWING_STARTED: ("eye", "plain", _("%(who)s looked at the portal as you")),
}


def happenings_of(account: Account, time_zone: str) -> list[Happening]:
    """The latest of them, wherever the person did it and whichever business did it to them."""
    portals, offices = account.accesses.all(), account.memberships.all()
    known = Event.of_kinds(SENTENCES)
    own_acts = known.filter(subject_kind=Account.subject_kind, subject_id=account.pk)
    to_them = known.filter(subject_kind="person", subject_id__in=portals.values("contact_person"))
    # Each part on its own begins with the organisation, as the index does.
    told = own_acts.filter(organization__in=portals.values("organization")).union(
        own_acts.filter(organization__in=offices.values("organization")),
        to_them.filter(organization__in=portals.values("organization")),
    )
    return [_happening(event, time_zone) for event in told.order_by("-id")[:SHOWN]]


def _happening(event: Event, time_zone: str) -> Happening:
    icon, tone, sentence = SENTENCES[event.kind]
    values: dict[str, Any] = {"who": event.actor_name, **event.data}
    where = " · ".join(filter(None, (event.data.get("browser"), event.data.get("place"))))
    when = moment(event.at, get_language() or "en", time_zone)
    return Happening(
        icon, tone, str(sentence) % values, where or event.data.get("reason", ""), when
    )
