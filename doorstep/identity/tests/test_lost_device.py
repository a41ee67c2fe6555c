"""Somebody lost their phone: their business helps, but never with an account that others rely on too."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail

from doorstep.activity.models import Event
from doorstep.contacts.models import PortalAccess
from doorstep.identity.models import FactorReset, Session
from doorstep.lib import clock
from doorstep.lib.errors import NotAllowed
from doorstep.lib.secrets import unseal
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from tests.cast import NOON, PASSWORD, Cast, a_person
from tests.factors import code_of, enrol, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolled(cast: Cast) -> Cast:
    enrol(sign_in(cast.acme.portal, "wile@coyote.example"), cast.acme.portal, remember="on")
    return cast


@pytest.fixture
def with_two_hats(enrolled: Cast) -> Cast:
    """Wile is known to Globex as well."""
    there = a_person(enrolled.globex_customer, "Wile", "wile@coyote.example", access=False)
    PortalAccess.objects.create(
        organization=enrolled.globex.organization,
        contact_person=there,
        account=enrolled.wile.access.account,
        accepted_at=NOON,
    )
    return enrolled


def reset_by_olivia(cast: Cast):
    client = sign_in(cast.acme.office, "olivia@acme.example")
    return client.post(f"{cast.acme.office}people/{cast.wile.pk}/second-factor/", follow=True)


def test_olivia_resets_it_at_once_and_wile_is_told(enrolled: Cast) -> None:
    assert b"The second step of Wile Tanner is reset." in reset_by_olivia(enrolled).content

    account = enrolled.wile.access.account
    assert account.second_factors() == set()
    assert not Session.objects.of(account).exists()
    assert Event.about(enrolled.wile).filter(kind="person.factor_reset").count() == 1
    sweep(clock.now)
    told = Message.objects.get(kind="factor_reset")
    assert told.recipient == "wile@coyote.example"
    assert (
        sign_in(enrolled.acme.portal, "wile@coyote.example").get(enrolled.acme.portal).status_code
        == 200
    )


def test_olivia_proves_who_she_is_first(enrolled: Cast, signed_in) -> None:
    olivias = signed_in(enrolled.olivia)
    answer = olivias.post(f"{enrolled.acme.office}people/{enrolled.wile.pk}/second-factor/")
    assert answer.url.startswith(f"{enrolled.acme.office}confirm-it-is-you/")
    assert enrolled.wile.access.account.second_factors() == {"totp"}

    olivias.post(answer.url, {"password": PASSWORD})
    assert enrolled.wile.access.account.second_factors() == set()


def test_neither_ben_nor_greta_may(enrolled: Cast) -> None:
    with pytest.raises(NotAllowed):
        enrolled.wile.access.reset_second_factor(by=enrolled.ben, at=NOON)
    gretas = sign_in(enrolled.globex.office, "greta@globex.example")
    answer = gretas.post(f"{enrolled.globex.office}people/{enrolled.wile.pk}/second-factor/")
    assert answer.status_code == 404


def test_an_account_that_others_rely_on_waits_a_day_for_its_holder(with_two_hats: Cast) -> None:
    cast, door = with_two_hats, with_two_hats.acme.portal
    assert b"also uses this account elsewhere" in reset_by_olivia(cast).content

    account = cast.wile.access.account
    assert account.second_factors() == {"totp"}
    sweep(clock.now)
    told = Message.objects.filter(kind="factor_reset_asked")
    assert {message.organization.name for message in told} == {"Acme Wholesale", "Globex"}
    globex = told.get(organization=cast.globex.organization)
    assert "Acme" not in globex.text + globex.html + globex.subject

    half = sign_in(door, "wile@coyote.example")
    page = f"{door}sign-in/second-step/reset/"
    assert half.get(page).context["ready"] is False
    assert half.post(page).status_code == 409
    with clock.shifted_to(clock.now() + timedelta(hours=24, minutes=1)):
        half = sign_in(door, "wile@coyote.example")
        assert half.get(page).context["ready"] is True
        assert half.post(page).status_code == 200
        code = unseal(mail.outbox[-1].extra_headers["X-Doorstep-Secret"])
        assert code not in mail.outbox[-1].body
        assert half.post(page, {"code": "000000" if code != "000000" else "1"}).status_code == 409
        assert sign_in(door, "wile@coyote.example").post(page, {"code": code}).status_code == 409
        assert half.post(page, {"code": code}).status_code == 302
        assert account.second_factors() == set()
        assert sign_in(door, "wile@coyote.example").get(door).status_code == 200


def test_signing_in_as_always_stops_it(with_two_hats: Cast) -> None:
    door = with_two_hats.acme.portal
    reset_by_olivia(with_two_hats)
    half = sign_in(door, "wile@coyote.example")
    assert re.search(rb"second-step/reset", half.get(f"{door}sign-in/second-step/").content)
    app = with_two_hats.wile.access.account.authenticator_set.get(type="totp")
    with clock.shifted_to(clock.now() + timedelta(minutes=2)):
        key = unseal(app.data["secret"])
        half.post(f"{door}sign-in/second-step/", {"code": code_of(key)})

    assert half.get(door).status_code == 200
    assert not FactorReset.objects.filter(closed_at=None).exists()


def test_a_member_of_the_team_who_is_a_customer_too_is_not_reset_at_once(enrolled: Cast) -> None:
    from doorstep.organizations.models import Member

    Member.add(
        enrolled.acme.organization,
        enrolled.wile.access.account,
        "owner",
        by=enrolled.olivia,
        at=NOON,
    )

    assert enrolled.wile.access.reset_second_factor(by=enrolled.olivia, at=NOON) is False
