"""Every page of the back office names the right that it needs, and the server asks for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from doorstep.activity.models import Event
from doorstep.contacts.models import InvitationRound
from doorstep.documents.kinds import State
from doorstep.identity.models import Account
from doorstep.organizations import roles
from doorstep.organizations.models import Member
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice
from tests.cast import NOON, PASSWORD, Cast, an_account, an_invoice
from tests.factors import proven

pytestmark = pytest.mark.django_db

OFFICE = "doorstep.web.backoffice.urls"
# Whoever works here has a bell of their own, and sees how the pages are built.
FOR_ALL_MEMBERS = {"notices", "notice", "bell", "notice_settings", "components"}
# What opens a door, moves where money or mail goes, or says who works here.
DANGEROUS = {
    "members",
    "member_role",
    "member_removal",
    "person_second_factor",
    "payment_setup",
    "trial",
    "mail_settings",
    "sms_settings",
}


def views(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    """Every address of the back office's own views, but for the door by which a new member comes in."""
    for pattern in get_resolver(OFFICE).url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        elif pattern.callback.__module__.startswith("doorstep.web.backoffice") and getattr(
            pattern.callback, "login_required", True
        ):
            yield pattern


def address(pattern: URLPattern, *, pk: int = 999999) -> str:
    """With `pk` wherever a number goes."""
    path = re.sub(r"<int:\w+>", str(pk), str(pattern.pattern))
    return re.sub(r"<\w+:\w+>", "unopened", path)


def acts(role: str) -> Iterator[URLPattern]:
    """Those whose POST the role has no right to."""
    for pattern in views():
        right = getattr(pattern.callback, "rights", ("", "papers.view"))[1]
        if not roles.may(role, right):
            yield pattern


def test_every_view_names_its_right():
    assert not [
        pattern.name
        for pattern in views()
        if not hasattr(pattern.callback, "rights") and pattern.name not in FOR_ALL_MEMBERS
    ]


def test_every_right_that_is_named_exists():
    named = {right for pattern in views() for right in getattr(pattern.callback, "rights", ())}
    assert named <= set(roles.RIGHTS)


def test_every_address_can_be_walked():
    assert not [address(pattern) for pattern in views() if "<" in address(pattern)]


def test_t30_who_only_reads_changes_nothing_anywhere(rory: Client, cast: Cast):
    """T30: read-only staff posts refund, void, settings, export: 403. Every address is tried, with
    numbers of rows that are there, so that none of them answers 404 for want of something to change."""
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    walked = list(acts(roles.READ_ONLY))
    answers = {
        (pattern.name, pk, method): getattr(rory, method)(
            f"/office/acme/{address(pattern, pk=pk)}"
        ).status_code
        for pattern in walked
        for pk in (cast.coyote.pk, cast.wile.pk, invoice.pk, cast.ben.pk)
        for method in ("post", "put", "patch", "delete")
    }
    posts = {name: answers[name, cast.coyote.pk, "post"] for name in (p.name for p in walked)}

    assert {code for code in posts.values() if code != 403} <= {405}, posts
    for act in ("contact_new", "invoice_void", "invoice_send", "payment_new", "person_invitation",
                "round_new", "profile", "payment_setup", "mail_settings", "preferences",
                "members", "imports", "account_manager"):  # fmt: skip
        assert posts[act] == 403, act
    assert set(answers.values()) <= {403, 405}
    assert Invoice.objects.get(pk=invoice.pk).state == State.SENT
    assert not Payment.objects.exists()
    assert not InvitationRound.objects.exists()
    assert Member.of(cast.acme.organization).count() == 3


def test_t30_who_only_reads_downloads_no_lists(rory: Client):
    for page in ("contacts", "invoices", "payments"):
        assert rory.get(f"/office/acme/{page}/csv/").status_code == 403


@pytest.mark.parametrize("role", [roles.ADMIN, roles.ACCOUNTANT, roles.SALES])
def test_no_role_does_what_its_column_of_the_table_does_not_say(
    role: str, cast: Cast, signed_in: Callable[..., Client]
):
    account = an_account("sue@acme.example", "Sue")
    sue = Member.add(cast.acme.organization, account, role, by=cast.olivia, at=NOON)
    browser = proven(signed_in(sue))
    for pattern in acts(role):
        answer = browser.post(f"/office/acme/{address(pattern)}")
        assert answer.status_code in (403, 405), pattern.name


def test_the_page_of_the_roles_shows_the_table_that_the_server_asks(rory: Client):
    page = rory.get("/office/acme/settings/members/").content.decode()
    for words, holders in roles.RIGHTS.values():
        row = re.search(rf"<tr><th[^>]*>{re.escape(str(words))}</th>(.*?)</tr>", page)
        assert row, words
        assert row[1].count("yes") == len(holders), words


def test_dangerous_acts_ask_who_it_is_once_more(cast: Cast, signed_in: Callable[..., Client]):
    marked = {p.name for p in views() if getattr(p.callback, "dangerous", False)}
    assert marked >= DANGEROUS
    olivia = signed_in(cast.olivia)
    for pattern in views():
        if pattern.name in marked:
            answer = olivia.post(f"/office/acme/{address(pattern, pk=cast.ben.pk)}")
            assert answer.status_code == 302, pattern.name
            assert "/confirm-it-is-you/" in answer.headers["Location"], pattern.name
    assert Member.of(cast.acme.organization).count() == 2


def test_once_proven_it_goes_on_with_what_was_sent(cast: Cast, signed_in: Callable[..., Client]):
    olivia = signed_in(cast.olivia)
    asked = olivia.post(f"/office/acme/settings/members/{cast.ben.pk}/role/", {"role": "sales"})
    assert Member.objects.get(pk=cast.ben.pk).role == "accountant"

    olivia.post(asked.headers["Location"], {"password": "not hers"})
    assert Member.objects.get(pk=cast.ben.pk).role == "accountant"
    olivia.post(asked.headers["Location"], {"password": PASSWORD})
    assert Member.objects.get(pk=cast.ben.pk).role == "sales"


def test_the_last_owner_neither_leaves_nor_becomes_less(olivia: Client, cast: Cast):
    """Nor by a second owner whose account is closed."""
    other = Member.add(
        cast.acme.organization, an_account("oz@acme.example", "Oz"), "owner",
        by=cast.olivia, at=NOON,
    )  # fmt: skip
    Account.objects.filter(pk=other.account_id).update(is_active=False)
    mine = f"/office/acme/settings/members/{cast.olivia.pk}"
    assert olivia.post(f"{mine}/removal/").status_code == 409
    assert olivia.post(f"{mine}/role/", {"role": "admin"}).status_code == 409

    Account.objects.filter(pk=other.account_id).update(is_active=True)
    assert olivia.post(f"{mine}/removal/").status_code == 302


def test_ben_does_not_change_the_settings(ben: Client):
    for page in ("profile", "numbering", "payments", "members", "customer-portal"):
        assert ben.get(f"/office/acme/settings/{page}/").status_code == 200, page
        assert ben.post(f"/office/acme/settings/{page}/", {}).status_code == 403, page


def test_greta_finds_nothing(greta: Client):
    for pattern in views():
        page = f"/office/acme/{address(pattern)}"
        assert greta.get(page).status_code == 404, page
        assert greta.post(page).status_code == 404, page


def test_switching_protection_off_is_dangerous_too(
    cast: Cast, signed_in: Callable[..., Client]
) -> None:
    """Switching it on is not; undoing that is."""
    preferences = cast.acme.organization.preferences
    preferences.change(by=cast.olivia, at=NOON, mfa_required=True)
    event = Event.objects.filter(kind="preferences.changed").latest("pk")
    olivia = signed_in(cast.olivia)
    page = "/office/acme/settings/customer-portal/"
    typed = {
        name: "on" if value is True else value
        for name, value in olivia.get(page).context["form"].initial.items()
        if value is not False
    }
    off = {name: value for name, value in typed.items() if name != "mfa_required"}
    for answer in (
        olivia.post(page, off),
        olivia.post(f"{page}history/{event.pk}/", {"setting": "mfa_required"}),
    ):
        assert "/confirm-it-is-you/" in answer.headers["Location"]
    preferences.refresh_from_db()
    assert preferences.mfa_required
    assert "/confirm-it-is-you/" not in olivia.post(page, typed | {"mfa_remember_days": "7"}).url
    assert proven(signed_in(cast.olivia)).post(page, off).status_code == 302
    preferences.refresh_from_db()
    assert not preferences.mfa_required
