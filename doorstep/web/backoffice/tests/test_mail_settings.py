"""Settings → Mail."""

from __future__ import annotations

import pytest

from doorstep.activity.models import Event
from doorstep.notifications.models import MailSettings
from doorstep.notifications.tests.server import MailServer, Postman
from tests.cast import Cast
from tests.factors import proven

pytestmark = pytest.mark.django_db
PAGE = "/office/acme/settings/mail/"
TYPED = {
    "host": "127.0.0.1",
    "port": "1",
    "username": "",
    "from_address": "billing@acme.example",
    "from_name": "",
    "reply_to": "",
}


def test_a_password_goes_in_and_never_comes_out(cast: Cast, signed_in):
    olivia = proven(signed_in(cast.olivia))
    olivia.post(PAGE, {**TYPED, "username": "acme", "password": "s3cret-pass"})

    settings = MailSettings.objects.get()
    assert settings.password == "s3cret-pass"
    assert "s3cret-pass" not in settings.sealed_password
    assert "s3cret-pass" not in olivia.get(PAGE).content.decode()
    assert "s3cret-pass" not in str(Event.objects.get(kind="mail.settings_changed").data)


def test_an_empty_password_keeps_the_one_that_is_there(cast: Cast, signed_in):
    olivia = proven(signed_in(cast.olivia))
    olivia.post(PAGE, {**TYPED, "username": "acme", "password": "s3cret-pass"})
    olivia.post(PAGE, {**TYPED, "username": "acme", "from_name": "Acme", "password": ""})

    assert MailSettings.objects.get().password == "s3cret-pass"


def test_a_stored_password_is_not_shown_to_another_server(cast: Cast, signed_in):
    olivia = proven(signed_in(cast.olivia))
    olivia.post(PAGE, {**TYPED, "username": "acme", "password": "s3cret-pass"})
    page = olivia.post(PAGE, {**TYPED, "host": "evil.example", "username": "acme", "password": ""})

    assert "The server changed. Type the password for it." in page.content.decode()
    assert MailSettings.objects.get().host == "127.0.0.1"


def test_a_server_without_a_from_address_is_not_saved(cast: Cast, signed_in):
    page = proven(signed_in(cast.olivia)).post(PAGE, {**TYPED, "from_address": ""})

    assert "Say from which address your mail comes." in page.content.decode()
    assert not MailSettings.objects.exists()


def test_ben_sees_the_settings_and_cannot_change_them(cast: Cast, signed_in):
    ben = signed_in(cast.ben)

    assert ben.get(PAGE).status_code == 200
    assert ben.post(PAGE, TYPED).status_code == 403
    assert ben.post(f"{PAGE}test/").status_code == 403
    assert not MailSettings.objects.exists()


def test_a_test_says_in_words_what_the_server_said(cast: Cast, signed_in):
    postman, olivia = Postman(), proven(signed_in(cast.olivia))
    server = MailServer(postman)
    server.start()
    try:
        olivia.post(PAGE, {**TYPED, "port": str(server.port)})
        page = olivia.post(f"{PAGE}test/", follow=True).content.decode()
        assert "The mail server took the test. Look at olivia@acme.example." in page
        assert postman.taken[0]["Subject"] == "Test: your mail settings work"

        postman.rcpt = lambda _address: "550 relaying denied"
        page = olivia.post(f"{PAGE}test/", follow=True).content.decode()
        assert "The test did not work. 550 relaying denied" in page
    finally:
        server.stop()
    page = olivia.post(f"{PAGE}test/", follow=True).content.decode()
    assert f"127.0.0.1 port {server.port} does not answer" in page


def test_a_demo_company_cannot_even_test(cast: Cast, signed_in):
    cast.acme.organization.is_demo = True
    cast.acme.organization.save()
    olivia = proven(signed_in(cast.olivia))
    olivia.post(PAGE, TYPED)

    page = olivia.post(f"{PAGE}test/", follow=True).content.decode()
    assert "Mail of a demo company never leaves this machine." in page
