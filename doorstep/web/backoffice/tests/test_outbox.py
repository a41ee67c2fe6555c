"""What the business sees of its mail, and what it may do about it."""

from __future__ import annotations

import pytest

from doorstep.activity.models import Event
from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.notifications.models import MailSettings, Message, MessageState
from doorstep.notifications.sweep import sweep
from tests.cast import NOON, Cast, a_person, an_invoice

pytestmark = pytest.mark.django_db
OUTBOX = "/office/acme/outbox/"


@pytest.fixture
def invitation(cast: Cast) -> Message:
    """A kept mail that holds a link which opens the portal."""
    road = a_person(cast.coyote, "Road Runner", "road@coyote.example", access=False)
    road.invite(by=cast.olivia, at=NOON)
    sweep(clock.now)
    return Message.objects.get()


@pytest.fixture
def paper(cast: Cast) -> Message:
    an_invoice(cast.coyote, "2310.75", by=cast.olivia).send(by=cast.olivia, at=NOON)
    sweep(clock.now)
    return Message.objects.get(kind="paper")


def set_server(cast: Cast) -> None:
    MailSettings.objects.create(
        organization=cast.acme.organization, host="mail.invalid", from_address="a@acme.example"
    )


def test_olivia_finds_every_mail_by_state_and_words(cast: Cast, signed_in, invitation, paper):
    olivia = signed_in(cast.olivia)

    assert "$2,310.75" in olivia.get(OUTBOX).content.decode()
    found = olivia.get(OUTBOX, {"q": "road"}).content.decode()
    assert "invites you" in found
    assert "$2,310.75" not in found
    assert "No mail here" in olivia.get(OUTBOX, {"state": "sent"}).content.decode()


def test_a_mail_can_be_read_and_its_paper_taken_out(cast: Cast, signed_in, paper: Message):
    olivia = signed_in(cast.olivia)
    page = olivia.get(f"{OUTBOX}{paper.pk}/").content.decode()
    pdf = olivia.get(f"{OUTBOX}{paper.pk}/papers/0/")

    assert "due Sunday 20 December 2026" in page
    assert pdf.content.startswith(b"%PDF")
    assert pdf["Content-Disposition"] == 'attachment; filename="Acme-INV-000001.pdf"'


def test_the_mail_as_it_looks_may_do_nothing(cast: Cast, signed_in, paper: Message):
    shown = signed_in(cast.olivia).get(f"{OUTBOX}{paper.pk}/html/")

    assert shown["Content-Security-Policy"].startswith("sandbox; default-src 'none';")
    assert "script-src" not in shown["Content-Security-Policy"]


def test_the_link_is_masked_and_an_owner_may_reveal_it_on_record(
    cast: Cast, signed_in, invitation: Message
):
    olivia, link = signed_in(cast.olivia), unseal(invitation.sealed_secret)
    page = f"{OUTBOX}{invitation.pk}/"
    assert link not in olivia.get(page).content.decode()
    assert "[the link in this mail]" in olivia.get(page).content.decode()
    olivia.get(f"{page}link/")
    assert not Event.objects.filter(kind="mail.link_revealed").exists()

    for _again in range(2):
        assert link in olivia.post(f"{page}link/").content.decode()
    assert Event.objects.filter(kind="mail.link_revealed").count() == 2


def test_ben_the_bookkeeper_may_not_reveal_it(cast: Cast, signed_in, invitation: Message):
    ben = signed_in(cast.ben)

    assert "Reveal link" not in ben.get(f"{OUTBOX}{invitation.pk}/").content.decode()
    assert ben.post(f"{OUTBOX}{invitation.pk}/link/").status_code == 403
    assert ben.post(f"{OUTBOX}{invitation.pk}/", {"act": "discard"}).status_code == 403


def test_once_mail_leaves_not_even_the_owner_may(cast: Cast, signed_in, invitation: Message):
    set_server(cast)
    olivia = signed_in(cast.olivia)
    assert olivia.post(f"{OUTBOX}{invitation.pk}/link/").status_code == 403

    cast.acme.organization.is_demo = True
    cast.acme.organization.save()
    assert olivia.post(f"{OUTBOX}{invitation.pk}/link/").status_code == 200


def test_kept_mail_is_sent_or_discarded_by_choice(cast: Cast, signed_in, invitation, paper):
    olivia = signed_in(cast.olivia)
    assert olivia.post(f"{OUTBOX}{paper.pk}/", {"act": "send"}).status_code == 409
    set_server(cast)
    assert "2 kept mails: send, or discard?" in olivia.get(OUTBOX).content.decode()

    olivia.post(f"{OUTBOX}{paper.pk}/", {"act": "discard"})
    olivia.post(f"{OUTBOX}kept/", {"act": "send"})

    states = dict(Message.objects.values_list("kind", "state"))
    assert states == {"paper": MessageState.CANCELLED, "invitation": MessageState.QUEUED}


def test_all_kept_mail_can_be_discarded_at_once(cast: Cast, signed_in, invitation, paper):
    set_server(cast)
    signed_in(cast.olivia).post(f"{OUTBOX}kept/", {"act": "discard"})

    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.CANCELLED}
    assert Event.objects.get(kind="mail.kept_discarded").data == {"count": 2}


def test_a_refused_mail_can_be_tried_again(cast: Cast, signed_in, paper: Message):
    set_server(cast)
    Message.objects.update(state=MessageState.FAILED, error="550 no such user", attempts=1)
    olivia = signed_in(cast.olivia)
    assert "550 no such user" in olivia.get(f"{OUTBOX}{paper.pk}/").content.decode()
    olivia.post(f"{OUTBOX}{paper.pk}/", {"act": "send"})

    paper.refresh_from_db()
    assert (paper.state, paper.attempts, paper.error) == (MessageState.QUEUED, 0, "")


def test_a_mail_that_left_can_be_sent_once_more_as_another_one(
    cast: Cast, signed_in, paper: Message
):
    set_server(cast)
    Message.objects.update(state=MessageState.SENT, sent_at=NOON)
    signed_in(cast.olivia).post(f"{OUTBOX}{paper.pk}/", {"act": "again"})

    copy = Message.objects.exclude(pk=paper.pk).get()
    assert copy.message_id != paper.message_id
    assert (copy.state, copy.recipient, copy.papers) == ("queued", paper.recipient, paper.papers)


def test_an_invitation_whose_link_is_forgotten_cannot(cast: Cast, signed_in, invitation: Message):
    set_server(cast)
    Message.objects.update(state=MessageState.SENT, sent_at=NOON, sealed_secret="")
    answer = signed_in(cast.olivia).post(f"{OUTBOX}{invitation.pk}/", {"act": "again"})

    assert answer.status_code == 409


def test_greta_of_globex_finds_nothing(cast: Cast, signed_in, invitation: Message):
    greta = signed_in(cast.greta)

    assert greta.get(OUTBOX).status_code == 404
    for rest in ("", "html/", "link/", "papers/0/"):
        address = f"/office/globex/outbox/{invitation.pk}/{rest}"
        assert greta.get(address).status_code in (302, 404)
        assert greta.post(address).status_code == 404


def test_a_list_of_ten_costs_what_a_list_of_one_costs(
    cast: Cast, signed_in, django_assert_max_num_queries
):
    olivia = signed_in(cast.olivia)

    def queries(many: int) -> int:
        for _n in range(many):
            an_invoice(cast.coyote, by=cast.olivia).send(by=cast.olivia, at=NOON)
        sweep(clock.now)
        olivia.get(OUTBOX)
        with django_assert_max_num_queries(20) as counted:
            olivia.get(OUTBOX)
        return len(counted)

    assert queries(1) == queries(9)


def test_a_forgotten_password_is_mailed_and_its_link_lies_nowhere_in_plain(
    cast: Cast, client, settings
):
    # Tests hold mail back in memory by themselves; this one wants the product's way.
    settings.MAILERS = {"default": {"BACKEND": "doorstep.notifications.backend.OutboxBackend"}}
    client.post("/portal/acme/password/forgotten/", {"email": "wile@coyote.example"})

    message = Message.objects.get(recipient="wile@coyote.example")
    link = unseal(message.sealed_secret)
    assert "/portal/acme/password/new/" in link
    assert message.organization == cast.acme.organization
    assert Message.SECRET_LINK in message.text
    assert Message.SECRET_LINK in message.html
    for value in Message.objects.values().get().values():
        assert link not in str(value)
