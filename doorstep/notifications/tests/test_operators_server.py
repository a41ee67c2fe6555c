"""What concerns accounts leaves by the operator's own mail server, where there is one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from doorstep.contacts.models import ContactPerson, PortalAccess
from doorstep.lib import clock
from doorstep.lib.secrets import SECRET_LINK, seal
from doorstep.notifications.delivery import deliver
from doorstep.notifications.models import MailSettings, Message, MessageState
from doorstep.notifications.models.message import first_state
from doorstep.notifications.sweep import sweep
from doorstep.notifications.tests.server import MailServer, Postman
from tests.cast import NOON, Cast, an_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def operators(settings) -> Iterator[Postman]:
    postman = Postman()
    server = MailServer(postman)
    server.start()
    settings.SMTP_URL = f"smtp+plain://127.0.0.1:{server.port}"
    settings.SMTP_FROM = "accounts@portal.example"
    yield postman
    server.stop()


@pytest.fixture
def wile_is_known_twice(cast: Cast) -> None:
    person = ContactPerson.add(
        cast.globex_customer, name="Wile", email="wile@coyote.example", by=cast.greta, at=NOON
    )
    PortalAccess.objects.create(
        organization=cast.globex.organization,
        contact_person=person,
        account=cast.wile.access.account,
        accepted_at=NOON,
    )


def a_code(cast: Cast) -> Message:
    at, kind = clock.now(), "account.login_code"
    return Message.objects.create(
        organization=cast.acme.organization,
        kind=kind,
        recipient="wile@coyote.example",
        subject="Your code",
        text=SECRET_LINK,
        sealed_secret=seal("123456"),
        message_id=f"<{at.timestamp()}@x>",
        created_at=at,
        **first_state(cast.acme.organization, at=at, kind=kind),
    )


def test_the_code_of_somebody_who_is_known_twice_leaves_by_it_and_by_no_other(
    cast: Cast, operators: Postman, mail_server: MailSettings, wile_is_known_twice: None
) -> None:
    code = a_code(cast)
    assert not code.may_be_revealed_to(cast.olivia)

    deliver(clock.now)

    code.refresh_from_db()
    assert (code.state, code.sealed_secret) == (MessageState.SENT, "")
    assert operators.taken[0]["From"] == "Acme Wholesale <accounts@portal.example>"
    assert "123456" in operators.taken[0].get_content()


def test_a_business_without_a_server_of_its_own_mails_codes_too_and_papers_stay(
    cast: Cast, operators: Postman
) -> None:
    code = a_code(cast)
    assert not code.may_be_revealed_to(cast.olivia)
    an_invoice(cast.coyote, by=cast.olivia).send(by=cast.olivia, at=NOON)
    sweep(clock.now)
    deliver(clock.now)

    states = dict(Message.objects.values_list("kind", "state"))
    assert states == {"account.login_code": "sent", "paper": "kept"}


def test_a_demo_company_never_mails(cast: Cast, operators: Postman) -> None:
    cast.acme.organization.is_demo = True
    cast.acme.organization.save()

    assert a_code(cast).state == MessageState.KEPT
    deliver(clock.now)
    assert operators.taken == []


def test_when_it_is_down_other_mail_goes_on(
    cast: Cast, settings, mail_server: MailSettings, operators: Postman
) -> None:
    mail_server.port = int(settings.SMTP_URL.rsplit(":", 1)[1])
    mail_server.save()
    settings.SMTP_URL = "smtp+plain://127.0.0.1:1"
    code = a_code(cast)
    an_invoice(cast.coyote, by=cast.olivia).send(by=cast.olivia, at=NOON)
    sweep(clock.now)

    deliver(clock.now)

    code.refresh_from_db()
    assert (code.state, code.attempts) == (MessageState.QUEUED, 1)
    assert [mail["From"].addresses[0].addr_spec for mail in operators.taken] == [
        "billing@acme.example"
    ]


def test_without_it_all_is_as_before(
    cast: Cast, mail_server: MailSettings, wile_is_known_twice: None
) -> None:
    code = a_code(cast)

    deliver(clock.now)

    code.refresh_from_db()
    assert (code.state, code.sealed_secret) == (MessageState.CANCELLED, "")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("smtp://post:a%40b@mail.example.com", (587, True, "post", "a@b")),
        ("smtps://mail.example.com", (465, True, "", "")),
        ("smtp+plain://mail.example.com:25", (25, False, "", "")),
    ],
)
def test_the_address_says_it_all(cast: Cast, settings, url: str, said: tuple) -> None:
    settings.SMTP_URL = url
    server = MailSettings.carrying("account.login_code", cast.acme.organization)

    assert server.host == "mail.example.com"
    assert (server.port, server.use_tls, server.username, server.password) == said
    assert MailSettings.carrying("paper", cast.acme.organization).host == ""
