"""Mails about public links."""

from __future__ import annotations

import pytest

from doorstep.identity.models import Challenge
from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from doorstep.payments.facts import PaymentFact
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.sales.models import Invoice
from doorstep.sharing.models import Link
from doorstep.sharing.visitor import Visitor
from tests.cast import Cast, a_person, an_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    return an_invoice(cast.coyote, by=cast.olivia, at=clock.now())


def test_a_shared_link_is_mailed_to_its_addressee_and_the_token_is_nowhere_in_plain(
    cast: Cast, invoice: Invoice
) -> None:
    link, token = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=clock.now())
    sweep(clock.now)

    mail = Message.objects.get(kind="shared_link")
    assert mail.recipient == "wanda@coyote.example"
    assert unseal(mail.sealed_secret).endswith(f"/s/{token}")
    assert token not in mail.text + mail.html
    link.refresh_from_db()
    assert link.sealed_token == ""


def test_a_code_goes_to_the_address_that_was_chosen_and_is_wiped(
    cast: Cast, invoice: Invoice
) -> None:
    now = clock.now()
    link, _token = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=now, channel="copy")
    way = next(way for way in link.ways_to_prove() if way.person == cast.wile)
    way.ask_code(browser="b", by=Visitor(link, "b"), at=now)
    sweep(clock.now)

    mail = Message.objects.get()
    assert mail.kind == "link_code"
    assert mail.recipient == "wile@coyote.example"
    code = unseal(mail.sealed_secret)
    assert code.isdigit()
    assert code not in mail.text + mail.html + mail.subject
    assert Challenge.objects.get().sealed_code == ""


def test_an_invoice_sent_to_somebody_without_access_carries_a_link_of_their_own(
    cast: Cast, invoice: Invoice
) -> None:
    priya = a_person(cast.coyote, "Priya Raman", "priya@coyote.example", access=False)
    invoice.send(by=cast.olivia, at=clock.now(), to=[priya, cast.wanda])
    sweep(clock.now)

    to_priya = Message.objects.get(recipient="priya@coyote.example")
    to_wanda = Message.objects.get(recipient="wanda@coyote.example")
    assert "/s/" in unseal(to_priya.sealed_secret)
    assert to_wanda.sealed_secret == ""
    assert Link.objects.get().person == priya
    assert Message.objects.count() == 2


def test_whoever_pays_from_a_link_the_receipt_goes_to_its_addressee(
    cast: Cast, invoice: Invoice
) -> None:
    now = clock.now()
    link, _token = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=now, channel="copy")
    link = Link.objects.with_paper().get(pk=link.pk)
    payment = Payment.start(
        [invoice], by=Visitor(link, "b"), method="card", seen_total=invoice.balance, at=now
    )
    Payment.record(
        PaymentFact(
            gateway="sandbox",
            attempt=payment.attempt,
            reference="r",
            state=PaymentState.SUCCEEDED,
            money=payment.money,
            at=now,
        )
    )
    sweep(clock.now)

    assert Message.objects.get(kind="receipt").recipient == "wanda@coyote.example"
