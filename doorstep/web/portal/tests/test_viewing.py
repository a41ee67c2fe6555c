"""A member looks through a customer's eyes: the same pages, and nothing can be changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from doorstep.contacts.models import Viewing
from doorstep.payments.models import Payment
from doorstep.web.portal.tests.conftest import Make
from tests.cast import NOON, Cast

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


def test_nobody_else_may_use_the_viewing(
    eyes: str, cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    for other in (cast.ben, cast.wanda, cast.greta):
        assert signed_in(other).get(eyes).status_code == 404
