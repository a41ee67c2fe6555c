"""A visitor who wants a portal account: asks for a code, proves an address, and comes in or waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db import transaction

from doorstep.activity.models import record
from doorstep.contacts.models import Contact, ContactPerson, Invitation, PersonState
from doorstep.identity.models import Challenge, Purpose, canonical_address
from doorstep.organizations.preferences import PortalPreferences
from doorstep.sharing.admission import Admission, admission_of, on_file
from doorstep.sharing.events import SIGN_UP_CODE_ASKED
from doorstep.sharing.models.sign_up import SignUp
from doorstep.sharing.visitor import Visitor

PROVEN_FOR = timedelta(minutes=60)
NOBODY_YET = 0


@dataclass(frozen=True)
class Newcomer:
    """Nothing here tells apart who is known and who is not before an address is proven."""

    visitor: Visitor
    at: datetime

    @property
    def preferences(self) -> PortalPreferences:
        return self.visitor.organization.preferences.for_contact(self.visitor.contact)

    def ask_code(self, email: str) -> None:
        """The same work for every address; whether a mail leaves is decided later. Raises `SignUpOff`."""
        self.preferences.check_sign_up()
        link = self.visitor.link
        with transaction.atomic():
            challenge = Challenge.pose(
                Purpose.SIGN_UP,
                link.pk,
                target=canonical_address(email),
                person=NOBODY_YET,
                browser=self.visitor.browser,
                at=self.at,
            )
            record(SIGN_UP_CODE_ASKED, link, by=self.visitor, at=self.at, challenge=challenge.pk)

    def prove(self, code: str) -> None:
        """The address is theirs, in this browser, for an hour. Raises `SignUpOff`, `CodeRefused`."""
        self.preferences.check_sign_up()
        Challenge.answer(
            Purpose.SIGN_UP,
            self.visitor.link.pk,
            code,
            browser=self.visitor.browser,
            at=self.at,
        )
        self.__dict__.pop("address", None)

    @cached_property
    def address(self) -> str:
        """The address that this browser has proven last, here or to see the paper; empty without one."""
        proven = Challenge.last_used(
            (Purpose.SIGN_UP, Purpose.LINK),
            self.visitor.link.pk,
            browser=self.visitor.browser,
            since=self.at - PROVEN_FOR,
        )
        # A code may also have come as a text message.
        return proven.target if proven and "@" in proven.target else ""

    @property
    def admission(self) -> Admission:
        """What the rule says about the proven address."""
        if not self.address:
            return Admission.NO
        return admission_of(self.address, self.visitor.contact, self.visitor.organization)

    @property
    def known_person(self) -> ContactPerson | None:
        """Who of the customer has proven to be there."""
        return on_file(self.address, self.visitor.contact) if self.address else None

    @property
    def is_in_already(self) -> bool:
        """An account with this address has access: signing in is all that is left."""
        person = self.known_person
        return (
            person is not None
            and person.state == PersonState.ACTIVE
            and person.access.account.email == self.address
        )

    def come_in(self, name: str = "") -> str:
        """The token of the door that is open now; empty when the request is held instead, or refused.

        `name` is needed of who is not on file. Raises `SignUpOff`.
        """
        self.preferences.check_sign_up()
        admission = self.admission
        if admission is Admission.HELD:
            SignUp.hold(self.visitor, name=name, email=self.address, at=self.at)
        if admission is not Admission.IN:
            return ""
        with transaction.atomic():
            # Two browsers may come in with the same address; the second waits here.
            Contact.objects.select_for_update().get(pk=self.visitor.contact_id)
            person = self.known_person or ContactPerson.add(
                self.visitor.contact, name=name, email=self.address, by=self.visitor, at=self.at
            )
            return Invitation.at_the_door(person, at=self.at)
