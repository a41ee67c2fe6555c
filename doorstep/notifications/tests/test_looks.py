"""Mails in the real browser: readable on a phone and on a desk, light and dark, by everybody."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from doorstep.lib import clock
from doorstep.lib.money import Money
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from doorstep.notifications.tests.conftest import book
from doorstep.payments.states import PaymentState
from tests.cast import NOON, Cast, a_person, an_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


@pytest.fixture
def letters(cast: Cast, start) -> dict[str, str]:
    """One of each kind, with real data; a colour that is hard to read and an amount that is hard to fit."""
    cast.acme.organization.brand_color = "#f2c94c"
    cast.acme.organization.save()
    large = an_invoice(cast.coyote, "123456789.10", by=cast.olivia)
    others = [an_invoice(cast.coyote, amount, by=cast.olivia) for amount in ("864.00", "2310.75")]
    large.send(by=cast.olivia, at=NOON, to=[cast.wile], note="As agreed.\nThank you.")
    payment = book(
        start(others),
        PaymentState.PENDING,
        expected_on=datetime.date(2026, 11, 26),
        method_label="Bank",
    )
    sweep(clock.now)
    book(payment, PaymentState.FAILED, reason="The account has not enough money.")
    sweep(clock.now)
    book(start(others), PaymentState.SUCCEEDED, method_label="Visa ending 4242")
    book(start([large]), PaymentState.SUCCEEDED, money=Money(1, "USD"))
    a_person(cast.coyote, "Road", "r@coyote.example", access=False).invite(by=cast.olivia, at=NOON)
    sweep(clock.now)
    return dict(Message.objects.values_list("kind", "html"))


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_mail_can_be_read_by_everybody(
    letters: dict[str, str], chromium, tmp_path: Path, width: int, scheme: str
):
    from axe_playwright_python.sync_playwright import Axe

    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    wrong = {}
    for kind, html in letters.items():
        (tmp_path / f"{kind}.html").write_text(html)
        page.goto(f"file://{tmp_path}/{kind}.html")
        found = Axe().run(page).response["violations"]
        if found or page.evaluate("document.documentElement.scrollWidth") > width:
            wrong[kind] = [violation["id"] for violation in found] or "too wide"
    context.close()

    assert len(letters) >= 8
    assert wrong == {}
    assert all(address.startswith("file://") for address in asked)
