"""The people in every test. Acme is the business, Coyote its customer, Roadrunner its vendor; Greta of
Globex is the stranger who must never see anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from doorstep.activity.models import System
from doorstep.contacts.models import Contact, ContactPerson, PortalAccess
from doorstep.documents.models import Line
from doorstep.identity.models import Account
from doorstep.organizations.models import Member, Organization
from doorstep.sales.models import Invoice

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TODAY = NOON.date()
PASSWORD = "correct horse battery"


@dataclass
class Company:
    """A business with its staff."""

    organization: Organization
    owner: Member

    @property
    def portal(self) -> str:
        return f"/portal/{self.organization.portal_name}/"

    @property
    def office(self) -> str:
        return f"/office/{self.organization.portal_name}/"


@dataclass
class Cast:
    """`acme.owner` is Olivia, `globex.owner` is Greta."""

    acme: Company
    globex: Company
    ben: Member
    coyote: Contact
    wile: ContactPerson
    wanda: ContactPerson
    roadrunner: Contact
    rita: ContactPerson
    globex_customer: Contact

    @property
    def olivia(self) -> Member:
        return self.acme.owner

    @property
    def greta(self) -> Member:
        return self.globex.owner


def gather(at: datetime = NOON) -> Cast:
    """Everybody, in place and with access. Acme is in test mode and uses the sandbox bank."""
    acme = a_company("Acme Wholesale", "acme", "olivia@acme.example", "Olivia Ortiz", at=at)
    acme.organization.test_mode, acme.organization.gateway = True, "sandbox"
    acme.organization.street, acme.organization.city = "400 Mesa Road NE", "Albuquerque"
    acme.organization.save()
    globex = a_company("Globex", "globex", "greta@globex.example", "Greta Gale", at=at)
    ben = Member.add(
        acme.organization,
        an_account("ben@acme.example", "Ben Baker"),
        "accountant",
        by=acme.owner,
        at=at,
    )
    coyote = a_contact(acme, "Coyote Ltd", at=at)
    roadrunner = a_contact(acme, "Roadrunner Supplies", role="vendor", at=at)
    return Cast(
        acme=acme,
        globex=globex,
        ben=ben,
        coyote=coyote,
        wile=a_person(coyote, "Wile Tanner", "wile@coyote.example", at=at),
        wanda=a_person(coyote, "Wanda Reyes", "wanda@coyote.example", at=at),
        roadrunner=roadrunner,
        rita=a_person(roadrunner, "Rita Runner", "rita@roadrunner.example", at=at),
        globex_customer=a_contact(globex, "Globex Customer", at=at),
    )


def a_company(name: str, portal_name: str, email: str, owner_name: str, *, at: datetime) -> Company:
    organization = Organization.create(
        name=name, currency="USD", portal_name=portal_name, at=at, by=System()
    )
    owner = Member.add(organization, an_account(email, owner_name), "owner", by=System(), at=at)
    return Company(organization, owner)


def an_account(email: str, name: str) -> Account:
    return Account.objects.create_account(email, PASSWORD, name=name)


def a_contact(
    company: Company, name: str, *, role: str = "customer", at: datetime = NOON, **details: Any
) -> Contact:
    return Contact.create(
        company.organization, role=role, name=name, by=company.owner, at=at, **details
    )


def a_person(
    contact: Contact, name: str, email: str, *, access: bool = True, at: datetime = NOON
) -> ContactPerson:
    """A contact person; with access, also an account with `PASSWORD`."""
    person = ContactPerson.add(contact, name=name, email=email, by=System(), at=at)
    if access:
        PortalAccess.objects.create(
            organization_id=contact.organization_id,
            contact_person=person,
            account=an_account(email, name),
            accepted_at=at,
        )
    return person


def an_invoice(
    contact: Contact,
    amount: str = "100.00",
    *,
    by: Member,
    day: date = TODAY,
    due: date | None = None,
    issued: bool = True,
    at: datetime = NOON,
    **details: Any,
) -> Invoice:
    """One line of `amount` in major units; issued unless said otherwise."""
    if due is not None:
        details["due_date"] = due
    line = Line(name="Cast anvil, 25 kg", sku="AN-25", quantity=Decimal(1), price=Decimal(amount))
    invoice = Invoice.draft(contact, by=by, at=at, day=day, lines=[line], **details)
    if issued:
        invoice.issue(by=by, at=at)
    return invoice
