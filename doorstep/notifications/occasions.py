"""An event with everything that a mail or a notice about it may need, looked up at most once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from doorstep.activity.models import Event
from doorstep.contacts.models import Contact, ContactPerson, Invitation
from doorstep.documents.kinds import Kind
from doorstep.identity.models import Account, AddressChange, Challenge
from doorstep.organizations.models import Member, Organization, PortalPreferences
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice
from doorstep.sharing.models import Link, SignUp


@dataclass
class Occasion:
    event: Event

    @cached_property
    def organization(self) -> Organization:
        return (
            Organization.objects.with_preferences()
            .select_related("logo")
            .get(pk=self.event.organization_id)
        )

    @cached_property
    def contact(self) -> Contact:
        found = Contact.objects.select_related("account_manager__account").get(
            pk=self.event.contact_id or 0
        )
        found.organization = self.organization
        return found

    @property
    def preferences(self) -> PortalPreferences:
        preferences = self.organization.preferences
        return preferences.for_contact(self.contact) if self.event.contact_id else preferences

    @cached_property
    def payment(self) -> Payment | None:
        """The payment that it happened to."""
        if self.event.subject_kind != Payment.subject_kind:
            return None
        payment = Payment.of(self.organization).filter(pk=self.event.subject_id).first()
        if payment:
            payment.organization, payment.contact = self.organization, self.contact
        return payment

    @cached_property
    def invoice(self) -> Invoice | None:
        """The invoice that it happened to."""
        if self.event.subject_kind != Kind.INVOICE:
            return None
        invoice = Invoice.of(self.organization).filter(pk=self.event.subject_id).first()
        if invoice:
            invoice.organization, invoice.contact = self.organization, self.contact
        return invoice

    @cached_property
    def invitation(self) -> Invitation | None:
        return (
            Invitation.objects.filter(
                organization=self.organization, pk=self.event.data.get("invitation")
            )
            .select_related("sent_by__account", "sent_by_colleague")
            .first()
        )

    @cached_property
    def link(self) -> Link | None:
        """The public link that it happened to."""
        if self.event.subject_kind != Link.subject_kind:
            return None
        links = Link.objects.with_paper().filter(organization=self.organization)
        return links.filter(pk=self.event.subject_id).first()

    @cached_property
    def sign_up(self) -> SignUp | None:
        """The request for access that it happened to."""
        if self.event.subject_kind != SignUp.subject_kind:
            return None
        asked = SignUp.of(self.organization).select_related("document")
        return asked.filter(pk=self.event.subject_id).first()

    @cached_property
    def challenge(self) -> Challenge | None:
        return Challenge.objects.filter(pk=self.event.data.get("challenge")).first()

    @cached_property
    def member(self) -> Member | None:
        """The member whom it happened to, if they work there today."""
        if self.event.subject_kind != Member.subject_kind:
            return None
        found = Member.of(self.organization).select_related("account")
        return found.filter(pk=self.event.subject_id).first()

    @cached_property
    def account(self) -> Account | None:
        """The account that it happened to."""
        if self.event.subject_kind != Account.subject_kind:
            return None
        return Account.objects.filter(pk=self.event.subject_id).first()

    @cached_property
    def address_change(self) -> AddressChange | None:
        return AddressChange.objects.filter(pk=self.event.data.get("change")).first()

    @cached_property
    def people(self) -> list[ContactPerson]:
        """Everybody at the contact who can be written to, the primary person first."""
        people = list(self.contact.people.addressable().select_related("access__account"))
        for person in people:
            person.contact, person.organization = self.contact, self.organization
        return people

    def person(self, pk: object) -> ContactPerson | None:
        return next((person for person in self.people if person.pk == pk), None)
