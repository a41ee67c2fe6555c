"""Fifty payers at the same moment through two servers: T44, T45, T46."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.races.stage import CSRF, Answer, Stage, database, form, race, request, stage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("races")]
ROUNDS = int(os.environ.get("DOORSTEP_RACE_ROUNDS", "2"))


@dataclass
class Crowd:
    """Fifty people of one customer in front of two servers."""

    stage: Stage
    sessions: list[str]
    cookie: str
    csrf: str

    def invoice(self) -> dict[str, Any]:
        return self.stage.ask("invoice")

    def pay(self, invoice: dict[str, Any], sessions: list[str]) -> list[Answer]:
        fields = {
            "invoice": invoice["number"],
            "method": "card",
            "seen_total": str(invoice["balance"]),
        }
        return race(
            self.stage.ports,
            [
                form("/portal/acme/pay/", fields, {self.cookie: session, self.csrf: CSRF})
                for session in sessions
            ],
        )


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    home = tmp_path_factory.mktemp("race")
    with database(home) as address, stage(home, address) as set_up:
        yield Crowd(set_up, **set_up.ask("crowd"))


def to_the_bank(answers: list[Answer]) -> list[str]:
    return [
        a.location for a in answers if a.status == 302 and a.location.startswith("/sandbox-bank/")
    ]


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_t45_fifty_people_pay_one_invoice(crowd: Crowd, _round: int) -> None:
    crowd.stage.ask("prevent_duplicates", "on")
    invoice = crowd.invoice()
    answers = crowd.pay(invoice, crowd.sessions)

    assert Counter(answer.status for answer in answers) == {302: 1, 409: 49}
    assert len(to_the_bank(answers)) == 1
    told = [answer.body for answer in answers if answer.status == 409]
    assert all("began to pay $100.00" in body for body in told)
    assert crowd.stage.ask("outcome", invoice["number"]) == {
        "balance": 10000,
        "settlements": 0,
        "states": ["open"],
        "sessions": 1,
    }
    crowd.stage.check_invariants()


@pytest.mark.parametrize("prevented", ["on", "off"])
def test_t44_one_person_clicks_fifty_times(crowd: Crowd, prevented: str) -> None:
    crowd.stage.ask("prevent_duplicates", prevented)
    invoice = crowd.invoice()
    answers = crowd.pay(invoice, crowd.sessions[:1] * 50)

    assert len(to_the_bank(answers)) == 50, Counter(answer.status for answer in answers)
    assert len(set(to_the_bank(answers))) == 1
    outcome = crowd.stage.ask("outcome", invoice["number"])
    assert (outcome["states"], outcome["sessions"]) == (["open"], 1)
    crowd.stage.check_invariants()


def test_where_second_payments_are_allowed_everybody_pays_and_the_rest_is_credit(
    crowd: Crowd,
) -> None:
    crowd.stage.ask("prevent_duplicates", "off")
    invoice = crowd.invoice()
    places = to_the_bank(crowd.pay(invoice, crowd.sessions[:5]))
    assert len(set(places)) == 5

    notices = [crowd.stage.ask("notice", place.split("/")[2]) for place in places]
    answers = race(crowd.stage.ports, [told(notice) for notice in notices])

    assert {answer.status for answer in answers} == {200}
    outcome = crowd.stage.ask("outcome", invoice["number"])
    assert (outcome["balance"], outcome["settlements"]) == (0, 1)
    assert outcome["states"] == ["succeeded"] * 5
    crowd.stage.check_invariants()


def test_t46_one_notice_twenty_times_at_once_is_booked_once(crowd: Crowd) -> None:
    crowd.stage.ask("prevent_duplicates", "on")
    invoice = crowd.invoice()
    (place,) = to_the_bank(crowd.pay(invoice, crowd.sessions[:1]))
    notice = crowd.stage.ask("notice", place.split("/")[2])

    answers = race(crowd.stage.ports, [told(notice)] * 20)

    assert {answer.status for answer in answers} == {200}
    outcome = crowd.stage.ask("outcome", invoice["number"])
    assert (outcome["balance"], outcome["settlements"], outcome["states"]) == (0, 1, ["succeeded"])
    crowd.stage.check_invariants()


def told(notice: dict[str, str]) -> bytes:
    return request(
        "/gateways/sandbox/",
        notice["body"].encode(),
        "application/json",
        headers={notice["header"]: notice["signature"]},
    )


def test_the_bank_tells_us_over_http(crowd: Crowd) -> None:
    crowd.stage.ask("prevent_duplicates", "on")
    crowd.stage.ask("deliver")
    invoice = crowd.invoice()
    (place,) = to_the_bank(crowd.pay(invoice, crowd.sessions[:1]))
    crowd.stage.ask("notice", place.split("/")[2])

    assert crowd.stage.ask("deliver") == {"taken": 1}
    assert crowd.stage.ask("outcome", invoice["number"])["states"] == ["succeeded"]
