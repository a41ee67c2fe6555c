"""The people of one customer or vendor as rows, and what happened with them, for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doorstep.activity.models import Event, Role
from doorstep.contacts import events as kinds
from doorstep.contacts.models import PersonState
from doorstep.contacts.rights import RIGHTS, rights_given
from doorstep.lib.words import moment
from doorstep.notifications.models import Message, MessageState
from doorstep.web.askers import Asker
from doorstep.web.ui.paging import Page, turn_to

RECENT = 10
COLUMNS = (
    "email",
    "is_primary",
    "is_active_person",
    "is_invited",
    "is_disabled",
    *(right.column for right in RIGHTS.values() if right.column),
)
BADGES = {
    PersonState.ACTIVE: "active",
    PersonState.INVITED: "invited",
    PersonState.DISABLED: "void",
    PersonState.NOT_INVITED: "plain",
}
# %(who)s acted, %(what)s it happened to.
SENTENCES: dict[str, str | Promise] = {
    kinds.PERSON_ADDED: gettext_lazy("%(who)s added %(what)s"),
    kinds.PERSON_INVITED: gettext_lazy("%(who)s invited %(what)s"),
    kinds.RIGHTS_CHANGED: gettext_lazy("%(who)s changed what %(what)s may do"),
    kinds.ACCESS_ACCEPTED: gettext_lazy("%(what)s accepted the invitation"),
    kinds.ACCESS_SIGNED_UP: gettext_lazy("%(what)s signed up to the portal"),
    kinds.ACCESS_REVOKED: gettext_lazy("%(who)s took access away from %(what)s"),
    kinds.FACTOR_RESET: gettext_lazy("%(who)s reset the second sign-in step of %(what)s"),
    kinds.VIEWING_STARTED: gettext_lazy("%(who)s looked at the portal as %(what)s"),
}


@dataclass(frozen=True, slots=True)
class Told:
    sentence: str
    when: str


def page_of(asker: Asker, query: QueryDict) -> Page:
    """Two queries, however many there are."""
    people = asker.person.colleagues().with_state()
    page = turn_to(people, query, *COLUMNS, by="name", descending=False)
    refused = set(
        Message.of(asker.organization)
        .filter(person__in=[row.pk for row in page.rows], state=MessageState.FAILED)
        .values_list("person", "recipient")
    )
    rows = [_row(row, asker, (row.pk, row.email) in refused) for row in page.rows]
    return Page(rows, page.newer, page.older)


def _row(row: Any, asker: Asker, is_refused: bool) -> dict[str, Any]:
    state = PersonState.of(row)
    return {
        "name": row.name,
        "email": row.email,
        "state": state,
        "is_primary": row.is_primary,
        "is_me": row.pk == asker.person.pk,
        "badge": "refused" if is_refused else BADGES[state],
        "said": _("Mail refused") if is_refused else state.label,
        "may": may_in_words(row, vendor=asker.contact.is_vendor),
        "url": reverse("colleague", args=[row.pk]),
    }


def may_in_words(person: Any, *, vendor: bool) -> str:
    """ "Sees papers, pays, manages people"."""
    held = [right for right in rights_given(vendor=vendor).values() if right.held_by(person)]
    return ", ".join([_("Sees papers"), *(str(right.does) for right in held)])


def history_of(asker: Asker) -> list[Told]:
    """Who did what with the people here, newest first; the business as a whole is one of them."""
    events = Event.of(asker.organization.pk).filter(
        contact_id=asker.contact.pk, kind__in=list(SENTENCES)
    )
    return list(_tell(events[:RECENT], asker))


def _tell(events: Iterable[Event], asker: Asker) -> Iterable[Told]:
    for event in events:
        business = event.actor_role in (Role.MEMBER, Role.SYSTEM)
        who = asker.organization.name if business else event.actor_name
        sentence = str(SENTENCES[event.kind]) % {"who": who, "what": event.subject_label}
        yield Told(sentence, moment(event.at, asker.locale, asker.organization.time_zone))
