"""Codes and links to telephones: Twilio's own client against a double of its API, over real HTTP."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from doorstep.identity.models import Challenge
from doorstep.lib import clock
from doorstep.lib.phones import textable
from doorstep.notifications.delivery import deliver
from doorstep.notifications.models import Message, MessageState, SmsSettings
from doorstep.notifications.sweep import sweep
from doorstep.notifications.tests.twilio_double import (
    ACCOUNT,
    SENDER,
    TOKEN,
    TwilioDouble,
    error,
)
from doorstep.sales.models import Invoice
from doorstep.sharing.models import Link
from tests.cast import Cast, an_invoice

pytestmark = pytest.mark.django_db
NUMBER = "+15055550142"


@pytest.fixture
def twilio(settings) -> Iterator[TwilioDouble]:
    double = TwilioDouble()
    settings.TWILIO_API_BASE = double.address
    yield double
    double.stop()


@pytest.fixture
def connected(cast: Cast, twilio: TwilioDouble) -> TwilioDouble:
    SmsSettings.of(cast.acme.organization).change(
        by=cast.olivia, at=clock.now(), account=ACCOUNT, token=TOKEN, sender=SENDER
    )
    return twilio


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    cast.wanda.phone = "+1 (505) 555-0142"
    cast.wanda.save()
    return an_invoice(cast.coyote, "1204.50", by=cast.olivia, at=clock.now())


def land(cast: Cast, invoice: Invoice) -> tuple[Client, str]:
    token = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=clock.now())[1]
    client = Client()
    return client, client.get(f"/s/{token}")["Location"]


def tell() -> None:
    sweep(clock.now)
    deliver(clock.now)


def test_a_code_by_message_opens_the_paper(
    cast: Cast, invoice: Invoice, connected: TwilioDouble
) -> None:
    client, page = land(cast, invoice)
    shown = client.get(page).content.decode()
    assert "Message to •••• 42" in shown
    assert "555" not in shown
    answer = client.post(f"{page}code/", {"person": f"{cast.wanda.pk}-text"})
    assert "We sent a 6-digit code to the number" in answer.content.decode()
    tell()

    taken = connected.taken[-1]
    assert (taken["To"], taken["From"]) == (NUMBER, SENDER)
    code = taken["Body"].split(" ")[0]
    assert "Acme Wholesale" in taken["Body"]
    assert client.post(f"{page}proof/", {"code": code}).status_code == 302
    assert "Cast anvil" in client.get(page).content.decode()
    message = Message.objects.get(kind="link_code")
    assert message.state == MessageState.SENT
    assert code not in message.text
    assert message.sealed_secret == ""
    assert Challenge.objects.get().sealed_code == ""


def test_without_a_connection_no_number_is_offered_and_none_is_taken(
    cast: Cast, invoice: Invoice
) -> None:
    client, page = land(cast, invoice)
    assert "Message to" not in client.get(page).content.decode()
    assert client.post(f"{page}code/", {"person": f"{cast.wanda.pk}-text"}).status_code == 422
    assert not Challenge.objects.exists()


def test_codes_to_one_number_are_capped_in_every_browser(
    cast: Cast, invoice: Invoice, connected: TwilioDouble
) -> None:
    """T34"""
    answers = []
    for _n in range(6):
        client, page = land(cast, invoice)
        answer = client.post(f"{page}code/", {"person": f"{cast.wanda.pk}-text"})
        answers.append(answer.status_code)
    assert answers == [200] * 5 + [429]


def test_a_link_goes_by_message_and_is_nowhere_in_plain(
    cast: Cast, invoice: Invoice, connected: TwilioDouble, signed_in
) -> None:
    page = f"/office/acme/invoices/{invoice.pk}/links/"
    form = {"person": cast.wanda.pk, "channel": "sms", "right": "pay", "lasts": ""}
    assert signed_in(cast.olivia).post(page, form).status_code == 302
    tell()

    body = connected.taken[-1]["Body"]
    token = body.rsplit("/s/", 1)[1]
    assert "INV-000001 from Acme Wholesale: $1,204.50" in body
    assert Link.objects.opened_by(token, at=clock.now())
    assert token not in str(list(Message.objects.values())) + str(list(Link.objects.values()))
    assert not Message.objects.filter(by_text=False, kind="shared_link").exists()


def test_a_fresh_one_goes_the_way_that_the_first_one_went(
    cast: Cast, invoice: Invoice, connected: TwilioDouble
) -> None:
    link, _token = Link.share(
        invoice, person=cast.wanda, by=cast.olivia, at=clock.now(), channel="sms"
    )
    link.revoke(by=cast.olivia, at=clock.now())
    link.renew(by=cast.wanda, at=clock.now())
    tell()

    assert [taken["To"] for taken in connected.taken] == [NUMBER]


def test_nobody_without_a_whole_number_can_be_chosen(
    cast: Cast, invoice: Invoice, connected: TwilioDouble, signed_in
) -> None:
    page = f"/office/acme/invoices/{invoice.pk}/links/"
    form = {"person": cast.wile.pk, "channel": "sms", "right": "pay", "lasts": ""}
    answer = signed_in(cast.olivia).post(page, form)
    assert answer.status_code == 422
    assert "begins with its country" in answer.content.decode()


def test_a_demo_company_shows_how_it_would_be_and_keeps_every_message(
    cast: Cast, invoice: Invoice, connected: TwilioDouble, signed_in
) -> None:
    cast.acme.organization.is_demo = True
    cast.acme.organization.save()
    client, page = land(cast, invoice)
    assert "Message to •••• 42" in client.get(page).content.decode()
    client.post(f"{page}code/", {"person": f"{cast.wanda.pk}-text"})
    tell()

    message = Message.objects.get(kind="link_code")
    assert (message.state, message.recipient) == (MessageState.KEPT, NUMBER)
    assert connected.taken == []
    shown = signed_in(cast.olivia).get(f"/office/acme/outbox/{message.pk}/").content.decode()
    assert "is your code for invoice INV-000001" in shown
    assert message.may_be_revealed_to(cast.olivia)


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        ((400, 21211), MessageState.FAILED, "No messages can be sent to this number."),
        ((400, 21610), MessageState.FAILED, "wants no messages from you"),
        ((403, 21408), MessageState.FAILED, "may not send to this country"),
        ((400, 99999), MessageState.FAILED, "Twilio refused it: Something new (99999)"),
        ((429, 20429), MessageState.QUEUED, "takes no message now"),
        ((503, 0), MessageState.QUEUED, "takes no message now"),
        ((400, 21606), MessageState.QUEUED, "does not let this account send from that number"),
        ((401, 20003), MessageState.QUEUED, "does not know this account and token"),
    ],
)
def test_what_twilio_says_becomes_words(
    invoice: Invoice, connected: TwilioDouble, answer, state, words
) -> None:
    connected.answer = lambda _said: error(*answer, "Something new")
    wanda = invoice.contact.people.get(name="Wanda Reyes")
    Link.share(invoice, person=wanda, by=wanda, at=clock.now(), channel="sms")
    tell()

    message = Message.objects.get(by_text=True)
    assert message.state == state
    assert words in message.error


def test_when_twilio_does_not_answer_mail_still_leaves_and_the_message_waits(
    cast: Cast, invoice: Invoice, connected: TwilioDouble
) -> None:
    connected.stop()
    Link.share(invoice, person=cast.wanda, by=cast.olivia, at=clock.now(), channel="sms")
    tell()

    message = Message.objects.get(by_text=True)
    assert (message.state, message.error) == (MessageState.QUEUED, "Twilio does not answer.")


def test_a_number_that_changed_meanwhile_gets_nothing(
    cast: Cast, invoice: Invoice, connected: TwilioDouble
) -> None:
    """E4"""
    Link.share(invoice, person=cast.wanda, by=cast.olivia, at=clock.now(), channel="sms")
    sweep(clock.now)
    cast.wanda.phone = "+1 505 555 0199"
    cast.wanda.save()
    deliver(clock.now)

    assert connected.taken == []
    assert Message.objects.get(by_text=True).state == MessageState.CANCELLED


def test_neither_words_nor_token_are_in_the_log(
    cast: Cast, invoice: Invoice, connected: TwilioDouble, caplog
) -> None:
    """S1"""
    caplog.set_level(logging.DEBUG)
    Link.share(invoice, person=cast.wanda, by=cast.olivia, at=clock.now(), channel="sms")
    tell()

    token = connected.taken[-1]["Body"].rsplit("/s/", 1)[1]
    assert token not in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+1 (505) 555-0142", NUMBER),
        ("001 505 555 0142", NUMBER),
        ("+49 (0)89 1234567", "+49891234567"),
        ("505 555 0142", ""),
        ("+1 555", ""),
        ("call Wanda", ""),
        ("+1505555014२", ""),
    ],
)
def test_a_number_counts_only_with_its_country(written: str, number: str) -> None:
    assert textable(written) == number
