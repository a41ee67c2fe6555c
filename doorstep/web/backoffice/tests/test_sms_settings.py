"""Settings → SMS."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from doorstep.activity.models import Event
from doorstep.notifications.models import SmsSettings
from doorstep.notifications.tests.twilio_double import ACCOUNT, SENDER, TOKEN, TwilioDouble
from tests.cast import Cast
from tests.factors import proven

pytestmark = pytest.mark.django_db
PAGE = "/office/acme/settings/sms/"
NUMBER = "+15055550142"
TYPED = {"account": ACCOUNT, "token": TOKEN, "sender": "+1 505 555 0100"}


@pytest.fixture
def twilio(settings) -> Iterator[TwilioDouble]:
    double = TwilioDouble()
    settings.TWILIO_API_BASE = double.address
    yield double
    double.stop()


def test_settings_go_in_and_the_token_never_comes_out(
    cast: Cast, twilio: TwilioDouble, signed_in
) -> None:
    olivia = proven(signed_in(cast.olivia))
    olivia.post(PAGE, TYPED)
    saved = SmsSettings.objects.get()
    assert (saved.token, saved.sender) == (TOKEN, SENDER)
    assert TOKEN not in saved.sealed_token
    assert TOKEN not in olivia.get(PAGE).content.decode()
    assert TOKEN not in str(Event.objects.get(kind="sms.settings_changed").data)
    olivia.post(PAGE, {**TYPED, "token": "", "sender": "+15055550101"})
    assert SmsSettings.objects.get().token == TOKEN
    other = olivia.post(PAGE, {**TYPED, "token": "", "account": "AC" + "f" * 32})
    assert "Type the token of this account." in other.content.decode()


def test_a_test_says_in_words_what_twilio_said(cast: Cast, twilio: TwilioDouble, signed_in) -> None:
    olivia = proven(signed_in(cast.olivia))
    olivia.post(PAGE, TYPED)
    page = olivia.post(f"{PAGE}test/", {"number": "+1 505 555 0142"}, follow=True)
    assert "Twilio took the test." in page.content.decode()
    assert twilio.taken[-1]["To"] == NUMBER
    page = olivia.post(f"{PAGE}test/", {"number": "0142"}, follow=True)
    assert "Write the number with its country" in page.content.decode()
    olivia.post(PAGE, {**TYPED, "token": "wrong"})
    page = olivia.post(f"{PAGE}test/", {"number": NUMBER}, follow=True)
    assert "Twilio does not know this account and token." in page.content.decode()


def test_ben_sees_the_settings_and_cannot_change_them(cast: Cast, signed_in) -> None:
    ben = signed_in(cast.ben)
    assert ben.get(PAGE).status_code == 200
    assert ben.post(PAGE, TYPED).status_code == 403
    assert ben.post(f"{PAGE}test/", {"number": NUMBER}).status_code == 403
    assert not SmsSettings.objects.exists()
