"""Lists as CSV: the rows that the filters show, to whoever may see the list and may take it along."""

from __future__ import annotations

import csv
from collections.abc import Callable

import pytest
from django.test import Client

from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from doorstep.organizations import roles
from doorstep.organizations.models import Member
from tests.cast import NOON, Cast, a_person, an_account

pytestmark = pytest.mark.django_db
OFFICE = "/office/acme/"


def rows(browser: Client, path: str, **query: str) -> list[dict[str, str]]:
    answer = browser.get(OFFICE + path, query)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(answer.getvalue().decode("utf-8-sig").splitlines()))


def test_every_list_has_its_file(olivia: Client):
    for page in ("contacts", "invoices", "payments", "access", "outbox", "settings/members"):
        assert f"{OFFICE}{page}/csv/" in olivia.get(f"{OFFICE}{page}/").content.decode(), page


def test_portal_access_says_who_stands_where(olivia: Client, cast: Cast):
    a_person(cast.coyote, "Road Runner", "road@coyote.example", access=False)
    found = rows(olivia, "access/csv/", q="coyote")

    assert {row["name"]: row["state"] for row in found} == {
        "Wile Tanner": "active",
        "Wanda Reyes": "active",
        "Road Runner": "not_invited",
    }
    waiting = rows(olivia, "access/csv/", state="not_invited")
    assert [row["email"] for row in waiting] == ["road@coyote.example"]


def test_the_outbox_says_who_was_written_to_and_holds_no_link(olivia: Client, cast: Cast):
    road = a_person(cast.coyote, "Road Runner", "road@coyote.example", access=False)
    road.invite(by=cast.olivia, at=NOON)
    sweep(clock.now)
    link = unseal(Message.objects.get().sealed_secret)
    (mail,) = rows(olivia, "outbox/csv/")

    assert (mail["recipient"], mail["state"]) == ("road@coyote.example", "kept")
    assert link not in str(mail)
    assert rows(olivia, "outbox/csv/", state="sent") == []


def test_who_only_reads_takes_none_of_them_along(cast: Cast, signed_in: Callable[..., Client]):
    account = an_account("rory@acme.example", "Rory")
    rory = Member.add(cast.acme.organization, account, roles.READ_ONLY, by=cast.olivia, at=NOON)
    browser = signed_in(rory)
    for page in ("access", "outbox", "settings/members"):
        assert browser.get(f"{OFFICE}{page}/csv/").status_code == 403


def test_who_may_not_read_the_outbox_does_not_download_it(
    cast: Cast, signed_in: Callable[..., Client]
):
    sue = Member.add(
        cast.acme.organization,
        an_account("sue@acme.example", "Sue"),
        roles.SALES,
        by=cast.olivia,
        at=NOON,
    )
    browser = signed_in(sue)
    assert browser.get(f"{OFFICE}contacts/csv/").status_code == 200
    assert browser.get(f"{OFFICE}outbox/csv/").status_code == 403


def test_members_come_with_their_roles(olivia: Client):
    found = rows(olivia, "settings/members/csv/")
    assert {row["email"]: row["role"] for row in found}["olivia@acme.example"] == "owner"


def test_greta_downloads_nothing_of_acme(cast: Cast, signed_in: Callable[..., Client]):
    greta = signed_in(cast.greta)
    for page in ("access", "outbox", "settings/members"):
        assert greta.get(f"{OFFICE}{page}/csv/").status_code == 404
