"""A link in a mail: what it shows to whom, and what a scanner can do with it (nothing)."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.test import Client

from doorstep.activity.models import Event
from doorstep.identity.models import Challenge
from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.payments.models import Payment, SandboxSession
from doorstep.sales.models import Invoice
from doorstep.sharing.models import Link, Opening
from tests.cast import Cast, an_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.money]


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    return an_invoice(cast.coyote, "1204.50", by=cast.olivia, reference="PO 7731", at=clock.now())


@pytest.fixture
def token(cast: Cast, invoice: Invoice) -> str:
    return Link.share(invoice, person=cast.wanda, by=cast.olivia, at=clock.now())[1]


def land(token: str, client: Client | None = None) -> tuple[Client, str]:
    client = client or Client()
    answer = client.get(f"/s/{token}")
    assert answer.status_code == 302
    return client, answer["Location"]


def words(client: Client, page: str) -> str:
    return client.get(page).content.decode()


def prove(client: Client, page: str, cast: Cast) -> None:
    client.post(f"{page}code/", {"person": cast.wanda.pk})
    code = unseal(Challenge.objects.latest("pk").sealed_code)
    assert client.post(f"{page}proof/", {"code": code}).status_code == 302


def test_the_token_leaves_the_address_at_the_first_step(token: str) -> None:
    _client, page = land(token)
    assert token not in page


def test_unproven_a_visitor_sees_sender_kind_number_balance_and_a_masked_address_only(
    token: str,
) -> None:
    """T33"""
    client, page = land(token)
    shown = words(client, page)

    for seen in ("Acme Wholesale", "INV-000001", "$1,204.50", "w••••@c••••.example", "Pay "):
        assert seen in shown
    for hidden in ("Coyote", "anvil", "Wanda", "Wile", "7731", "wanda@", "coyote.example"):
        assert hidden not in shown
    assert client.get(f"{page}pdf/").status_code == 404
    assert client.get(f"{page}print/").status_code == 404


def test_after_the_code_the_paper_is_there_to_see_print_and_download(
    cast: Cast, token: str
) -> None:
    client, page = land(token)
    prove(client, page, cast)

    assert "Cast anvil" in words(client, page)
    assert client.get(f"{page}pdf/").content.startswith(b"%PDF")
    assert client.get(f"{page}print/").status_code == 200


def test_with_verification_off_whoever_has_the_link_sees_the_paper(cast: Cast, token: str) -> None:
    cast.acme.organization.preferences.change(
        by=cast.olivia, at=clock.now(), verify_identity_on_links=False
    )
    client, page = land(token)
    assert "Cast anvil" in words(client, page)


def test_unknown_revoked_expired_and_foreign_links_are_one_page(
    cast: Cast, invoice: Invoice
) -> None:
    """T35"""
    now = clock.now()
    revoked, revoked_token = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=now)
    revoked.revoke(by=cast.olivia, at=now)
    _old, old_token = Link.share(
        invoice, person=cast.wanda, by=cast.olivia, at=now, expires_at=now - timedelta(days=1)
    )
    pages = set()
    for token in ("never-was-a-token", revoked_token, old_token):
        client, page = land(token)
        answer = client.get(page)
        assert answer.status_code == 404
        text = re.sub(
            r'value="[^"]+"|/s/at/[0-9a-f]+/|X-CSRFToken": "[^"]+', "", answer.content.decode()
        )
        pages.add(text)
    assert len(pages) == 1


def test_t35_the_token_of_another_business_opens_nothing_here(
    cast: Cast, token: str, invoice: Invoice
) -> None:
    foreign = an_invoice(cast.globex_customer, by=cast.greta, at=clock.now())
    _link, elsewhere = Link.share(foreign, person=None, by=cast.greta, at=clock.now())
    _client, here = land(token)
    stranger, _there = land(elsewhere)

    assert stranger.get(here).status_code == 404
    for act in ("code", "proof", "pay", "opening"):
        assert stranger.post(f"{here}{act}/").status_code == 404
    assert not Challenge.objects.exists()


@pytest.mark.slow
def test_t35_unknown_revoked_and_expired_take_the_same_time(cast: Cast, invoice: Invoice) -> None:
    now = clock.now()
    revoked, revoked_token = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=now)
    revoked.revoke(by=cast.olivia, at=now)
    long_ago = now - timedelta(days=1)
    expired = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=now, expires_at=long_ago)[1]
    browsers = {token: land(token) for token in ("never-was-a-token", revoked_token, expired)}
    times: dict[str, list[float]] = {token: [] for token in browsers}
    for n in range(220):
        for token, (client, page) in sorted(browsers.items(), reverse=bool(n % 2)):
            began = time.perf_counter()
            client.get(page)
            if n >= 20:
                times[token].append(time.perf_counter() - began)
    unknown = times.pop("never-was-a-token")
    for known in times.values():
        wins = sum((a > b) + 0.5 * (a == b) for a in known for b in unknown)
        assert 0.4 <= wins / len(known) / len(unknown) <= 0.6


def test_a_scanner_changes_nothing_however_often_it_comes(token: str, invoice: Invoice) -> None:
    """T36"""
    before = Event.objects.count()
    for _n in range(20):
        client, page = land(token)
        client.get(page)
        client.head(page)
        client.head(f"/s/{token}")
        client.options(page)
    invoice.refresh_from_db()

    assert Event.objects.count() == before
    assert not Opening.objects.exists()
    assert not Challenge.objects.exists()
    assert invoice.viewed_at is None
    client, page = land(token)
    assert client.get(page).status_code == 200


def test_the_cookie_opens_only_its_own_paper(cast: Cast, token: str) -> None:
    """T38"""
    other = Link.share(
        an_invoice(cast.coyote, by=cast.olivia), person=cast.wanda, by=cast.olivia, at=clock.now()
    )[0]
    client, _page = land(token)

    assert client.get(f"/s/at/{other.handle}/").status_code == 404
    assert client.get("/portal/acme/invoices/").status_code == 302
    assert client.get("/office/acme/").status_code == 302


def test_five_wrong_codes_kill_the_right_one_and_reloading_does_not_help(
    cast: Cast, token: str
) -> None:
    """T34"""
    client, page = land(token)
    client.post(f"{page}code/", {"person": cast.wanda.pk})
    code = unseal(Challenge.objects.get().sealed_code)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _n in range(5):
        assert (
            client.post(f"{page}proof/", {"code": wrong, "person": cast.wanda.pk}).status_code
            == 422
        )
        client.get(page)
    assert client.post(f"{page}proof/", {"code": code}).status_code == 422


def test_codes_to_one_address_are_capped_in_every_browser(cast: Cast, token: str) -> None:
    """T34"""
    answers = []
    for _n in range(6):
        client, page = land(token)
        answers.append(client.post(f"{page}code/", {"person": cast.wanda.pk}).status_code)
    assert answers == [200] * 5 + [429]


def test_a_code_only_goes_to_somebody_of_that_customer(cast: Cast, token: str) -> None:
    client, page = land(token)
    assert client.post(f"{page}code/", {"person": cast.rita.pk}).status_code == 422
    assert not Challenge.objects.exists()


def test_an_invoice_is_paid_without_a_code_and_nobody_is_named(
    cast: Cast, token: str, invoice: Invoice
) -> None:
    client, page = land(token)
    answer = client.post(
        f"{page}pay/", {"what": "this", "method": "card", "seen_total": invoice.balance}
    )
    assert answer.status_code == 302
    payment = Payment.objects.get()
    session = SandboxSession.objects.get()
    assert "Coyote" not in session.description
    session.pay_by_card(at=clock.now())
    shown = client.post(f"{page}payments/{payment.number}/").content.decode()

    assert "Paid" in shown
    assert payment.number in shown
    assert "Coyote" not in shown


def test_that_somebody_is_paying_already_is_said_without_name_time_or_amount(
    cast: Cast, token: str, invoice: Invoice
) -> None:
    Payment.start(
        [invoice], by=cast.wile, method="card", seen_total=invoice.balance, at=clock.now()
    )
    client, page = land(token)
    answer = client.post(
        f"{page}pay/", {"what": "this", "method": "card", "seen_total": invoice.balance}
    )

    assert answer.status_code == 409
    assert "already being processed" in answer.content.decode()
    assert "Wile" not in answer.content.decode()


def test_after_the_code_all_overdue_invoices_can_be_paid_in_one_go(cast: Cast) -> None:
    now = clock.now()
    long_ago = now.date() - timedelta(days=60)
    late = [
        an_invoice(cast.coyote, "10.00", by=cast.olivia, day=long_ago, due=long_ago, at=now)
        for _n in range(3)
    ]
    _link, token = Link.share(late[0], person=cast.wanda, by=cast.olivia, at=now)
    client, page = land(token)
    form = {"what": "overdue", "method": "card", "seen_total": 3000}
    assert client.post(f"{page}pay/", form).status_code == 409
    prove(client, page, cast)

    assert client.post(f"{page}pay/", form).status_code == 302
    assert Payment.objects.get().allocations.count() == 3


def test_another_browser_finds_no_payment_at_the_return_address(
    cast: Cast, token: str, invoice: Invoice
) -> None:
    """T51"""
    client, page = land(token)
    client.post(f"{page}pay/", {"what": "this", "method": "card", "seen_total": invoice.balance})
    number = Payment.objects.get().number
    stranger, page = land(token)

    assert client.get(f"{page}payments/{number}/").status_code == 200
    assert stranger.get(f"{page}payments/{number}/").status_code == 404


def test_a_fresh_link_is_asked_for_in_the_same_words_whatever_is_true(
    cast: Cast, invoice: Invoice
) -> None:
    now = clock.now()
    link, token = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=now)
    link.revoke(by=cast.olivia, at=now)
    answers = set()
    for each in (token, "never-was-a-token"):
        client, page = land(each)
        answer = client.post(f"{page}fresh/")
        answers.add(
            (answer.status_code, re.sub(r'X-CSRFToken": "[^"]+', "", answer.content.decode()))
        )

    assert len(answers) == 1
    fresh = Link.objects.exclude(pk=link.pk).get()
    assert fresh.person == cast.wanda


def test_the_page_is_not_kept_and_not_indexed(token: str) -> None:
    """T37"""
    client, page = land(token)
    answer = client.get(page)
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_the_page_itself_notes_that_a_person_opened_it(
    cast: Cast, token: str, invoice: Invoice
) -> None:
    client, page = land(token)
    prove(client, page, cast)
    assert client.post(f"{page}opening/").status_code == 204
    invoice.refresh_from_db()

    assert Opening.objects.get().person_name == "Wanda Reyes"
    assert invoice.viewed_at is not None


def test_a_scanner_that_runs_scripts_is_listed_as_one_and_no_view(
    cast: Cast, token: str, invoice: Invoice
) -> None:
    """T36"""
    cast.acme.organization.preferences.change(
        by=cast.olivia, at=clock.now(), verify_identity_on_links=False
    )
    client, page = land(token)
    robot = {"User-Agent": "Mozilla/5.0 HeadlessChrome/142", "Accept-Language": "en"}
    assert client.post(f"{page}opening/", headers=robot).status_code == 204
    client.get(f"{page}pdf/", headers=robot)
    invoice.refresh_from_db()

    assert list(Opening.objects.values_list("what", "by_scanner").order_by("pk")) == [
        ("viewed", True),
        ("downloaded", True),
    ]
    assert invoice.viewed_at is None
    assert not Event.objects.filter(kind="paper.viewed").exists()
    assert Link.register_of(invoice).get().opened_at is None


def test_the_register_of_one_link_cannot_be_filled_without_end(token: str) -> None:
    client, page = land(token)
    for _n in range(62):
        assert client.post(f"{page}opening/").status_code == 204
    assert Opening.objects.count() == 60


def test_t25_a_link_for_who_may_not_pay_takes_no_payment(
    cast: Cast, token: str, invoice: Invoice
) -> None:
    """Wanda sees papers; a colleague who proves to be there pays from the same link."""
    cast.wanda.set_rights(by=cast.olivia, at=clock.now(), pay=False)
    client, page = land(token)
    sent = {"what": "this", "method": "card", "seen_total": invoice.balance}

    assert "Pay $" not in words(client, page)
    assert client.post(f"{page}pay/", sent).status_code in (403, 409)
    assert not Payment.objects.exists()
    prove(client, page, cast)
    assert "Pay $" not in words(client, page)

    client.post(f"{page}code/", {"person": cast.wile.pk})
    code = unseal(Challenge.objects.latest("pk").sealed_code)
    client.post(f"{page}proof/", {"code": code})
    assert "Pay $1,204.50" in words(client, page)
