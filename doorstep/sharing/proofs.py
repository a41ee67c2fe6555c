"""Who can prove to be whom at a link, and by which way the code reaches them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from doorstep.activity.models import Actor, record
from doorstep.contacts.models import ContactPerson
from doorstep.identity.models import Challenge, CodeRefused, Purpose
from doorstep.lib.phones import textable
from doorstep.lib.statements import Given, Statement
from doorstep.sharing.events import LINK_CODE_ASKED, LINK_VERIFIED

if TYPE_CHECKING:
    from doorstep.sharing.models.link import Link

PROVEN_FOR = timedelta(minutes=60)
MOST_PEOPLE = 5
NOBODY_REGISTERED = 0


@dataclass(frozen=True, slots=True)
class Way:
    """One address or number that is known here; without a person it is that of somebody a link was passed on to."""

    link: Link
    target: str
    person: ContactPerson | None = None
    by_text: bool = False

    @property
    def key(self) -> str:
        """What the page sends back for it."""
        return f"{self.person.pk if self.person else 'addressee'}{'-text' if self.by_text else ''}"

    @property
    def masked(self) -> str:
        """ "w••••@c••••.example", "•••• 42": enough to know one's own, too little to learn another's."""
        if self.by_text:
            return f"•••• {self.target[-2:]}"
        name, _at, domain = self.target.partition("@")
        host, dot, top = domain.rpartition(".")
        return f"{name[:1]}••••@{(host or top)[:1]}••••{dot}{top if host else ''}"

    def ask_code(self, *, browser: str, by: Actor, at: datetime) -> Challenge:
        """Send a code for this link and this browser."""
        person = self.person.pk if self.person else NOBODY_REGISTERED
        with transaction.atomic():
            challenge = Challenge.pose(
                Purpose.LINK,
                self.link.pk,
                target=self.target,
                person=person,
                browser=browser,
                at=at,
            )
            record(
                LINK_CODE_ASKED,
                self.link,
                by=by,
                at=at,
                challenge=challenge.pk,
                person=person,
                by_text=self.by_text,
            )
        return challenge


@dataclass(frozen=True, slots=True)
class Proof:
    """A person of the customer, or `guest`: the address that a link was passed on to."""

    person: ContactPerson | None
    guest: str = ""

    @classmethod
    def give(cls, link: Link, code: str, *, browser: str, by: Actor, at: datetime) -> Proof:
        """Whoever holds the code is who it went to, in this browser, for an hour. Raises `CodeRefused`."""
        challenge = Challenge.answer(Purpose.LINK, link.pk, code, browser=browser, at=at)
        proof = cls._from(link, challenge.person, challenge.target)
        if proof is None:
            raise CodeRefused
        record(LINK_VERIFIED, link, by=proof.person or by, at=at, person=challenge.person)
        return proof

    @classmethod
    def within_the_hour(cls, link: Link, *, browser: str, at: datetime) -> Proof | None:
        """Who this browser has proven to be for this link, if anybody."""
        if not browser:
            return None
        given = _GIVEN.first(subject=link.pk, browser=browser, since=at - PROVEN_FOR)
        return cls._from(link, *given) if given else None

    @classmethod
    def _from(cls, link: Link, person: int, target: str) -> Proof | None:
        """None when who it was is no longer at the customer, or the link is no longer for that address."""
        if person == NOBODY_REGISTERED:
            return cls(None, guest=target) if target == link.addressee else None
        found = _PERSON.first(pk=person, contact=link.document.contact_id)
        if found is None:
            return None
        found.contact, found.organization = link.document.contact, link.organization
        return cls(found)


_GIVEN: Statement[Challenge, tuple[int, str]] = Statement(
    lambda: (
        Challenge.objects.filter(
            purpose=Purpose.LINK,
            subject=Given("subject"),
            browser=Given("browser"),
            used_at__gt=Given("since"),
        )
        .order_by("-pk")
        .values_list("person", "target")[:1]
    )
)
_PEOPLE: Statement[ContactPerson, ContactPerson] = Statement(
    lambda: (
        ContactPerson.objects.filter(contact=Given("contact"))
        .exclude(email="", phone="")
        .order_by("-is_primary", "pk")[:MOST_PEOPLE]
    )
)
_PERSON: Statement[ContactPerson, ContactPerson] = Statement(
    lambda: ContactPerson.objects.filter(pk=Given("pk"), contact=Given("contact"))[:1]
)


def ways_to_prove(link: Link, *, texts: bool) -> list[Way]:
    """The addressee first, then others at the customer; numbers only where messages can be sent.

    A link that was passed on can be proven by the one whom it was passed on to, and by nobody else.
    """
    if link.addressee and link.person is None:
        return [Way(link, link.addressee)]
    found = [] if link.addressee else _PEOPLE.all(contact=link.document.contact_id)
    if link.person and link.person not in found:
        found.append(link.person)
    ways = []
    for person in sorted(found, key=lambda person: person.pk != link.person_id):
        if person.email:
            ways.append(Way(link, person.email, person))
        if texts and (number := textable(person.phone)):
            ways.append(Way(link, number, person, by_text=True))
    return ways
