"""The test bank's pages, as a payer and as somebody who plays the bank."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from doorstep.lib import clock
from doorstep.organizations.models import Organization
from doorstep.payments.models import Payment, SandboxSession
from doorstep.payments.tests.steps import at_the_bank, start
from tests.cast import Cast, an_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.money]
HONEST = "This is a test bank. No real money moves."


def begin(cast: Cast, method: str = "card") -> Payment:
    at = clock.now()
    invoice = an_invoice(cast.coyote, "120.00", by=cast.olivia)
    return at_the_bank(start([invoice], cast.wile, method=method, at=at), at=at)


def test_a_payer_pays_by_card_and_comes_back(cast: Cast, client: Client) -> None:
    payment = begin(cast)
    page = client.get(payment.checkout_url).content.decode()
    assert HONEST in page and "$120.00" in page and "Acme Wholesale" in page

    answer = client.post(payment.checkout_url + "payment/", {"way": "card"})

    assert (answer.status_code, answer["Location"]) == (302, "/portal/acme/back/")
    assert payment.ask_gateway(at=clock.now()).is_succeeded


def test_a_declined_card_is_said_and_another_may_be_tried(cast: Cast, client: Client) -> None:
    payment = begin(cast)
    page = client.post(
        payment.checkout_url + "payment/", {"way": "declined_card"}, follow=True
    ).content.decode()
    assert "The card was declined. Nothing was paid." in page and "Pay $120.00" in page


def test_a_payer_turns_back(cast: Cast, client: Client) -> None:
    payment = begin(cast)
    answer = client.post(payment.checkout_url + "cancellation/")
    assert answer["Location"] == "/portal/acme/pay/"
    assert payment.ask_gateway(at=clock.now()).state == "cancelled"


@pytest.mark.parametrize(("act", "end"), [("settlement", "succeeded"), ("return", "failed")])
def test_a_debit_ends_as_whoever_plays_the_bank_decides(
    cast: Cast, client: Client, act: str, end: str
) -> None:
    payment = begin(cast, "bank_debit")
    client.post(payment.checkout_url + "payment/", {"way": "bank_debit"})
    assert "Let the bank settle" in client.get(payment.checkout_url).content.decode()
    assert payment.ask_gateway(at=clock.now()).is_pending

    client.post(f"{payment.checkout_url}{act}/")

    assert Payment.objects.get().ask_gateway(at=clock.now()).state == end
    assert "Nothing more can be done here." in client.get(payment.checkout_url).content.decode()


def test_a_debit_is_not_paid_by_card(cast: Cast, client: Client) -> None:
    payment = begin(cast, "bank_debit")
    assert client.post(payment.checkout_url + "payment/", {"way": "card"}).status_code == 422


def test_a_closed_session_says_so(cast: Cast, client: Client) -> None:
    payment = begin(cast)
    with clock.shifted_to(clock.now() + timedelta(minutes=31)):
        assert "Pay $120.00" not in client.get(payment.checkout_url).content.decode()
        assert client.post(payment.checkout_url + "payment/", {"way": "card"}).status_code == 409


def test_looking_changes_nothing(cast: Cast, client: Client) -> None:
    payment = begin(cast)
    for act in ("payment", "cancellation", "settlement", "return", "behaviour"):
        assert client.get(f"{payment.checkout_url}{act}/").status_code == 405
    assert SandboxSession.objects.get().is_open


def test_every_act_needs_the_forms_token(cast: Cast) -> None:
    payment = begin(cast)
    client = Client(enforce_csrf_checks=True)
    for act in ("payment", "cancellation", "settlement", "return", "behaviour"):
        assert client.post(f"{payment.checkout_url}{act}/").status_code == 403


def test_the_overview_shows_the_demo_only(cast: Cast, client: Client) -> None:
    payment = begin(cast, "bank_debit")
    SandboxSession.objects.get().debit(at=clock.now())
    assert payment.checkout_url not in client.get("/sandbox-bank/").content.decode()
    Organization.objects.filter(pk=cast.acme.organization.pk).update(is_demo=True)
    assert payment.checkout_url in client.get("/sandbox-bank/").content.decode()


def test_the_pages_are_gone_where_money_is_real(cast: Cast, client: Client) -> None:
    payment = begin(cast)
    Organization.objects.update(went_live_at=clock.now())
    assert client.get(payment.checkout_url).status_code == 404
    assert client.post(payment.checkout_url + "payment/", {"way": "card"}).status_code == 404


def test_test_tools_are_kept(cast: Cast, client: Client) -> None:
    payment = begin(cast)
    client.post(
        payment.checkout_url + "behaviour/", {"delay": "60", "copies": "3", "reverse": "on"}
    )
    session = SandboxSession.objects.get()
    assert (session.notice_delay, session.notice_copies, session.notices_reversed) == (60, 3, True)
