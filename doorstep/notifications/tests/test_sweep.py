"""Who is told of what, and once."""

from __future__ import annotations

import datetime
from datetime import timedelta

import pytest

from doorstep.activity.models import Event, Origin, record
from doorstep.contacts.models import Invitation
from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.notifications.models import Message, MessageState, Notice
from doorstep.notifications.sweep import sweep
from doorstep.notifications.tests.conftest import book
from doorstep.organizations.models import Member
from doorstep.payments.events import PAYMENT_SUCCEEDED
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from tests.cast import NOON, Cast, a_person, an_account, an_invoice

pytestmark = pytest.mark.django_db


def told(kind: str) -> set[str]:
    return set(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def rung(event: str) -> set[str]:
    notices = Notice.objects.filter(event__kind=event)
    return set(notices.values_list("member__account__email", flat=True))


def test_an_invitation_is_mailed_to_the_person_and_its_link_lies_nowhere_in_plain(cast: Cast):
    road = a_person(cast.coyote, "Road Runner", "road@coyote.example", access=False)
    road.invite(by=cast.olivia, at=NOON)
    token = unseal(Invitation.objects.get().sealed_token)
    sweep(clock.now)

    message = Message.objects.get(kind="invitation")
    assert message.recipient == "road@coyote.example"
    assert Message.SECRET_LINK in message.text
    assert Message.SECRET_LINK in message.html
    assert token in unseal(message.sealed_secret)
    assert Invitation.objects.get().sealed_token == ""
    for row in Message.objects.values():
        assert not any(token in str(value) for value in row.values())


def test_an_invitation_that_was_replaced_before_it_was_mailed_is_not_sent(cast: Cast):
    road = a_person(cast.coyote, "Road Runner", "road@coyote.example", access=False)
    road.invite(by=cast.olivia, at=NOON)
    road.invite(by=cast.olivia, at=NOON)
    sweep(clock.now)

    states = list(Message.objects.order_by("pk").values_list("state", flat=True))
    assert states == [MessageState.CANCELLED, MessageState.KEPT]


def test_an_invoice_is_mailed_to_the_named_people_with_its_paper(cast: Cast):
    invoice = an_invoice(cast.coyote, "2310.75", by=cast.olivia)
    invoice.send(by=cast.olivia, at=NOON, to=[cast.wanda], note="As agreed.")
    sweep(clock.now)

    message = Message.objects.get(kind="paper")
    assert message.recipient == "wanda@coyote.example"
    assert message.papers == [{"kind": "invoice", "id": invoice.pk}]
    assert "$2,310.75" in message.subject
    assert "As agreed." in message.text
    assert f"/portal/acme/invoice/{invoice.number}" in message.html


def test_a_person_without_access_gets_no_link_that_leads_to_a_closed_door(cast: Cast):
    road = a_person(cast.coyote, "Road Runner", "road@coyote.example", access=False)
    an_invoice(cast.coyote, by=cast.olivia).send(by=cast.olivia, at=NOON, to=[road])
    sweep(clock.now)

    assert "/portal/" not in Message.objects.get(kind="paper").text


def test_who_paid_gets_the_receipt_and_the_members_one_mail_and_one_notice(cast: Cast, start):
    invoices = [an_invoice(cast.coyote, amount, by=cast.olivia) for amount in ("10.00", "20.50")]
    book(start(invoices, by="wanda"), PaymentState.SUCCEEDED)
    sweep(clock.now)

    assert told("receipt") == {"wanda@coyote.example"}
    assert told("member_paid") == {"olivia@acme.example"}
    assert rung(PAYMENT_SUCCEEDED) == {"olivia@acme.example"}


def test_a_payment_of_fifty_invoices_is_one_notice(cast: Cast, start):
    invoices = [an_invoice(cast.coyote, by=cast.olivia) for _n in range(50)]
    book(start(invoices), PaymentState.SUCCEEDED)
    sweep(clock.now)

    assert Notice.objects.filter(event__kind=PAYMENT_SUCCEEDED).count() == 1
    assert Message.objects.filter(kind="member_paid").count() == 1
    assert Message.objects.filter(kind="receipt").count() == 1


def test_the_account_manager_hears_and_other_accountants_do_not(cast: Cast, start):
    cast.coyote.account_manager = cast.ben
    cast.coyote.save()
    Member.add(
        cast.acme.organization,
        an_account("sam@acme.example", "Sam"),
        "sales",
        by=cast.olivia,
        at=NOON,
    )
    book(start([an_invoice(cast.coyote, by=cast.olivia)]), PaymentState.SUCCEEDED)
    sweep(clock.now)

    assert rung(PAYMENT_SUCCEEDED) == {"olivia@acme.example", "ben@acme.example"}
    assert Message.objects.get(kind="receipt").reply_to == "ben@acme.example"


def test_a_member_who_pays_as_a_customer_is_not_told_of_it(cast: Cast, start):
    member = Member.add(
        cast.acme.organization, cast.wile.access.account, "admin", by=cast.olivia, at=NOON
    )
    book(start([an_invoice(cast.coyote, by=cast.olivia)]), PaymentState.SUCCEEDED)
    sweep(clock.now)

    assert not Notice.objects.filter(member=member).exists()


def test_money_that_a_member_writes_down_notifies_nobody(cast: Cast):
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    Payment.receive(
        cast.coyote, invoice.balance_money, [(invoice, invoice.balance)], by=cast.ben, method="cheque",
        date=NOON.date(), at=NOON,
    )  # fmt: skip
    sweep(clock.now)

    assert not Notice.objects.exists()
    assert not Message.objects.exists()


def test_a_debit_that_comes_back_is_told_to_the_payer_and_the_primary_person(cast: Cast, start):
    payment = start([an_invoice(cast.coyote, "420.00", by=cast.olivia)], by="wanda")
    payment = book(payment, PaymentState.PENDING, expected_on=datetime.date(2026, 11, 26))
    sweep(clock.now)
    book(payment, PaymentState.FAILED, reason="Account closed")
    sweep(clock.now)

    pending = Message.objects.get(kind="payment_pending")
    assert "Your bank is moving $420.00; nothing to do; expected Thu 26 Nov." in pending.text
    assert told("payment_failed") == {"wanda@coyote.example", "wile@coyote.example"}
    assert "Account closed" in Message.objects.filter(kind="payment_failed")[0].text


def test_money_that_does_not_fit_reaches_the_members(cast: Cast, start):
    from doorstep.lib.money import Money

    payment = start([an_invoice(cast.coyote, by=cast.olivia)])
    book(payment, PaymentState.SUCCEEDED, money=Money(1, "USD"))
    sweep(clock.now)

    message = Message.objects.get(kind="member_quarantined")
    assert "$0.01" in message.text
    assert not Message.objects.filter(kind="receipt").exists()


@pytest.mark.parametrize("origin", [Origin.IMPORT, Origin.DEMO, Origin.RESTORE])
def test_only_acts_notify(cast: Cast, start, origin: str):
    payment = start([an_invoice(cast.coyote, by=cast.olivia)])
    sweep(clock.now)
    Notice.objects.all().delete()
    event = record(PAYMENT_SUCCEEDED, payment, by=cast.wile, at=NOON, origin=origin)
    Event.objects.filter(pk=event.pk).update(swept_at=None)
    sweep(clock.now)

    assert not Message.objects.exists()
    assert not Notice.objects.exists()


def test_an_event_is_told_once_however_often_it_is_swept(cast: Cast, start):
    book(start([an_invoice(cast.coyote, by=cast.olivia)]), PaymentState.SUCCEEDED)
    sweep(clock.now)
    before = Message.objects.count(), Notice.objects.count()
    Event.objects.update(swept_at=None)
    sweep(clock.now)

    assert (Message.objects.count(), Notice.objects.count()) == before


def test_an_event_that_cannot_be_told_does_not_hold_up_the_others(cast: Cast, start, monkeypatch):
    from doorstep.notifications import enclosures

    payment = start([an_invoice(cast.coyote, by=cast.olivia)])
    book(payment, PaymentState.SUCCEEDED)
    an_invoice(cast.coyote, by=cast.olivia).send(by=cast.olivia, at=NOON)
    with monkeypatch.context() as broken:
        broken.setattr(enclosures, "receipt", None)
        sweep(clock.now)
    assert told("paper") == {"wile@coyote.example"}
    assert not told("receipt")

    sweep(clock.now)
    assert told("receipt") == {"wile@coyote.example"}


def test_words_and_dates_are_in_the_persons_language_and_amounts_in_its_format(cast: Cast, start):
    cast.wile.language = "de"
    cast.wile.save()
    book(start([an_invoice(cast.coyote, "1204.50", by=cast.olivia)]), PaymentState.SUCCEEDED)
    sweep(clock.now)

    message = Message.objects.get(kind="receipt")
    assert message.language == "de"
    assert "1.204,50" in message.html


def test_names_cannot_make_headers_or_markup(cast: Cast, start):
    cast.acme.organization.name = (
        "Acme\r\nBcc: victim@example.org <script>alert(1)</script>{{ 7|add:7 }}"
    )
    cast.acme.organization.save()
    book(start([an_invoice(cast.coyote, by=cast.olivia)]), PaymentState.SUCCEEDED)
    sweep(clock.now)

    message = Message.objects.get(kind="receipt")
    assert "\n" not in message.subject
    assert "\r" not in message.subject
    assert "<script" not in message.html
    assert "{{ 7|add:7 }}" in message.text


def test_mail_of_a_demo_is_kept_even_with_a_mail_server(cast: Cast, start, mail_server):
    cast.acme.organization.is_demo = True
    cast.acme.organization.save()
    an_invoice(cast.coyote, by=cast.olivia).send(by=cast.olivia, at=NOON)
    sweep(clock.now)

    assert Message.objects.get().state == MessageState.KEPT


def test_mail_waits_when_a_server_is_set_and_is_kept_when_none_is(cast: Cast, mail_server):
    an_invoice(cast.coyote, by=cast.olivia).send(by=cast.olivia, at=NOON)
    sweep(clock.now)
    assert Message.objects.get().state == MessageState.QUEUED

    mail_server.delete()
    an_invoice(cast.coyote, by=cast.olivia).send(by=cast.olivia, at=NOON + timedelta(1))
    sweep(clock.now)
    assert Message.objects.newest_first()[0].state == MessageState.KEPT
