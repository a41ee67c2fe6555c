"""Fills an empty home with a business of 400 customers and as many invoices as wanted; prints what to ask for.

Run as its own process: `python -m bench.seed COUNT`, with DOORSTEP_HOME set.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "doorstep.config.settings"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.middleware.csrf import CSRF_SECRET_LENGTH  # noqa: E402
from django.utils.crypto import get_random_string  # noqa: E402

from bench.links import opened_links  # noqa: E402
from doorstep.activity.models import System  # noqa: E402
from doorstep.contacts.models import Contact, ContactPerson, PortalAccess  # noqa: E402
from doorstep.documents.models import Document, Line  # noqa: E402
from doorstep.identity.models import Account  # noqa: E402
from doorstep.identity.sessions import SessionStore  # noqa: E402
from doorstep.lib import clock  # noqa: E402
from doorstep.organizations.models import Member, Organization  # noqa: E402
from doorstep.sales.freezing import hash_of  # noqa: E402
from doorstep.sales.models import Invoice  # noqa: E402

CUSTOMERS = 400
MEASURED = 60  # invoices of the customer whose pages are measured, whatever the size of the rest
PASSWORD = "correct horse battery"


def seed(count: int) -> dict[str, Any]:
    """Returns cookies, addresses and the words that each answer must hold."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    now = clock.now()
    organization = Organization.create(
        name="Bench Wholesale", currency="USD", portal_name="bench", at=now, by=System()
    )
    organization.test_mode, organization.gateway = True, "sandbox"
    organization.save()
    owner_account = Account.objects.create_account(
        "owner@bench.example", PASSWORD, name="Ona Owner"
    )
    Member.add(organization, owner_account, "owner", by=System(), at=now)
    contacts = Contact.objects.bulk_create(
        Contact(
            organization=organization,
            role="customer",
            name=f"Customer {n:03d}",
            currency="USD",
            created_at=now,
        )
        for n in range(CUSTOMERS)
    )
    measured = contacts[0]
    account = Account.objects.create_account("payer@bench.example", PASSWORD, name="Pay Er")
    person = ContactPerson.add(measured, name="Pay Er", email=account.email, by=System(), at=now)
    PortalAccess.objects.create(
        organization=organization, contact_person=person, account=account, accepted_at=now
    )
    write_invoices(organization, contacts, count)
    people = [_with_app(contacts[n]) for n in range(1, 6)]
    overdue = Invoice.of(measured).overdue(on=organization.today(now)).by_due_date()
    numbers = list(overdue.values_list("number", flat=True)[:3])
    return {
        "portal_session": session(account),
        "office_session": session(owner_account),
        "bare_session": bare_session(organization.pk, measured.pk),
        "number": numbers[0],
        "numbers": numbers,
        "link": opened_links(person, numbers[0]),
        "with_app": people,
        "with_code": [_with_access(contacts[n]).email for n in range(6, 11)],
    }


def _with_access(contact: Contact) -> Account:
    """Somebody at this customer who may come in, and no second step."""
    now = clock.now()
    email = f"person{contact.pk}@bench.example"
    account = Account.objects.create_account(email, PASSWORD, name=f"Person of {contact}")
    person = ContactPerson.add(contact, name=account.name, email=email, by=System(), at=now)
    PortalAccess.objects.create(
        organization_id=contact.organization_id,
        contact_person=person,
        account=account,
        accepted_at=now,
    )
    return account


def _with_app(contact: Contact) -> list[str]:
    """Address and key of somebody whose authenticator app is asked for at sign-in."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    account = _with_access(contact)
    key = generate_totp_secret()
    TOTP.activate(account, key)
    return [account.email, key]


def write_invoices(organization: Organization, contacts: list[Contact], count: int) -> None:
    """Issued invoices of three lines; one in ten open, a third of those overdue."""
    today = organization.today(clock.now())
    others = max(count - MEASURED, 0)
    owners = [0] * min(MEASURED, count) + [1 + n % (CUSTOMERS - 1) for n in range(others)]
    for begin in range(0, len(owners), 2000):
        chunk = [
            _invoice(organization, contacts[owner], begin + n, today)
            for n, owner in enumerate(owners[begin : begin + 2000])
        ]
        Document.papers.bulk_create(chunk)
        Line.objects.bulk_create(line for paper in chunk for line in _lines(paper))


def _invoice(organization: Organization, contact: Contact, n: int, today: date) -> Document:
    total = 30_000 + n % 9_000
    is_open = n % 10 == 0
    day = today - timedelta(days=n % 700 if not is_open else 20 + n % 40)
    balance = total if is_open else 0
    frozen = _frozen(n, contact, day, total)
    return Document(
        organization=organization,
        kind="invoice",
        number=f"INV-{n:06d}",
        contact=contact,
        date=day,
        due_date=day + timedelta(days=30),
        currency="USD",
        state="sent" if is_open else "paid",
        reference=f"PO {n % 5000}",
        subtotal=total,
        total=total,
        balance=balance,
        created_at=clock.now(),
        issued_at=clock.now(),
        viewed_at=clock.now(),
        origin="import",
        frozen=frozen,
        frozen_hash=hash_of(frozen),
    )


def _frozen(n: int, contact: Contact, day: date, total: int) -> dict[str, Any]:
    return {
        "number": f"INV-{n:06d}",
        "date": day.isoformat(),
        "due_date": (day + timedelta(days=30)).isoformat(),
        "currency": "USD",
        "reference": f"PO {n % 5000}",
        "sender": {"name": "Bench Wholesale", "legal_name": "", "tax_number": "", "lines": [], "email": "",
                   "phone": "", "website": "", "bank_details": ""},
        "recipient": {"name": contact.name, "tax_number": "", "lines": ["1 Main Street"]},
        "lines": [
            {"name": f"Part {m}", "sku": f"P-{m}", "description": "", "unit": "", "quantity": "1",
             "price": f"{share / 100:.2f}", "discount_percent": "0", "discount": 0, "tax_name": "",
             "tax_rate": "0", "amount": share}
            for m, share in enumerate(_shares(total), start=1)
        ],
        "taxes": [],
        "subtotal": total,
        "discount_total": 0,
        "tax_total": 0,
        "shipping": 0,
        "adjustment": 0,
        "adjustment_label": "",
        "total": total,
        "notes": "",
        "terms": "",
    }  # fmt: skip


def _shares(total: int) -> list[int]:
    return [total // 3, total // 3, total - 2 * (total // 3)]


def _lines(paper: Document) -> list[Line]:
    return [
        Line(
            organization_id=paper.organization_id,
            document=paper,
            position=m,
            name=f"Part {m}",
            sku=f"P-{m}",
            quantity=Decimal(1),
            price=Decimal(share) / 100,
            amount=share,
        )
        for m, share in enumerate(_shares(paper.total), start=1)
    ]


def session(account: Account) -> str:
    """The cookies of somebody who has signed in and seen a page."""
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.create()
    seen = f"{settings.CSRF_COOKIE_NAME}={get_random_string(CSRF_SECRET_LENGTH)}"
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}; {seen}"


def bare_session(organization: int, contact: int) -> str:
    """The cookie of the bare Django page; it keeps its sessions in a table of its own."""
    asked = [sys.executable, "-m", "bench.reference.bare.session", str(organization), str(contact)]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    print(json.dumps(seed(int(sys.argv[1]))))
