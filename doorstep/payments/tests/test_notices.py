"""Signed notices over HTTP: T46 to T49."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from doorstep.activity.models import Event
from doorstep.lib import clock
from doorstep.payments.events import PAYMENT_QUARANTINED
from doorstep.payments.gateways.sandbox.notices import SIGNATURE, sign
from doorstep.payments.models import Payment, SandboxSession
from doorstep.payments.tests.steps import at_the_bank, start
from doorstep.sales.models import Invoice
from tests.cast import Cast, an_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(cast: Cast) -> Payment:
    invoice = an_invoice(cast.coyote, "120.00", by=cast.olivia)
    at = clock.now()
    payment = at_the_bank(start([invoice], cast.wile, at=at), at=at)
    SandboxSession.objects.get(key=payment.attempt).pay_by_card(at=at)
    return payment


def tell(payment: Payment, *, signed: bool = True, **other: Any) -> int:
    """The status with which we answer the bank's notice; `other` replaces what it says."""
    notice = SandboxSession.objects.get(key=payment.attempt).notices.latest("pk").body
    body = json.dumps(notice | other).encode()
    signature = sign(body if signed else b"something else", at=clock.now())
    return (
        Client(enforce_csrf_checks=True)
        .post(
            "/gateways/sandbox/",
            body,
            content_type="application/json",
            headers={SIGNATURE: signature},
        )
        .status_code
    )


def state(payment: Payment) -> str:
    return Payment.objects.get(pk=payment.pk).state


def test_t46_a_notice_told_ten_times_books_once(payment: Payment) -> None:
    assert {tell(payment) for _again in range(10)} == {200}
    assert state(payment) == "succeeded"
    assert Invoice.objects.get().settlements.total() == 12000


def test_t48_a_wrong_signature_stores_nothing(payment: Payment) -> None:
    events = Event.objects.count()
    assert tell(payment, signed=False) == 400
    assert (state(payment), Event.objects.count()) == ("open", events)


@pytest.mark.parametrize(
    "other", [{"amount": 1}, {"currency": "EUR"}, {"session": "another-checkout"}]
)
def test_t49_what_does_not_fit_is_set_aside_once(payment: Payment, other: dict[str, Any]) -> None:
    assert [tell(payment, **other), tell(payment, **other)] == [200, 200]
    assert state(payment) == "open"
    assert Event.objects.filter(kind=PAYMENT_QUARANTINED).count() == 1


def test_t49_an_unknown_payment_is_only_logged(payment: Payment) -> None:
    assert tell(payment, key="nobody-knows") == 200
    assert state(payment) == "open"


def test_nobody_listens_at_other_gateways_or_to_get(client: Client, db: None) -> None:
    assert client.post("/gateways/nowhere/").status_code == 404
    assert client.get("/gateways/sandbox/").status_code == 405
