"""The sandbox bank: held to the contract, and its own tricks."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from doorstep.lib import clock
from doorstep.organizations.models import Organization
from doorstep.payments.gateways.base import BadNotice, GatewayError
from doorstep.payments.gateways.sandbox.bank import BankRefused, working_days_after
from doorstep.payments.gateways.sandbox.gateway import SandboxGateway
from doorstep.payments.gateways.sandbox.notices import SIGNATURE, deliver_due, sign
from doorstep.payments.gateways.sandbox.tasks import close_orphans
from doorstep.payments.models import Payment, SandboxNotice, SandboxSession
from doorstep.payments.tests.gateway_contract import LATER, GatewayContract
from doorstep.payments.tests.steps import at_the_bank, start
from doorstep.sales.models import Invoice
from tests.cast import NOON, TODAY, Cast, an_invoice

pytestmark = pytest.mark.django_db


def session_of(payment: Payment) -> SandboxSession:
    return SandboxSession.objects.get(key=payment.attempt)


class TestSandboxGateway(GatewayContract):
    gateway = SandboxGateway()

    def pays(self, payment: Payment) -> None:
        session_of(payment).pay_by_card(at=LATER)

    def debits(self, payment: Payment) -> None:
        session_of(payment).debit(at=LATER)

    def notice_about(self, payment: Payment) -> tuple[bytes, dict[str, str]]:
        body = json.dumps(session_of(payment).notices.latest("pk").body).encode()
        return body, {SIGNATURE: sign(body, at=LATER)}


@pytest.fixture
def payment(cast: Cast) -> Payment:
    invoice = an_invoice(cast.coyote, "120.00", by=cast.olivia)
    return at_the_bank(start([invoice], cast.wile, method="bank_debit"))


@pytest.fixture
def session(payment: Payment) -> SandboxSession:
    return session_of(payment)


class Wire:
    """Where the bank's notices arrive: straight into the gateway, in the order in which they were sent."""

    def __init__(self) -> None:
        self.states: list[str] = []

    def post(self, body: bytes, headers: dict[str, str]) -> int:
        self.states.append(json.loads(body)["state"])
        return 200


def test_a_declined_card_leaves_the_payer_another_try(session: SandboxSession) -> None:
    session.decline_card(at=NOON)
    assert session.is_open and not session.notices.exists()
    session.pay_by_card(at=NOON)
    assert session.state == "succeeded"


def test_a_double_click_at_the_bank_pays_once(session: SandboxSession) -> None:
    session.pay_by_card(at=NOON)
    session.pay_by_card(at=NOON)
    assert session.notices.count() == 1


def test_whoever_comes_back_after_half_an_hour_finds_it_closed(session: SandboxSession) -> None:
    with pytest.raises(BankRefused):
        session.pay_by_card(at=NOON + timedelta(minutes=30))
    assert session.state == "expired"


def test_a_debit_takes_four_working_days(session: SandboxSession) -> None:
    session.debit(at=NOON)
    assert session.expected_on == working_days_after(TODAY, 4)
    assert (session.expected_on - TODAY).days == 6  # a Friday: two days of the weekend lie between


def test_only_what_is_on_its_way_settles_or_returns(session: SandboxSession) -> None:
    for act in (session.settle, session.send_back):
        with pytest.raises(BankRefused):
            act(at=NOON)


def test_a_late_notice_waits(session: SandboxSession) -> None:
    session.misbehave(delay=60, copies=1, reverse=False, lose=False)
    session.debit(at=NOON)
    wire = Wire()
    assert deliver_due(at=NOON, post=wire.post) == 0
    assert deliver_due(at=NOON + timedelta(seconds=60), post=wire.post) == 1


def test_notices_overtake_each_other(session: SandboxSession) -> None:
    session.misbehave(delay=0, copies=2, reverse=True, lose=False)
    session.debit(at=NOON)
    session.settle(at=NOON)
    wire = Wire()
    deliver_due(at=NOON, post=wire.post)
    deliver_due(at=NOON + timedelta(minutes=1), post=wire.post)
    assert wire.states == ["succeeded", "succeeded", "pending", "pending"]


def test_a_lost_notice_never_comes_and_asking_helps(
    payment: Payment, session: SandboxSession
) -> None:
    session.misbehave(delay=0, copies=1, reverse=False, lose=True)
    session.pay_by_card(at=NOON)
    assert not SandboxNotice.objects.exists()
    assert payment.ask_gateway(at=NOON).is_succeeded


def test_a_notice_that_nobody_took_comes_again_later(session: SandboxSession) -> None:
    session.pay_by_card(at=NOON)
    assert deliver_due(at=NOON, post=lambda body, headers: 500) == 0
    wire = Wire()
    assert deliver_due(at=NOON, post=wire.post) == 0
    assert deliver_due(at=NOON + timedelta(seconds=5), post=wire.post) == 1
    assert deliver_due(at=NOON + timedelta(days=1), post=wire.post) == 0


def test_two_workers_do_not_send_the_same_notice(session: SandboxSession) -> None:
    session.pay_by_card(at=NOON)
    mine, yours = SandboxNotice.objects.get(), SandboxNotice.objects.get()
    assert (mine.claim(at=NOON), yours.claim(at=NOON)) == (True, False)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1",
        "v1=00",
        "t={t},v0={mac}",
        "t=x,v1={mac}",
        "t={t},t={t},v1={mac}",
        "t={t},v1=ünfug",
        "t=99999999999999,v1={mac}",
    ],
)
def test_a_strange_signature_is_refused(session: SandboxSession, header: str) -> None:
    moment, _comma, mac = sign(b"{}", at=NOON).partition(",v1=")
    header = header.format(t=moment.removeprefix("t="), mac=mac)
    with pytest.raises(BadNotice):
        SandboxGateway().read_notice(b"{}", {SIGNATURE: header}, at=NOON)


def test_one_right_signature_among_two_is_enough(session: SandboxSession) -> None:
    session.pay_by_card(at=NOON)
    body = json.dumps(session.notices.get().body).encode()
    header = sign(body, at=NOON) + ",v1=" + "0" * 64
    assert SandboxGateway().read_notice(body, {SIGNATURE: header}, at=NOON)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", 1.5),
        ("amount", True),
        ("amount", "1"),
        ("state", "rich"),
        ("at", "now"),
        ("key", None),
    ],
)
def test_a_signed_notice_that_makes_no_sense_is_refused(
    session: SandboxSession, field: str, value: object
) -> None:
    session.pay_by_card(at=NOON)
    notice = session.notices.get().body | {field: value}
    if value is None:
        del notice[field]
    body = json.dumps(notice).encode()
    with pytest.raises(BadNotice):
        SandboxGateway().read_notice(body, {SIGNATURE: sign(body, at=NOON)}, at=NOON)


def test_the_bank_is_closed_where_money_is_real(cast: Cast) -> None:
    payment = start([an_invoice(cast.coyote, by=cast.olivia)], cast.wile)
    Organization.objects.update(went_live_at=NOON)
    payment.refresh_from_db()
    with pytest.raises(GatewayError):
        at_the_bank(payment)
    payment.refresh_from_db()
    assert payment.state == "failed"


def test_leaving_test_mode_returns_what_is_under_way(
    cast: Cast, payment: Payment, session: SandboxSession
) -> None:
    session.debit(at=NOON)
    Payment.objects.get().ask_gateway(at=NOON)
    cast.acme.organization.end_test_mode()
    assert not SandboxSession.shown().exists()
    with clock.shifted_to(LATER):
        close_orphans.func()
    assert Payment.objects.get().ask_gateway(at=LATER).state == "failed"
    assert Invoice.of(cast.coyote).get().is_open
