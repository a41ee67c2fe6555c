"""Row 6: *Notify me about Customer Portal activity*, by mail and in the app, on and off."""

from __future__ import annotations

import pytest

from doorstep.lib import clock
from doorstep.notifications.models import Message, Notice
from doorstep.notifications.sweep import sweep
from doorstep.payments.facts import PaymentFact
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from tests.cast import NOON, Cast, an_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.money]


def wanda_pays(cast: Cast, *, invoices: int = 1) -> Payment:
    papers = [an_invoice(cast.coyote, by=cast.olivia) for _n in range(invoices)]
    total = sum(invoice.balance for invoice in papers)
    payment = Payment.start(papers, by=cast.wanda, method="card", seen_total=total, at=NOON)
    return Payment.record(
        PaymentFact(
            gateway=payment.gateway,
            attempt=payment.attempt,
            reference=f"ref-{payment.pk}",
            state=PaymentState.SUCCEEDED,
            money=payment.money,
            at=NOON,
        )
    )


def told(cast: Cast) -> tuple[bool, bool]:
    """Whether Olivia hears by mail, and whether her bell rings."""
    by_mail = Message.objects.filter(member=cast.olivia).exists()
    return by_mail, Notice.objects.filter(member=cast.olivia).exists()


@pytest.mark.parametrize(
    ("activity", "by_email", "in_app", "expected"),
    [
        (True, True, True, (True, True)),
        (True, False, True, (False, True)),
        (True, True, False, (True, False)),
        (True, False, False, (False, False)),
        (False, True, True, (False, False)),
        (False, False, False, (False, False)),
    ],
)
def test_each_way_is_switched_by_itself_and_all_of_them_at_once(
    cast: Cast, activity: bool, by_email: bool, in_app: bool, expected: tuple[bool, bool]
):
    cast.acme.organization.preferences.change(
        by=cast.olivia,
        at=NOON,
        notify_activity=activity,
        notify_by_email=by_email,
        notify_in_app=in_app,
    )
    wanda_pays(cast)
    sweep(clock.now)

    assert told(cast) == expected


def test_the_customers_own_mail_does_not_depend_on_it(cast: Cast):
    cast.acme.organization.preferences.change(by=cast.olivia, at=NOON, notify_activity=False)
    wanda_pays(cast)
    sweep(clock.now)

    assert Message.objects.get().recipient == "wanda@coyote.example"


def test_the_history_has_it_either_way(cast: Cast):
    from doorstep.activity.models import Event

    cast.acme.organization.preferences.change(by=cast.olivia, at=NOON, notify_activity=False)
    payment = wanda_pays(cast)

    assert Event.objects.about(payment).filter(kind="payment.succeeded").exists()


def test_one_notice_for_a_payment_of_fifty_invoices(cast: Cast):
    wanda_pays(cast, invoices=50)
    sweep(clock.now)

    arrived = Notice.objects.filter(member=cast.olivia, event__kind="payment.succeeded")
    assert arrived.count() == 1
    assert Message.objects.filter(member=cast.olivia).count() == 1


def test_a_first_view_rings_and_later_ones_do_not(cast: Cast):
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    for _again in range(3):
        invoice.view(by=cast.wanda, at=NOON)
    sweep(clock.now)

    assert Notice.objects.filter(member=cast.olivia, event__kind="paper.viewed").count() == 1


def test_what_members_do_themselves_rings_nowhere(cast: Cast):
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    invoice.send(by=cast.olivia, at=NOON)
    Payment.receive(
        cast.coyote, invoice.balance_money, [(invoice, invoice.balance)],
        by=cast.ben, method="cash", date=NOON.date(), at=NOON,
    )  # fmt: skip
    sweep(clock.now)

    assert told(cast) == (False, False)


def test_it_counts_when_the_mail_is_sent_too(cast: Cast):
    from doorstep.notifications.authority import why_not

    wanda_pays(cast)
    sweep(clock.now)
    message = Message.objects.get(member=cast.olivia)
    assert why_not(message, at=NOON) == ""

    cast.acme.organization.preferences.change(by=cast.olivia, at=NOON, notify_by_email=False)
    assert why_not(Message.objects.get(pk=message.pk), at=NOON) != ""


def test_the_bell_in_the_office_shows_it_until_it_is_read(cast: Cast, signed_in):
    olivia = signed_in(cast.olivia)
    wanda_pays(cast)
    sweep(clock.now)

    bell = olivia.get("/office/acme/notices/bell/")
    assert b"2 new notices" in bell.content
    page = olivia.get("/office/acme/notices/").content.decode()
    assert "Coyote Ltd: $100.00 was paid" in page
    assert "Wanda Reyes began to pay $100.00" in page

    olivia.post("/office/acme/notices/")
    assert b"new notice" not in olivia.get("/office/acme/notices/bell/").content
