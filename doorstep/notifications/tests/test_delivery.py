"""Mail leaves by a real mail server, once, and every way in which that can fail ends well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from doorstep.lib import clock
from doorstep.lib.checkpoints import watch
from doorstep.notifications.delivery import deliver
from doorstep.notifications.models import MailSettings, Message, MessageState
from doorstep.notifications.models.message import LEASE
from doorstep.notifications.models.outbox import PATIENCE
from doorstep.notifications.sweep import sweep
from doorstep.notifications.tests.conftest import book
from doorstep.notifications.tests.server import MailServer, Postman
from doorstep.payments.states import PaymentState
from tests.cast import NOON, Cast, a_person, an_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def postman(mail_server: MailSettings) -> Iterator[Postman]:
    postman = Postman()
    server = MailServer(postman)
    server.start()
    mail_server.port = server.port
    mail_server.save()
    yield postman
    server.stop()


@pytest.fixture
def message(cast: Cast, mail_server: MailSettings) -> Message:
    """An invoice of $2,310.75 to Wanda, waiting to be sent."""
    invoice = an_invoice(cast.coyote, "2310.75", by=cast.olivia)
    invoice.send(by=cast.olivia, at=NOON, to=[cast.wanda])
    sweep(clock.now)
    return Message.objects.get()


def after(wait: timedelta) -> None:
    with clock.shifted_to(NOON + wait):
        deliver(clock.now)


def test_it_leaves_with_everything_that_a_good_mail_has(
    cast: Cast, postman: Postman, message: Message
):
    deliver(clock.now)

    mail = postman.taken[0]
    assert mail["To"] == "Wanda Reyes <wanda@coyote.example>"
    assert mail["From"] == "Acme Wholesale <billing@acme.example>"
    assert mail["Message-ID"] == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    assert "$2,310.75" in mail.get_body(["plain"]).get_content()
    assert "$2,310.75" in mail.get_body(["html"]).get_content()
    [pdf] = mail.iter_attachments()
    assert pdf.get_filename() == "Acme-INV-000001.pdf"
    assert pdf.get_content().startswith(b"%PDF")
    message.refresh_from_db()
    assert (message.state, message.error) == (MessageState.SENT, "")
    assert message.sent_at is not None


def test_what_was_sent_is_not_sent_again(postman: Postman, message: Message):
    for _again in range(3):
        deliver(clock.now)

    assert list(postman.counts.values()) == [1]


def test_an_invitation_carries_its_link_and_the_link_is_forgotten(cast: Cast, postman: Postman):
    road = a_person(cast.coyote, "Road Runner", "road@coyote.example", access=False)
    road.invite(by=cast.olivia, at=NOON)
    sweep(clock.now)
    deliver(clock.now)

    text = postman.taken[0].get_body(["plain"]).get_content()
    assert "/portal/acme/invitation/" in text
    assert Message.SECRET_LINK not in text
    assert Message.SECRET_LINK not in postman.taken[0].get_body(["html"]).get_content()
    assert Message.objects.get().sealed_secret == ""


def test_a_server_that_says_later_is_asked_later_with_the_same_message_id(
    postman: Postman, message: Message
):
    postman.rcpt = lambda _address: "450 greylisted, come back"
    deliver(clock.now)
    message.refresh_from_db()
    assert message.state == MessageState.QUEUED
    assert message.error == "450 greylisted, come back"

    postman.rcpt = lambda _address: None
    after(timedelta(seconds=30))
    assert not postman.taken
    after(timedelta(seconds=70))
    assert postman.counts == {message.message_id: 1}


def test_a_server_that_never_says_yes_fails_in_the_end_where_staff_see_it(
    postman: Postman, message: Message
):
    postman.data = lambda _mail: "451 later"
    for hours in range(30):
        after(timedelta(hours=hours))
    message.refresh_from_db()

    assert message.state == MessageState.FAILED
    assert message.attempts == len(PATIENCE) + 1
    assert message.error == "451 later"


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_a_refusal_for_good_is_not_tried_again(postman: Postman, message: Message, step: str):
    setattr(postman, step, lambda _asked: "550 no such user")
    deliver(clock.now)
    after(timedelta(days=1))
    message.refresh_from_db()

    assert message.state == MessageState.FAILED
    assert message.error == "550 no such user"
    assert postman.tries == 1


def test_one_refused_mail_does_not_hold_up_the_next(cast: Cast, postman: Postman, message: Message):
    an_invoice(cast.coyote, by=cast.olivia).send(by=cast.olivia, at=NOON, to=[cast.wile])
    sweep(clock.now)
    postman.rcpt = lambda address: "550 no" if address.startswith("wanda") else None
    deliver(clock.now)

    assert [mail["To"] for mail in postman.taken] == ["Wile Tanner <wile@coyote.example>"]


def test_a_cut_connection_is_tried_again(postman: Postman, message: Message):
    postman.data = lambda _mail: "hang up"
    deliver(clock.now)
    message.refresh_from_db()
    assert message.state == MessageState.QUEUED

    postman.data = lambda _mail: None
    after(timedelta(minutes=2))
    assert postman.counts == {message.message_id: 1}


def test_while_the_server_is_away_everything_waits_and_then_each_goes_once(
    cast: Cast, mail_server: MailSettings, message: Message
):
    for _n in range(9):
        an_invoice(cast.coyote, by=cast.olivia).send(by=cast.olivia, at=NOON, to=[cast.wile])
    sweep(clock.now)
    for minutes in range(0, 31, 5):
        after(timedelta(minutes=minutes))
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.QUEUED}
    assert "127.0.0.1 port 1 does not answer" in Message.objects.all()[0].error

    postman = Postman()
    server = MailServer(postman)
    server.start()
    MailSettings.objects.update(port=server.port)
    after(timedelta(hours=2))
    server.stop()
    assert len(postman.counts) == 10
    assert set(postman.counts.values()) == {1}


def test_a_worker_that_died_leaves_the_mail_to_the_next_one(postman: Postman, message: Message):
    assert message.claim(at=clock.now())
    deliver(clock.now)
    assert not postman.taken

    after(LEASE + timedelta(seconds=1))
    assert postman.counts == {message.message_id: 1}


def test_a_lease_that_ran_out_meanwhile_sends_nothing(postman: Postman, message: Message):
    assert message.claim(at=clock.now())
    assert Message.objects.get().claim(at=clock.now() + LEASE)

    assert not message.is_mine_still(at=clock.now() + LEASE)


def test_an_invoice_voided_meanwhile_is_not_mailed(cast: Cast, postman: Postman, message: Message):
    from doorstep.sales.models import Invoice

    Invoice.of(cast.coyote).get().void(by=cast.olivia, at=NOON)
    deliver(clock.now)
    message.refresh_from_db()

    assert message.state == MessageState.CANCELLED
    assert message.error == "What it is about can no longer be seen by the customer."
    assert not postman.taken


def test_a_person_whose_access_was_revoked_gets_nothing(
    cast: Cast, postman: Postman, message: Message
):
    cast.wanda.revoke(by=cast.olivia, at=NOON)
    deliver(clock.now)

    assert Message.objects.get(pk=message.pk).state == MessageState.CANCELLED


def test_an_invitation_revoked_meanwhile_is_not_sent(cast: Cast, postman: Postman):
    road = a_person(cast.coyote, "Road Runner", "road@coyote.example", access=False)
    road.invite(by=cast.olivia, at=NOON)
    sweep(clock.now)
    road.revoke(by=cast.olivia, at=NOON)
    deliver(clock.now)

    found = Message.objects.get()
    assert (found.state, found.sealed_secret) == (MessageState.CANCELLED, "")
    assert not postman.taken


def test_a_member_who_left_hears_nothing_more(cast: Cast, postman: Postman, start):
    cast.coyote.account_manager = cast.ben
    cast.coyote.save()
    book(start([an_invoice(cast.coyote, by=cast.olivia)]), PaymentState.SUCCEEDED)
    sweep(clock.now)
    cast.ben.remove(by=cast.olivia, at=NOON)
    deliver(clock.now)

    assert {mail["To"] for mail in postman.taken} == {
        "Wile Tanner <wile@coyote.example>",
        "Olivia Ortiz <olivia@acme.example>",
    }


def test_nothing_kept_leaves_by_itself_once_a_server_is_set(cast: Cast):
    an_invoice(cast.coyote, by=cast.olivia).send(by=cast.olivia, at=NOON)
    sweep(clock.now)
    postman = Postman()
    server = MailServer(postman)
    server.start()
    settings = MailSettings.of(cast.acme.organization)
    settings.change(
        by=cast.olivia, at=NOON, host="127.0.0.1", port=server.port, use_tls=False,
        from_address="billing@acme.example",
    )  # fmt: skip
    deliver(clock.now)
    assert not postman.taken

    assert Message.send_kept(cast.acme.organization, by=cast.olivia, at=NOON) == 1
    deliver(clock.now)
    server.stop()
    assert len(postman.taken) == 1


def test_what_was_discarded_never_leaves(cast: Cast, mail_server: MailSettings):
    road = a_person(cast.coyote, "Road Runner", "road@coyote.example", access=False)
    MailSettings.objects.update(host="")
    road.invite(by=cast.olivia, at=NOON)
    sweep(clock.now)
    Message.discard_kept(cast.acme.organization, by=cast.olivia, at=NOON)

    found = Message.objects.get()
    assert (found.state, found.sealed_secret) == (MessageState.CANCELLED, "")
    assert found.error == "Discarded by Olivia Ortiz"


def test_without_a_server_any_more_waiting_mail_is_kept(cast: Cast, message: Message):
    MailSettings.objects.update(host="")
    deliver(clock.now)

    assert Message.objects.get().state == MessageState.KEPT


def test_a_demo_never_sends(cast: Cast, postman: Postman, message: Message):
    cast.acme.organization.is_demo = True
    cast.acme.organization.save()
    deliver(clock.now)

    assert Message.objects.get().state == MessageState.KEPT
    assert not postman.taken


@pytest.mark.parametrize(
    "evil",
    [
        "a\r\nBcc: victim@example.org",
        "a\nContent-Type: text/html\n\n<b>",
        "a\x01b\x7f",
        "a%0aBcc: victim@example.org",
        "=?utf-8?q?x=0ABcc=3A_victim=40example=2Eorg?=",
        "x" * 10_000,
        "\u202egnp.exe",
    ],
)
def test_t41_what_people_type_cannot_make_headers(cast: Cast, postman: Postman, evil: str):
    organization = cast.acme.organization
    organization.name = evil[:120]
    organization.save()
    cast.wanda.name = evil[:200]
    cast.wanda.save()
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    invoice.send(by=cast.olivia, at=NOON, to=[cast.wanda], note=evil)
    sweep(clock.now)
    deliver(clock.now)

    assert len(postman.taken) == 1
    mail = postman.taken[0]
    assert set(mail.keys()) <= {
        "Message-ID", "Date", "From", "To", "Reply-To", "Subject", "Auto-Submitted", "MIME-Version",
        "X-Auto-Response-Suppress", "Content-Language", "Content-Type", "X-Peer", "X-MailFrom", "X-RcptTo",
    }  # fmt: skip
    assert [a.addr_spec for a in mail["To"].addresses] == ["wanda@coyote.example"]
    assert postman.envelopes[0].rcpt_tos == ["wanda@coyote.example"]
    assert mail["Bcc"] is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(cast: Cast, postman: Postman):
    import threading

    from django.db import connection

    for _n in range(20):
        an_invoice(cast.coyote, by=cast.olivia).send(by=cast.olivia, at=NOON, to=[cast.wile])

    def work() -> None:
        sweep(clock.now)
        deliver(clock.now)
        connection.close()

    workers = [threading.Thread(target=work) for _n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert Message.objects.count() == 20
    assert len(postman.counts) == 20
    assert set(postman.counts.values()) == {1}


def test_a_worker_killed_after_the_server_took_it_may_send_it_once_more_with_the_same_id(
    postman: Postman, message: Message
):
    """The one window that mail cannot close: taken by the server, not yet written down by us."""

    class Killed(BaseException):
        pass

    def die(name: str) -> None:
        if name == "mail.after_data":
            raise Killed

    watch(die)
    try:
        with pytest.raises(Killed):
            deliver(clock.now)
    finally:
        watch(None)
    after(LEASE + timedelta(minutes=1))

    assert postman.counts == {message.message_id: 2}
