"""Test mode ends without play money left behind."""

from __future__ import annotations

import pytest

from doorstep.activity.models import Event
from doorstep.lib.errors import NotAllowed
from doorstep.organizations.models import Organization
from doorstep.payments.facts import PaymentFact
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.payments.trial import PlayMoneyStands, clear_trial, end_trial
from doorstep.sales.models import Invoice
from tests.cast import NOON, Cast, an_invoice

pytestmark = pytest.mark.django_db


def pay(cast: Cast, invoice: Invoice, state: PaymentState = PaymentState.SUCCEEDED) -> Payment:
    payment = Payment.start(
        [invoice], by=cast.wanda, method="card", seen_total=invoice.balance, at=NOON
    )
    return Payment.record(
        PaymentFact(
            gateway=payment.gateway,
            attempt=payment.attempt,
            reference=f"ref-{payment.pk}",
            state=state,
            money=payment.money,
            at=NOON,
        )
    )


def is_test(cast: Cast) -> bool:
    return Organization.objects.get(pk=cast.acme.organization.pk).test_mode


def test_test_mode_does_not_end_while_play_money_stands(cast: Cast):
    pay(cast, an_invoice(cast.coyote, by=cast.olivia))

    with pytest.raises(PlayMoneyStands):
        end_trial(cast.acme.organization, by=cast.olivia)
    assert is_test(cast)


def test_cleared_the_invoices_are_owed_again_and_test_mode_ends(cast: Cast):
    paid, failed = an_invoice(cast.coyote, by=cast.olivia), an_invoice(cast.coyote, by=cast.olivia)
    pay(cast, paid)
    pay(cast, failed, PaymentState.FAILED)

    assert clear_trial(cast.acme.organization, by=cast.olivia, at=NOON) == 2

    paid.refresh_from_db()
    assert (paid.state, paid.balance) == ("sent", 10000)
    assert not Payment.objects.exists()
    event = Event.objects.get(kind="trial.cleared")
    assert (event.actor_name, event.data["payments"]) == ("Olivia Ortiz", 2)
    end_trial(cast.acme.organization, by=cast.olivia)
    assert not is_test(cast)


def test_money_that_a_member_recorded_stays(cast: Cast):
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    money = invoice.balance_money
    Payment.receive(
        cast.coyote, type(money)(4000, "USD"), [(invoice, 4000)],
        by=cast.ben, method="cash", date=NOON.date(), at=NOON,
    )  # fmt: skip
    invoice.refresh_from_db()
    pay(cast, invoice)
    clear_trial(cast.acme.organization, by=cast.olivia, at=NOON)

    invoice.refresh_from_db()
    assert (invoice.state, invoice.balance) == ("partly_paid", 6000)
    assert Payment.objects.get().gateway == "manual"


def test_what_is_under_way_stays(cast: Cast):
    moving = pay(cast, an_invoice(cast.coyote, by=cast.olivia), PaymentState.PENDING)
    clear_trial(cast.acme.organization, by=cast.olivia, at=NOON)

    assert Payment.objects.get() == moving


def test_only_owners_and_admins_clear_it_and_only_in_a_trial(cast: Cast):
    with pytest.raises(NotAllowed):
        clear_trial(cast.acme.organization, by=cast.ben, at=NOON)
    with pytest.raises(NotAllowed):
        end_trial(cast.acme.organization, by=cast.ben)
    with pytest.raises(PlayMoneyStands):
        clear_trial(cast.globex.organization, by=cast.greta, at=NOON)
