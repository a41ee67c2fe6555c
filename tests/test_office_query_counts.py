"""A page of the back office asks the database as often for ten rows as for one, and at most eight times."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from doorstep.contacts.models import Invitation
from doorstep.lib.clock import shifted_to
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from doorstep.organizations.models import Member
from doorstep.payments.models import Payment
from tests.cast import NOON, Cast, a_contact, a_person, an_account, an_invoice
from tests.test_query_counts import MOST, count, fill

pytestmark = pytest.mark.django_db

OFFICE = [
    "",
    "checklist/",
    "contacts/",
    "contacts/?q=c",
    "contacts/?role=customer",
    "contacts/new/",
    "contacts/{contact}/",
    "contacts/{contact}/edit/",
    "contacts/{contact}/papers/",
    "contacts/{contact}/people/",
    "contacts/{contact}/people/new/",
    "contacts/{contact}/view-as/",
    "people/{person}/",
    "access/",
    "access/?state=invited",
    "invoices/",
    "invoices/?show=all",
    "invoices/?show=overdue",
    "invoices/?q=INV",
    "invoices/new/",
    "invoices/new/?contact={contact}",
    "invoices/{draft}/edit/",
    "invoices/{invoice}/",
    "invoices/{invoice}/sending/",
    "invoices/{invoice}/links/",
    "invoices/{invoice}/void/",
    "payments/",
    "payments/?show=pending",
    "payments/new/?contact={contact}",
    "payments/{payment}/",
    "outbox/",
    "outbox/{message}/",
    "notices/",
    "notices/bell/",
    "settings/mail/",
    "settings/notices/",
    "settings/imports/",
    "settings/profile/",
    "settings/numbering/",
    "settings/payments/",
    "settings/members/",
    "settings/customer-portal/",
    "settings/customer-portal/history/",
    "search/?q=c",
    "security/",
]


@pytest.mark.parametrize("path", OFFICE)
def test_an_office_page_asks_no_more_for_ten_rows(
    path: str, cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    client = signed_in(cast.olivia)
    with shifted_to(NOON):
        names = stock(cast, 1)
        address = cast.acme.office + path.format(**names)
        client.get(address)  # the first look is noted once
        for_one = count(client, address)
        stock(cast, 9)
        for_ten = count(client, address)

    assert for_ten <= for_one
    assert for_ten <= MOST


def stock(cast: Cast, times: int) -> dict[str, int]:
    """So many of everything that the back office lists."""
    fill(cast, times)
    for _each in range(times):
        number = Member.objects.count() + Invitation.objects.count()
        contact = a_contact(cast.acme, f"Customer {number}")
        invited = a_person(contact, "Ivy", f"ivy{number}@customer.example", access=False)
        invited.invite(by=cast.olivia, at=NOON)
        another = a_person(cast.coyote, "Ida", f"ida{number}@coyote.example", access=False)
        another.invite(by=cast.olivia, at=NOON)
        account = an_account(f"member{number}@acme.example", f"Member {number}")
        Member.add(cast.acme.organization, account, "sales", by=cast.olivia, at=NOON)
        draft = an_invoice(cast.coyote, by=cast.olivia, issued=False)
        invoice = an_invoice(cast.coyote, by=cast.olivia)
        invoice.send(by=cast.olivia, at=NOON, to=[cast.wile])
        invoice.view(by=cast.wanda, at=NOON)
        banner = f"Hello {number}"
        cast.acme.organization.preferences.change(by=cast.olivia, at=NOON, banner_message=banner)
    sweep(lambda: NOON)
    payment = Payment.of(cast.coyote).newest_first().first()
    return {
        "contact": cast.coyote.pk,
        "person": cast.wanda.pk,
        "draft": draft.pk,
        "invoice": invoice.pk,
        "payment": payment.pk,
        "message": Message.objects.order_by("-pk").first().pk,
    }
