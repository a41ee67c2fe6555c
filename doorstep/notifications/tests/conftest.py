"""A business with a mail server that is ours, and payments in every state."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from doorstep.lib import clock
from doorstep.lib.secrets import seal
from doorstep.notifications.models import MailSettings
from doorstep.payments.facts import PaymentFact
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.sales.models import Invoice
from tests.cast import NOON, Cast


@pytest.fixture(autouse=True)
def noon():
    """Everything in these tests happens around noon."""
    with clock.shifted_to(NOON):
        yield


@pytest.fixture(autouse=True)
def links(settings):
    """Who knows addresses stands above this package; that they exist is proven in tests/test_mail_links.py."""
    settings.LINKS = "doorstep.notifications.tests.conftest.address"


def address(face: str, portal_name: str, view: str, *args: object, hat: str = "") -> str:
    return "/".join(["http://testserver", face, portal_name + hat, view, *map(str, args)])


@pytest.fixture
def mail_server(cast: Cast) -> MailSettings:
    """Acme's mail leaves by a server that nobody answers at, until a test starts one there."""
    return MailSettings.objects.create(
        organization=cast.acme.organization,
        host="127.0.0.1",
        port=1,
        use_tls=False,
        from_address="billing@acme.example",
        sealed_password=seal(""),
    )


@pytest.fixture
def start(cast: Cast) -> Callable[..., Payment]:
    def begin(invoices: list[Invoice], by: str = "wile") -> Payment:
        total = sum(invoice.balance for invoice in invoices)
        return Payment.start(
            invoices, by=getattr(cast, by), method="card", seen_total=total, at=NOON
        )

    return begin


def book(payment: Payment, state: PaymentState, **details) -> Payment:
    return Payment.record(
        PaymentFact(
            gateway=payment.gateway,
            attempt=payment.attempt,
            reference=f"ref-{payment.pk}",
            state=state,
            money=details.pop("money", payment.money),
            at=NOON,
            **details,
        )
    )
