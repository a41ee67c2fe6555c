"""What the mail to the holder of an account says about what was done with it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.identity import events
from doorstep.lib.secrets import SECRET_LINK, unseal
from doorstep.lib.words import moment
from doorstep.notifications.audiences import Recipient
from doorstep.notifications.letters import Enclosure, link
from doorstep.notifications.occasions import Occasion

# kind: (subject, what it means and what to do if it was somebody else).
SAID: dict[str, tuple[str | Promise, str | Promise]] = {
    events.SIGNED_IN_ANEW: (
        gettext_lazy("You signed in from a new browser"),
        gettext_lazy(
            "If this was not you, sign out all browsers and choose another password: somebody knows it."
        ),
    ),
    events.FACTOR_ADDED: (
        gettext_lazy("A second step was added to your account"),
        gettext_lazy("If this was not you, remove it and choose another password."),
    ),
    events.FACTOR_REMOVED: (
        gettext_lazy("A second step was removed from your account"),
        gettext_lazy("If this was not you, choose another password and set it up again."),
    ),
    events.RECOVERY_CODES_MADE: (
        gettext_lazy("New recovery codes were made for your account"),
        gettext_lazy(
            "The old ones open nothing any more. If this was not you, choose another password."
        ),
    ),
    events.PASSWORD_CHANGED: (
        gettext_lazy("Your password was changed"),
        gettext_lazy(
            "All other browsers are signed out. If this was not you, choose “Forgotten” at sign-in at once."
        ),
    ),
    events.SESSIONS_ENDED: (
        gettext_lazy("All your other browsers were signed out"),
        gettext_lazy("If this was not you, choose another password."),
    ),
    events.ADDRESS_CHANGED: (
        gettext_lazy("The address of your account was changed"),
        gettext_lazy("From now on %(after)s signs in, no longer %(before)s. Nothing else changed."),
    ),
    events.DATA_READY: (
        gettext_lazy("The copy of your data is ready"),
        gettext_lazy(
            "It waits for 7 days, for you alone. If you did not ask for it, choose another password."
        ),
    ),
    events.ADDRESS_RESTORED: (
        gettext_lazy("The change of your address was taken back"),
        gettext_lazy("%(before)s signs in no longer, and all browsers are signed out."),
    ),
}


def account_notice(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """This was done with your account."""
    event, said = occasion.event, occasion.event.data
    subject, words = SAID[event.kind]
    facts = [
        (_("When"), moment(event.at, locale, occasion.organization.time_zone)),
        (_("Browser"), said.get("browser", "")),
        (_("From"), said.get("place", "")),
    ]
    context = {
        "words": str(words) % said,
        "facts": [fact for fact in facts if fact[1]],
        "button": _("Sign-in and security"),
        "link": link(said["face"], occasion, "security") if "face" in said else "",
    }
    change = occasion.address_change
    if change is None or recipient.address != said.get("before"):
        return Enclosure(str(subject), context)
    token = unseal(change.sealed_token)
    context |= {"button": _("This was not me"), "link": SECRET_LINK if token else ""}
    face = said.get("face", "portal")
    secret = link(face, occasion, "not_me", token) if token else ""
    return Enclosure(str(subject), context, secret=secret)
