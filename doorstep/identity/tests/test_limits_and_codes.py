"""Counters and codes hold over processes and against guessing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from doorstep.identity.models import Challenge, CodeRefused, Limit, Purpose, Rule, TooOften
from doorstep.lib.secrets import unseal
from tests.cast import NOON

pytestmark = pytest.mark.django_db

RULE = Rule("test", most=3, per=timedelta(minutes=1))


def pose(subject: int = 1, browser: str = "b") -> str:
    challenge = Challenge.pose(
        Purpose.LINK, subject, target="w@coyote.example", person=1, browser=browser, at=NOON
    )
    return unseal(challenge.sealed_code)


def answer(
    code: str, subject: int = 1, browser: str = "b", later: timedelta = timedelta()
) -> Challenge:
    return Challenge.answer(Purpose.LINK, subject, code, browser=browser, at=NOON + later)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_fourth_in_a_minute_is_refused_and_the_next_minute_begins_anew() -> None:
    for _n in range(3):
        Limit.take(RULE, "wile", at=NOON)
    with pytest.raises(TooOften) as refusal:
        Limit.take(RULE, "wile", at=NOON)

    assert 0 < refusal.value.retry_after <= 61
    Limit.take(RULE, "wanda", at=NOON)
    Limit.take(RULE, "wile", at=NOON + timedelta(minutes=1))


def test_the_right_code_opens_once() -> None:
    code = pose()
    assert answer(f" {code[:3]} {code[3:]} ").used_at == NOON
    with pytest.raises(CodeRefused):
        answer(code)


def test_after_five_wrong_tries_the_right_code_is_dead() -> None:
    code = pose()
    for _n in range(5):
        with pytest.raises(CodeRefused):
            answer(wrong(code))
    with pytest.raises(CodeRefused):
        answer(code)


def test_a_new_code_kills_the_old() -> None:
    old, new = pose(), pose()
    if old != new:
        with pytest.raises(CodeRefused):
            answer(old)
    answer(new)


def test_a_code_is_good_for_ten_minutes_in_its_own_browser_for_its_own_link() -> None:
    code = pose()
    for elsewhere in ({"browser": "other"}, {"subject": 2}, {"later": timedelta(minutes=10)}):
        with pytest.raises(CodeRefused):
            answer(code, **elsewhere)
    answer(code, later=timedelta(minutes=9))


def test_the_code_is_not_in_the_database() -> None:
    code = pose()
    assert code not in "".join(str(v) for v in Challenge.objects.values_list().get())
