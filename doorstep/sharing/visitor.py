"""Whoever came by a link: proven to be a person of the customer, or nobody in particular."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from doorstep.activity.models import Role
from doorstep.contacts.models import Contact, ContactPerson
from doorstep.organizations.models import Organization
from doorstep.sharing.models.link import Link


@dataclass(frozen=True, slots=True)
class Visitor:
    """`browser` is the hash of the secret in the visitor's cookie; `person` is who a code has proven, `guest`
    the address that it has proven of somebody whom the link was passed on to."""

    link: Link
    browser: str
    person: ContactPerson | None = None
    guest: str = ""

    @property
    def sees_the_paper(self) -> bool:
        """Identity verification off, or passed."""
        verify = self.organization.preferences.verifies_links(self.link.document.kind)
        return self.person is not None or bool(self.guest) or not verify

    @property
    def contact(self) -> Contact:
        return self.link.document.contact

    @property
    def contact_id(self) -> int:
        return self.link.document.contact_id

    @property
    def organization(self) -> Organization:
        return self.link.organization

    @property
    def organization_id(self) -> int:
        return self.link.organization_id

    @property
    def may_pay(self) -> bool:
        """The link's right, and that of who is here or, unproven, of whom the link is for."""
        who = self.person or self.link.person
        return self.link.may_pay and (who is None or who.may("pay"))

    @property
    def link_id(self) -> int:
        return int(self.link.pk)

    @property
    def knows_colleagues(self) -> bool:
        return self.person is not None

    @property
    def actor_account_id(self) -> int | None:
        return None

    @property
    def actor_name(self) -> str:
        return self.person.name if self.person else self.guest or _("Somebody with a link")

    @property
    def actor_role(self) -> str:
        return Role.VISITOR

    def locale(self) -> str:
        someone = self.person or self.link.person
        return someone.locale() if someone else self.organization.language
