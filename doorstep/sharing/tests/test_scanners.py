"""Who opened a link: a person's browser, or the program that looks into mails before them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from doorstep.sharing.models import Link
from doorstep.sharing.scanners import is_scanner
from tests.cast import NOON

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)
PERSON = {"User-Agent": CHROME, "Accept-Language": "en-US,en;q=0.9"}
LATER = NOON + timedelta(minutes=5)

PEOPLE = [
    CHROME,
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; CUBOT X90) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile "
    "Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/22B83 Instagram 350.0",
]
PROGRAMS = [
    "",
    "curl/8.5.0",
    "python-requests/2.32",
    "WhatsApp/2.24.1 A",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (compatible; BarracudaCentral)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
]


def a_link(channel: str = "mail", made: datetime = NOON) -> Link:
    return Link(channel=channel, created_at=made)


@pytest.mark.parametrize("browser", PEOPLE)
def test_a_browser_in_somebodys_hand_is_a_person(browser: str) -> None:
    assert not is_scanner({**PERSON, "User-Agent": browser}, a_link(), at=LATER)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_that_says_so_is_a_scanner(program: str) -> None:
    assert is_scanner({**PERSON, "User-Agent": program}, a_link(), at=LATER)


def test_no_language_at_all_is_no_person() -> None:
    assert is_scanner({"User-Agent": CHROME}, a_link(), at=LATER)


@pytest.mark.parametrize(
    ("header", "said"),
    [("Sec-Purpose", "prefetch;prerender"), ("Purpose", "preview"), ("X-Moz", "prefetch")],
)
def test_a_page_fetched_ahead_of_time_was_not_looked_at(header: str, said: str) -> None:
    assert is_scanner({**PERSON, header: said}, a_link(), at=LATER)


def test_nobody_reads_a_mail_in_the_moment_it_is_written() -> None:
    at_once = NOON + timedelta(seconds=1)
    assert is_scanner(PERSON, a_link("mail"), at=at_once)
    assert not is_scanner(PERSON, a_link("copy"), at=at_once)
    assert not is_scanner(PERSON, a_link("mail"), at=LATER)
