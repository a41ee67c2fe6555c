"""T13: mail leads to our own address, whatever host the request that caused it named."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from tests.cast import NOON, Cast, a_person, an_invoice
from tests.factors import sign_in

pytestmark = pytest.mark.django_db
LIES = [
    {"HTTP_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_HOST": "localhost"},
    # What the server makes of two Host headers.
    {"HTTP_HOST": "testserver,evil.example"},
    {"HTTP_HOST": "evil.example,testserver"},
]


@pytest.fixture(autouse=True)
def noon():
    with clock.shifted_to(NOON):
        yield


@pytest.mark.parametrize("lie", LIES)
def test_t13_an_invitation(cast: Cast, lie: dict[str, str]) -> None:
    nora = a_person(cast.coyote, "Nora", "nora@coyote.example", access=False)
    client = sign_in(cast.acme.office, "olivia@acme.example")

    answer = client.post(f"{cast.acme.office}people/{nora.pk}/invitation/", **lie)

    lead_home(answer.status_code)


@pytest.mark.parametrize("lie", LIES)
def test_t13_a_shared_link(cast: Cast, lie: dict[str, str]) -> None:
    a_person(cast.coyote, "Nora", "nora@coyote.example", access=False)
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    client = sign_in(cast.acme.office, "olivia@acme.example")
    fields = {"to": "wile@coyote.example", "people": [cast.wile.pk], "subject": "", "note": ""}

    answer = client.post(f"{cast.acme.office}invoices/{invoice.pk}/sending/", fields, **lie)

    lead_home(answer.status_code)


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("form", ["sign-in/code/", "password/forgotten/"])
def test_t13_a_code_and_a_forgotten_password(cast: Cast, form: str, lie: dict[str, str]) -> None:
    answer = Client().post(cast.acme.portal + form, {"email": "wile@coyote.example"}, **lie)

    assert answer.status_code in (302, 400, 421)
    assert len(mail.outbox) == (answer.status_code == 302)
    for letter in mail.outbox:
        secret = unseal(letter.extra_headers["X-Doorstep-Secret"])
        assert secret.startswith("http://testserver/") or secret.isdigit()
        assert "evil" not in letter.body + letter.subject + secret


def lead_home(status: int) -> None:
    """Refused, or every address in every mail is ours."""
    assert status in (200, 302, 400, 421)
    sweep(clock.now)
    for message in Message.objects.all():
        said = message.text + message.html + unseal(message.sealed_secret)
        assert "evil" not in said
        assert "localhost" not in said
        assert "http://testserver/" in said
