"""Whom a sign-up lets in: decided by the address alone, once it is proven, and told to nobody before."""

from __future__ import annotations

from enum import Enum
from urllib.parse import urlsplit

from doorstep.contacts.models import Contact, ContactPerson, PersonState
from doorstep.organizations.free_mail import domain_of, is_free_mail
from doorstep.organizations.models import Member, Organization


class Admission(Enum):
    IN = "comes in"
    HELD = "waits for somebody's approval"
    NO = "stays outside"


def admission_of(email: str, contact: Contact, organization: Organization) -> Admission:
    """`email` is canonical. Whoever was shut out is asked in again by a person, not by themselves."""
    preferences = organization.preferences.for_contact(contact)
    if not preferences.allows_sign_up() or not contact.is_active:
        return Admission.NO
    known = on_file(email, contact)
    if known is not None and known.state != PersonState.DISABLED:
        return Admission.IN
    is_new = known is None and preferences.admits_own_domain()
    if is_new and domain_of(email) in own_domains(contact, organization):
        return Admission.IN
    return Admission.HELD if preferences.holds_strangers() else Admission.NO


def on_file(email: str, contact: Contact) -> ContactPerson | None:
    """The person of this customer whose address it is, with state."""
    people = ContactPerson.objects.filter(contact=contact, email=email).exclude(email="")
    return people.with_state().select_related("contact").first()


def own_domains(contact: Contact, organization: Organization) -> set[str]:
    """Those of the customer's own address and of its primary contact.

    Not of everybody on file: an outside bookkeeper's office is no part of the customer. Never a
    domain where anybody gets a mailbox, and never the business's own.
    """
    primary = ContactPerson.objects.filter(contact=contact, is_primary=True)
    addresses = [contact.email, *primary.values_list("email", flat=True)]
    domains = {domain_of(address) for address in addresses if address}
    ours = _domains_of_the_business(organization)
    return {
        domain for domain in domains if not is_free_mail(domain) and not _is_within(domain, ours)
    }


def _domains_of_the_business(organization: Organization) -> set[str]:
    members = Member.objects.filter(organization=organization, left_at=None)
    addresses = [organization.email, *members.values_list("account__email", flat=True)]
    domains = {domain_of(address) for address in addresses if address}
    site = urlsplit(organization.website).hostname or ""
    return (domains | {site.removeprefix("www.")}) - {""}


def _is_within(domain: str, others: set[str]) -> bool:
    return any(domain == other or domain.endswith(f".{other}") for other in others)
