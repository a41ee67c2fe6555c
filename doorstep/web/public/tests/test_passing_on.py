"""A recipient passes a link on: weaker, to one address, a few times, and never further."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from doorstep.activity.models import Event
from doorstep.identity.models import Challenge
from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice
from doorstep.sharing.models import Link
from tests.cast import Cast, an_invoice

pytestmark = pytest.mark.django_db
CARLA = "carla@books.example"


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    return an_invoice(cast.coyote, "1204.50", by=cast.olivia, at=clock.now())


@pytest.fixture
def link(cast: Cast, invoice: Invoice) -> tuple[Link, str]:
    return Link.share(invoice, person=cast.wanda, by=cast.olivia, at=clock.now())


def land(token: str) -> tuple[Client, str]:
    client = Client()
    return client, client.get(f"/s/{token}")["Location"]


def prove(client: Client, page: str, who: object) -> int:
    assert client.post(f"{page}code/", {"person": who}).status_code == 200
    code = unseal(Challenge.objects.latest("pk").sealed_code)
    return client.post(f"{page}proof/", {"code": code}).status_code


@pytest.fixture
def wanda(cast: Cast, link: tuple[Link, str]) -> tuple[Client, str]:
    client, page = land(link[1])
    assert prove(client, page, cast.wanda.pk) == 302
    return client, page


def pass_on(wanda: tuple[Client, str], address: str = CARLA, lasts: str = "7") -> int:
    client, page = wanda
    return client.post(f"{page}passed-on/", {"address": address, "lasts": lasts}).status_code


def carlas_token() -> str:
    sweep(clock.now)
    mail = Message.objects.filter(kind="passed_on_link").latest("pk")
    return unseal(mail.sealed_secret).rsplit("/", 1)[1]


def test_carla_gets_a_mail_of_the_business_with_a_link_that_only_shows(
    cast: Cast, wanda: tuple[Client, str], invoice: Invoice
) -> None:
    cast.acme.organization.email = "billing@acme.example"
    cast.acme.organization.save()
    assert pass_on(wanda) == 302
    token = carlas_token()
    mail = Message.objects.get(kind="passed_on_link")
    assert (mail.recipient, mail.reply_to) == (CARLA, "billing@acme.example")
    assert "Wanda Reyes passed an invoice of Acme Wholesale on to you" in mail.text
    assert token not in mail.text + mail.html
    assert Link.objects.get(addressee=CARLA).sealed_token == ""

    client, page = land(token)
    shown = client.get(page).content.decode()
    assert "c••••@b••••.example" in shown
    assert "Cast anvil" not in shown
    assert "w••••@" not in shown
    assert "Pay " not in shown


def test_carla_proves_her_own_address_and_sees_the_paper_and_cannot_pay(
    cast: Cast, wanda: tuple[Client, str], invoice: Invoice
) -> None:
    pass_on(wanda)
    client, page = land(carlas_token())
    assert client.post(f"{page}code/", {"person": cast.wanda.pk}).status_code == 422
    assert prove(client, page, "addressee") == 302
    sweep(clock.now)
    assert Message.objects.filter(kind="link_code").latest("pk").recipient == CARLA
    shown = client.get(page).content.decode()

    assert "Cast anvil" in shown
    assert "Pass on" not in shown
    assert client.get(f"{page}pdf/").content.startswith(b"%PDF")
    form = {"what": "this", "method": "card", "seen_total": invoice.balance}
    assert client.post(f"{page}pay/", form).status_code in (403, 404, 409)
    assert not Payment.objects.exists()


def test_what_was_passed_on_is_passed_on_no_further(wanda: tuple[Client, str]) -> None:
    pass_on(wanda)
    client, page = land(carlas_token())
    prove(client, page, "addressee")
    before = Link.objects.count()

    assert client.get(f"{page}passed-on/").status_code == 404
    form = {"address": "eve@elsewhere.example", "lasts": "7"}
    assert client.post(f"{page}passed-on/", form).status_code == 404
    assert client.post(f"{page}fresh/").status_code == 200
    assert Link.objects.count() == before


def test_nobody_passes_on_what_they_may_not_see(link: tuple[Link, str]) -> None:
    client, page = land(link[1])
    assert client.get(f"{page}passed-on/").status_code == 404
    assert pass_on((client, page)) == 404
    assert not Link.objects.exclude(parent=None).exists()


def test_it_never_lasts_longer_than_the_link_that_it_came_from(
    cast: Cast, invoice: Invoice
) -> None:
    ends = clock.now() + timedelta(days=10)
    _link, token = Link.share(
        invoice, person=cast.wanda, by=cast.olivia, at=clock.now(), expires_at=ends
    )
    client, page = land(token)
    prove(client, page, cast.wanda.pk)
    pass_on((client, page), lasts="90")
    pass_on((client, page), "dora@books.example", lasts="7")

    assert Link.objects.get(addressee=CARLA).expires_at == ends
    assert Link.objects.get(addressee="dora@books.example").expires_at < ends


def test_wanda_takes_it_back(wanda: tuple[Client, str]) -> None:
    pass_on(wanda)
    token, passed = carlas_token(), Link.objects.get(addressee=CARLA)
    client, page = wanda
    assert CARLA in client.get(f"{page}passed-on/").content.decode()
    assert client.post(f"{page}passed-on/{passed.pk}/revocation/").status_code == 302

    assert Link.objects.opened_by(token, at=clock.now()) is None
    assert CARLA not in client.get(f"{page}passed-on/").content.decode()


def test_wanda_cannot_take_back_what_another_passed_on(
    cast: Cast, wanda: tuple[Client, str], invoice: Invoice
) -> None:
    other, _token = Link.share(invoice, person=cast.wile, by=cast.olivia, at=clock.now())
    client, page = wanda
    assert client.post(f"{page}passed-on/{other.pk}/revocation/").status_code == 404
    assert Link.objects.get(pk=other.pk).revoked_at is None


def test_the_business_sees_who_passed_it_on_and_revokes_it(
    cast: Cast, wanda: tuple[Client, str], invoice: Invoice, signed_in
) -> None:
    pass_on(wanda)
    token, passed = carlas_token(), Link.objects.get(addressee=CARLA)
    olivia, page = signed_in(cast.olivia), f"/office/acme/invoices/{invoice.pk}/links/"
    shown = olivia.get(page).content.decode()
    assert CARLA in shown
    assert re.search(r"passed on [^<]* by Wanda Reyes", shown)
    assert Event.objects.get(kind="link.passed_on").data["address"] == CARLA
    olivia.post(f"{page}{passed.pk}/revocation/")

    assert Link.objects.opened_by(token, at=clock.now()) is None


def test_with_the_link_ends_what_was_passed_on_from_it(
    cast: Cast, link: tuple[Link, str], wanda: tuple[Client, str]
) -> None:
    pass_on(wanda)
    token = carlas_token()
    link[0].revoke(by=cast.olivia, at=clock.now())

    assert Link.objects.opened_by(token, at=clock.now()) is None


def test_a_mail_that_waits_does_not_leave_after_it_was_taken_back(
    wanda: tuple[Client, str],
) -> None:
    from doorstep.notifications.authority import why_not

    pass_on(wanda)
    sweep(clock.now)
    mail = Message.objects.get(kind="passed_on_link")
    assert why_not(mail, at=clock.now()) == ""
    client, page = wanda
    client.post(f"{page}passed-on/{Link.objects.get(addressee=CARLA).pk}/revocation/")

    assert why_not(mail, at=clock.now()) == "The link opens nothing any more."


def test_five_at_a_time_and_three_a_day_to_one_address(wanda: tuple[Client, str]) -> None:
    """T40"""
    client, page = wanda
    for n in range(5):
        assert pass_on(wanda, f"reader{n}@books.example") == 302
    assert pass_on(wanda, "reader5@books.example") == 409
    for passed in Link.objects.exclude(parent=None):
        client.post(f"{page}passed-on/{passed.pk}/revocation/")
    assert [pass_on(wanda, "reader0@books.example") for _n in range(3)] == [302, 302, 429]


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b.example\r\nBcc: c@d.example", "x" * 260 + "@books.example"]
)
def test_only_one_plain_address_is_taken(wanda: tuple[Client, str], address: str) -> None:
    """T41"""
    assert pass_on(wanda, address) == 422
    assert not Link.objects.exclude(parent=None).exists()


def test_with_verification_off_carla_sees_it_at_once_and_still_cannot_pay(
    cast: Cast, link: tuple[Link, str]
) -> None:
    cast.acme.organization.preferences.change(
        by=cast.olivia, at=clock.now(), verify_identity_on_links=False
    )
    assert pass_on(land(link[1])) == 302
    client, page = land(carlas_token())
    shown = client.get(page).content.decode()

    assert "Cast anvil" in shown
    assert "Pay " not in shown
    assert Link.objects.get(addressee=CARLA).passed_by is None
