"""T15: a right that is gone is gone at the next request: sessions, links and mail with it.

There are no keys of an API yet.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from doorstep.activity.models import System
from doorstep.identity.models import Session
from doorstep.lib import clock
from doorstep.notifications.delivery import deliver
from doorstep.notifications.models import MailSettings, Message
from doorstep.notifications.sweep import sweep
from doorstep.sharing.models import Link
from tests.cast import NOON, Cast, an_invoice
from tests.factors import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock.shifted_to(NOON):
        yield


@pytest.fixture
def visitor(cast: Cast) -> Callable[[], int]:
    """A browser in which a link was opened: the status of what it is shown now."""
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    invoice.send(by=cast.olivia, at=NOON)
    _link, token = Link.share(
        invoice, person=cast.wile, by=cast.olivia, at=NOON, expires_at=NOON + timedelta(days=30)
    )
    client = Client()

    def look() -> int:
        return client.get(f"/s/{token}", follow=True).status_code

    assert look() == 200
    return look


def test_t15_an_account_that_is_disabled_is_out_everywhere(cast: Cast) -> None:
    clients = [sign_in(cast.acme.portal, "wile@coyote.example") for _n in range(2)]

    cast.wile.access.account.disable()

    assert [client.get(cast.acme.portal).status_code for client in clients] == [302, 302]
    assert sign_in(cast.acme.portal, "wile@coyote.example").get(cast.acme.portal).status_code == 302
    assert not Session.objects.filter(account=cast.wile.access.account_id).exists()


def test_t15_a_member_who_left_is_out_of_the_office(cast: Cast) -> None:
    client = sign_in(cast.acme.office, "ben@acme.example")
    assert client.get(cast.acme.office).status_code == 200

    cast.ben.remove(by=cast.olivia, at=NOON)

    assert client.get(cast.acme.office).status_code == 404


def test_t15_a_contact_that_is_closed_takes_its_people_and_links_along(
    cast: Cast, visitor: Callable[[], int]
) -> None:
    client = sign_in(cast.acme.portal, "wile@coyote.example")
    assert client.get(cast.acme.portal).status_code == 200

    cast.coyote.change(by=cast.olivia, at=NOON, is_active=False)

    assert client.get(cast.acme.portal).status_code == 404
    assert visitor() == 404
    assert Link.objects.first().renew(by=System(), at=NOON) is None


def test_t15_a_business_that_is_suspended_is_shut_for_everybody(
    cast: Cast, visitor: Callable[[], int]
) -> None:
    MailSettings.objects.create(
        organization=cast.acme.organization, host="127.0.0.1", port=1, from_address="a@acme.example"
    )
    wiles = sign_in(cast.acme.portal, "wile@coyote.example")
    olivias = sign_in(cast.acme.office, "olivia@acme.example")
    sweep(clock.now)
    assert Message.objects.due(at=clock.now()).exists()

    call_command("suspend_organization", "acme")

    assert wiles.get(cast.acme.portal).status_code == 404
    assert olivias.get(cast.acme.office).status_code == 404
    assert Client().get(f"{cast.acme.portal}sign-in/").status_code == 404
    assert visitor() == 404
    assert not Message.objects.due(at=clock.now()).exists()
    assert deliver(clock.now) == 0
    assert Client().get(f"{cast.globex.portal}sign-in/").status_code == 200

    call_command("suspend_organization", "acme", "--end")

    assert wiles.get(cast.acme.portal).status_code == 200
    assert visitor() == 200
