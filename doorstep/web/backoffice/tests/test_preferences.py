"""Settings → Customer Portal: one Save, and nothing before it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from doorstep.activity.models import Event
from doorstep.contacts.models import Viewing
from doorstep.organizations.models import PortalPreferences
from doorstep.web.backoffice.forms.preferences import SETTINGS
from tests.cast import Cast, an_invoice

pytestmark = pytest.mark.django_db

PAGE = "/office/acme/settings/customer-portal/"


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What a browser sends: everything as it is, but for the changes."""
    stored = PortalPreferences.objects.get(organization=cast.acme.organization)
    values = {name: getattr(stored, name) for name in SETTINGS} | changes
    return {name: value for name, value in values.items() if value is not False}


def stored(cast: Cast) -> PortalPreferences:
    return PortalPreferences.objects.get(organization=cast.acme.organization)


def test_every_setting_of_the_model_is_on_the_page(olivia: Client):
    page = olivia.get(PAGE).content.decode()
    assert all(f'name="{name}"' in page for name in SETTINGS)


def test_each_setting_shows_its_key_its_history_and_whom_it_concerns(olivia: Client, cast: Cast):
    an_invoice(cast.coyote, by=cast.olivia)
    an_invoice(cast.coyote, by=cast.olivia)
    page = olivia.get(PAGE).content.decode()
    assert "1 customer with more than one open invoice" in page
    assert "3 people with access" in page
    assert "history/?setting=allow_bulk_payment" in page
    assert "<code" in page


def test_one_save_stores_everything_that_differs(olivia: Client, cast: Cast):
    answer = olivia.post(
        PAGE, typed(cast, allow_bulk_payment=False, banner_message="<b>Closed</b>")
    )
    assert answer.status_code == 302
    assert stored(cast).allow_bulk_payment is False
    assert stored(cast).banner_message == "<b>Closed</b>"
    (event,) = Event.objects.filter(kind="preferences.changed")
    assert set(event.data["changes"]) == {"allow_bulk_payment", "banner_message"}


def test_saving_what_is_there_is_no_change(olivia: Client, cast: Cast):
    olivia.post(PAGE, typed(cast))
    assert not Event.objects.filter(kind="preferences.changed").exists()


def test_a_taken_name_is_said_and_the_rest_is_not_lost(olivia: Client, cast: Cast):
    answer = olivia.post(PAGE, typed(cast, portal_name="globex", banner_message="Keep me"))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "This name is already taken." in page
    assert "Keep me" in page
    assert stored(cast).portal_name == "acme"
    assert stored(cast).banner_message == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("globex", "already taken"),
        ("office", "reserved"),
        ("ab", "3 to 40"),
        ("acme", "your portal name now"),
        ("acme-wholesale", "is free"),
    ],
)
def test_the_name_is_judged_while_it_is_typed(olivia: Client, name: str, said: str):
    answer = olivia.get(f"{PAGE}name/", {"portal_name": name}, headers={"HX-Request": "true"})
    assert said in answer.content.decode()


def test_after_a_new_name_the_page_stands_under_it_and_names_the_old_one(
    olivia: Client, cast: Cast
):
    answer = olivia.post(PAGE, typed(cast, portal_name="acme-wholesale"))
    assert answer.url == "/office/acme-wholesale/settings/customer-portal/"
    page = olivia.get(answer.url).content.decode()
    assert "The old address “acme” leads here until" in page


def test_a_preview_stores_nothing_and_shows_the_unsaved_banner(olivia: Client, cast: Cast):
    answer = olivia.post(f"{PAGE}preview/", typed(cast, banner_message="Only tried on"))
    assert answer.status_code == 302
    assert "Only tried on" in olivia.get(answer.url).content.decode()
    assert stored(cast).banner_message == ""
    assert not Event.objects.filter(kind__in=["preferences.changed", "viewing.started"]).exists()


def test_previews_while_typing_use_one_row(olivia: Client, cast: Cast):
    for words in ("O", "On", "Onl"):
        olivia.post(f"{PAGE}preview/", typed(cast, banner_message=words))
    (viewing,) = Viewing.objects.all()
    assert viewing.trying_on["banner_message"] == "Onl"


def test_undo_puts_back_what_was_there(olivia: Client, cast: Cast):
    olivia.post(PAGE, typed(cast, allow_bulk_payment=False))
    event = Event.objects.get(kind="preferences.changed")
    history = olivia.get(f"{PAGE}history/?setting=allow_bulk_payment").content.decode()
    assert "Olivia Ortiz" in history
    assert "on to off" in history
    olivia.post(f"{PAGE}history/{event.pk}/", {"setting": "allow_bulk_payment"})
    assert stored(cast).allow_bulk_payment is True


def test_undo_finds_only_what_was_changed_here(olivia: Client, cast: Cast):
    olivia.post(PAGE, typed(cast, allow_bulk_payment=False))
    event = Event.objects.get(kind="preferences.changed")
    for setting in ("portal_name", "organization", "nonsense"):
        assert olivia.post(f"{PAGE}history/{event.pk}/", {"setting": setting}).status_code == 404


def test_ben_reads_the_settings_with_the_reason_why_he_cannot_save(ben: Client, cast: Cast):
    page = ben.get(PAGE).content.decode()
    assert "Only owners and admins change them." in page
    assert "Ask Olivia Ortiz." in page
    assert ben.post(PAGE, typed(cast, allow_bulk_payment=False)).status_code == 403
    assert stored(cast).allow_bulk_payment is True


def test_a_banner_of_a_thousand_characters_in_many_lines_fits(olivia: Client, cast: Cast):
    words = ("x" * 99 + "\r\n") * 10
    olivia.post(PAGE, typed(cast, banner_message=words))
    assert len(stored(cast).banner_message.replace("\r", "")) <= 1000
    assert stored(cast).banner_message.startswith("xxx")
    olivia.post(PAGE, typed(cast, banner_message="y" * 1001))
    assert stored(cast).banner_message.startswith("xxx")
