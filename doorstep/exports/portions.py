"""What is in the file: each function gives one part, row by row, so that no part is held as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from doorstep.activity.models import Event
from doorstep.contacts.models import ContactRole, PortalAccess
from doorstep.identity.models import Account
from doorstep.lib.money import show
from doorstep.organizations.models import Consent, Organization
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice

AT_ONCE = 200


def account_of(account: Account) -> dict[str, Any]:
    return {
        "email": account.email,
        "name": account.name,
        "language": account.language,
        "created_at": account.created_at,
        "last_signed_in_at": account.last_login,
        "second_steps": sorted(account.second_factors()),
        "sessions": [
            {"browser": one.browser, "address": one.address, "since": one.created_at}
            for one in account.sessions.all()[:20]
        ],
    }


def access_of(account: Account, organization: Organization) -> Iterator[dict[str, Any]]:
    for hat in hats_of(account, organization):
        person = hat.contact_person
        yield {
            "customer_or_vendor": person.contact.name,
            "role": person.contact.role,
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
            "designation": person.designation,
            "language": person.language,
            "since": hat.accepted_at,
        }


def consents_of(account: Account, organization: Organization) -> Iterator[dict[str, Any]]:
    given = Consent.of(organization).filter(account=account).order_by("pk")
    for row in given.values("version", "terms_url", "privacy_url", "at", "how", "place"):
        yield dict(row)


def invoices_of(account: Account, organization: Organization) -> Iterator[tuple[Any, Invoice]]:
    """Each with the hat by which the person sees it."""
    for hat in _customers(account, organization):
        contact = hat.contact_person.contact
        for invoice in Invoice.of(contact).visible().order_by("pk").iterator(chunk_size=AT_ONCE):
            invoice.organization, invoice.contact = organization, contact
            yield hat, invoice


def payments_of(account: Account, organization: Organization) -> Iterator[tuple[Any, Payment]]:
    for hat in _customers(account, organization):
        contact = hat.contact_person.contact
        shown = Payment.of(contact).worth_showing().order_by("pk")
        for payment in shown.iterator(chunk_size=AT_ONCE):
            payment.organization, payment.contact = organization, contact
            yield hat, payment


def count_papers(account: Account, organization: Organization) -> int:
    contacts = [hat.contact_person.contact for hat in _customers(account, organization)]
    return sum(
        Invoice.of(contact).visible().count() + Payment.of(contact).worth_showing().count()
        for contact in contacts
    )


def events_of(account: Account, organization: Organization) -> Iterator[dict[str, Any]]:
    """What the person did here, and what was done with their account."""
    here = Event.of(organization.pk).order_by("pk")
    for event in here.filter(actor=account.pk).iterator(chunk_size=AT_ONCE):
        yield {"at": event.at, "what": event.kind, "about": event.subject_label, "data": event.data}


def invoice_row(invoice: Invoice) -> dict[str, Any]:
    return {
        "number": invoice.number,
        "customer": invoice.contact.name,
        "date": invoice.date,
        "due_date": invoice.due_date,
        "state": invoice.state,
        "currency": invoice.currency,
        "total": show(invoice.total, invoice.currency, "en"),
        "balance": show(invoice.balance, invoice.currency, "en"),
        "reference": invoice.reference,
    }


def payment_row(payment: Payment) -> dict[str, Any]:
    return {
        "number": payment.number,
        "customer": payment.contact.name,
        "date": payment.date,
        "state": payment.state,
        "currency": payment.currency,
        "amount": show(payment.amount, payment.currency, "en"),
        "paid_with": payment.method_label,
        "reference": payment.reference,
        "started_by": payment.started_by_name,
    }


def hats_of(account: Account, organization: Organization) -> list[PortalAccess]:
    hats = list(PortalAccess.objects.of(account.pk, organization))
    for hat in hats:
        hat.contact_person.organization = hat.contact_person.contact.organization = organization
    return hats


def _customers(account: Account, organization: Organization) -> list[PortalAccess]:
    hats = hats_of(account, organization)
    return [hat for hat in hats if hat.contact_person.contact.role == ContactRole.CUSTOMER]
