"""A member looks through a customer's eyes: the same pages, and nothing can be changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from doorstep.contacts.models import Viewing
from doorstep.lib.clock import shifted_to
from doorstep.lib.errors import NotAllowed
from doorstep.payments.models import Payment
from doorstep.web.portal.tests.conftest import Make
from tests.cast import NOON, Cast
from tests.test_strangers import CLOSED

pytestmark = pytest.mark.django_db


@pytest.fixture
def olivia(cast: Cast, signed_in: Callable[[object], Client]) -> Client:
    return signed_in(cast.olivia)


@pytest.fixture
def eyes(cast: Cast) -> str:
    """The address of Wanda's portal as Olivia sees it."""
    viewing = Viewing.start(cast.wanda, by=cast.olivia, reason="She called", at=NOON)
    return f"{cast.acme.portal}viewing/{viewing.pk}/"


def test_olivia_sees_what_wanda_sees_and_a_band_says_so(
    olivia: Client, eyes: str, bill: Make
) -> None:
    invoice = bill("10.00", due=-3)

    page = olivia.get(eyes).content.decode()

    assert "You see what Wanda Reyes sees." in page
    assert invoice.number in page


def test_the_pay_button_is_there_and_dead(olivia: Client, eyes: str, bill: Make) -> None:
    invoice = bill("10.00")

    for path in (f"invoices/{invoice.number}/", f"pay/?invoice={invoice.number}"):
        page = olivia.get(eyes + path).content.decode()
        assert "Pay $10.00" in page
        assert page.count("<button") == page.count(" disabled>") + page.count('type="button"')


def test_nothing_is_paid_even_by_address(olivia: Client, eyes: str, bill: Make, cast: Cast) -> None:
    invoice = bill("10.00")

    answer = olivia.post(
        f"{eyes}pay/", {"invoice": invoice.number, "seen_total": 1000, "method": "card"}
    )

    assert answer.status_code == 403
    assert not Payment.of(cast.coyote)


def test_a_members_look_is_no_first_view(olivia: Client, eyes: str, bill: Make) -> None:
    invoice = bill("10.00")

    olivia.get(f"{eyes}invoices/{invoice.number}/")

    invoice.refresh_from_db()
    assert invoice.viewed_at is None


def test_links_stay_inside_the_viewing(olivia: Client, eyes: str, bill: Make) -> None:
    invoice = bill("10.00")

    assert (
        f'href="{eyes}invoices/{invoice.number}/"'
        in olivia.get(f"{eyes}invoices/").content.decode()
    )


def test_every_address_of_the_portal_refuses_to_change_anything(
    olivia: Client, eyes: str, bill: Make
) -> None:
    """Whatever the page is: not one of them takes anything but GET and HEAD."""
    bill("10.00")
    answers = {
        (route.path, method): getattr(olivia, method)(eyes + route.path).status_code
        for route in CLOSED
        if route.face == "portal"
        for method in ("post", "put", "patch", "delete")
    }

    assert answers
    assert set(answers.values()) <= {403, 404, 405}, answers
    assert answers["pay/", "post"] == 403


def test_looking_ends_after_half_an_hour(olivia: Client, eyes: str) -> None:
    with shifted_to(NOON + timedelta(minutes=29)):
        assert olivia.get(eyes).status_code == 200
    with shifted_to(NOON + timedelta(minutes=31)):
        assert olivia.get(eyes).status_code == 404


def test_who_loses_the_right_looks_no_longer(
    cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    viewing = Viewing.start(cast.wanda, by=cast.ben, reason="She called", at=NOON)
    ben, eyes = signed_in(cast.ben), f"{cast.acme.portal}viewing/{viewing.pk}/"
    assert ben.get(eyes).status_code == 200

    cast.ben.change_role("readonly", by=cast.olivia, at=NOON)

    assert ben.get(eyes).status_code == 404
    with pytest.raises(NotAllowed):
        Viewing.start(cast.wanda, by=cast.ben, reason="She called", at=NOON)


def test_wanda_reads_who_looked_and_why_and_wile_does_not(
    eyes: str, wanda: Client, wile: Client, cast: Cast
) -> None:
    hers = wanda.get(f"{cast.acme.portal}security/").content.decode()
    assert "Olivia Ortiz looked at the portal as you" in hers
    assert "She called" in hers
    assert "looked at the portal" not in wile.get(f"{cast.acme.portal}security/").content.decode()


def test_a_preview_of_settings_looks_into_no_account(wanda: Client, cast: Cast) -> None:
    Viewing.preview(cast.wanda, by=cast.olivia, at=NOON, trying_on={"allow_bulk_payment": False})

    assert "looked at the portal" not in wanda.get(f"{cast.acme.portal}security/").content.decode()


def test_nobody_else_may_use_the_viewing(
    eyes: str, cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    for other in (cast.ben, cast.wanda, cast.greta):
        assert signed_in(other).get(eyes).status_code == 404
