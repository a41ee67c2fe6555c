"""Codes and limits hold when everybody knocks at two servers in the same moment: T01, T07, T08."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.factors import code_of
from tests.races.stage import CSRF, Answer, Stage, database, form, race, stage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("races")]
DOOR = "/portal/acme/"


class Door:
    def __init__(self, on: Stage) -> None:
        self.stage = on
        self.said: dict[str, Any] = self.ask("people")

    def ask(self, command: str) -> dict[str, Any]:
        done = self.stage.run("tests.races.door", command)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.strip().splitlines()[-1])

    def give(self, code: str) -> list[Answer]:
        """The same code in twelve browsers at once."""
        sessions = self.ask("half_in")["sessions"]
        return race(
            self.stage.ports,
            [
                form(
                    f"{DOOR}sign-in/second-step/",
                    {"code": code},
                    {self.said["cookie"]: session, self.said["csrf"]: CSRF},
                )
                for session in sessions
            ],
        )


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    home = tmp_path_factory.mktemp("door")
    with database(home) as address, stage(home, address) as set_up:
        yield Door(set_up)


def statuses(answers: list[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


def test_t07_one_code_lets_one_in(door: Door) -> None:
    # The code that connected the app is spent: wait for one that is surely newer.
    time.sleep(31)
    said = statuses(door.give(code_of(door.said["key"])))

    assert said[302] == 1, said
    assert sum(said.values()) == 12
    assert set(said) <= {200, 302, 429}


def test_t08_one_recovery_code_lets_one_in(door: Door) -> None:
    said = statuses(door.give(door.said["recovery"][0]))

    assert said[302] == 1, said
    assert set(said) <= {200, 302, 429}


def test_t01_ten_of_forty_passwords_are_looked_at(door: Door) -> None:
    door.ask("half_in")
    # A window of five minutes may end in the middle: then begin in the next.
    left = 300 - time.time() % 300
    if left < 20:
        time.sleep(left + 1)
    fields = {"login": "wanda@coyote.example", "password": "wrong"}
    knock = form(f"{DOOR}sign-in/", fields, {door.said["csrf"]: CSRF})

    # From one address at most thirty a minute are heard at all, of which ten may be about one account.
    said = statuses(race(door.stage.ports, [knock] * 40))

    assert said == {200: 10, 429: 30}
