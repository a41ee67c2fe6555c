"""A page asks the database as often for ten rows as for one, and at most eight times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doorstep.identity.models import Account
from doorstep.lib.clock import shifted_to
from doorstep.organizations.models import Consent
from doorstep.payments.facts import PaymentFact
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.sales.models import Invoice
from tests.cast import NOON, TODAY, Cast, an_invoice
from tests.factors import enrol, sign_in

pytestmark = pytest.mark.django_db

MOST = 8
# That the person has agreed is written into the session once.
NOTED_ONCE = 1
PORTAL = [
    "",
    "invoices/",
    "invoices/?show=all",
    "invoices/?show=paid",
    "invoices/?show=overdue&sort=amount",
    "invoices/{late}/",
    "invoices/{paid}/",
    "invoices/{late}/print/",
    "pay/?overdue=USD",
    "pay/?invoice={late}",
    "payments/",
    "payments/{payment}/",
    "payments/{payment}/return/",
    "details/",
    "security/",
    "my-data/",
    "documents/",
    "colleagues/",
]


@pytest.mark.parametrize("path", PORTAL)
def test_a_portal_page_asks_no_more_for_ten_rows(
    path: str, cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    client = signed_in(cast.wile)
    with shifted_to(NOON):
        names = fill(cast, 1)
        address = cast.acme.portal + path.format(**names)
        client.get(address)  # the first look is noted once
        for_one = count(client, address)
        fill(cast, 9)
        for_ten = count(client, address)

    assert for_ten <= for_one
    assert for_ten <= MOST


GATES_COST = 2


@pytest.mark.parametrize("path", PORTAL)
def test_the_gates_cost_a_page_at_most_two_queries(path: str, cast: Cast) -> None:
    """Second step and terms, both asked for and both given: against the same page without them."""
    organization, home = cast.acme.organization, cast.acme.portal
    with shifted_to(NOON):
        address = home + path.format(**fill(cast, 1))
        client = sign_in(home, "wile@coyote.example")
        client.get(address)
        free = count(client, address)

        organization.preferences.change(by=cast.olivia, at=NOON, mfa_required=True)
        enrol(client, home)
        client.get(address)
        organization.change(
            by=cast.olivia,
            at=NOON,
            terms_url="https://acme.example/terms",
            terms_version="1",
        )
        assert "/terms/" in client.get(home).headers["Location"]
        account = Account.objects.get(email="wile@coyote.example")
        Consent.objects.create(
            organization=organization, account=account, name="Wile", email=account.email,
            version="1", at=NOON, how="visit", place="",
        )  # fmt: skip
        first, later = count(client, address), count(client, address)

    assert first <= free + GATES_COST + NOTED_ONCE
    assert later <= free + GATES_COST
    assert later <= MOST


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(
        [query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    )


def fill(cast: Cast, times: int) -> dict[str, str]:
    """So many of each sort: overdue, due later, being paid, on its way, paid."""
    late = paid = payment = ""
    for _each in range(times):
        late = bill(cast, -7).number
        bill(cast, 14)
        begin(cast, bill(cast, 15))
        tell(begin(cast, bill(cast, 20)), PaymentState.PENDING)
        settled = bill(cast, 3)
        paid = settled.number
        payment = tell(begin(cast, settled), PaymentState.SUCCEEDED).number
    return {"late": late, "paid": paid, "payment": payment}


def bill(cast: Cast, due: int) -> Invoice:
    day = TODAY + timedelta(days=due - 30)
    return an_invoice(cast.coyote, by=cast.olivia, day=day, due=TODAY + timedelta(days=due))


def begin(cast: Cast, invoice: Invoice) -> Payment:
    return Payment.start(
        [invoice], by=cast.wanda, method="card", seen_total=invoice.balance, at=NOON
    )


def tell(payment: Payment, state: PaymentState) -> Payment:
    return Payment.record(
        PaymentFact(
            gateway=payment.gateway,
            attempt=payment.attempt,
            reference=f"ref-{payment.pk}",
            state=state,
            money=payment.money,
            at=NOON,
            expected_on=TODAY + timedelta(days=4),
        )
    )
