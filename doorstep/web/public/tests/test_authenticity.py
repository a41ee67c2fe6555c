"""Is this really from us? A code on each paper, that nobody else can make and that gives away nothing but the paper."""

from __future__ import annotations

import re
import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doorstep.documents.authenticity import code_of, read
from doorstep.documents.models import Rendition
from doorstep.lib import clock
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from doorstep.organizations.bank_account import end_of_account
from doorstep.payments.models import Payment
from doorstep.sales import renditions
from doorstep.sales.models import Invoice
from doorstep.sales.stationery import where_to_check
from doorstep.web.public.views.authenticity import GUESSES
from tests.cast import Cast, an_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    organization = cast.acme.organization
    organization.bank_details = "First Mesa Bank\nAccount 0142 5550 87\nRouting 107000001"
    organization.save()
    return an_invoice(cast.coyote, "1204.50", by=cast.olivia, reference="PO 7731", at=clock.now())


def code(invoice: Invoice) -> str:
    return code_of("invoice", invoice.organization_id, invoice.pk, invoice.number)


def shown(typed: str, client: Client | None = None) -> str:
    return (client or Client()).get(f"/v/{typed}").content.decode()


def test_the_code_confirms_number_amount_payee_and_state_and_nothing_else(invoice: Invoice) -> None:
    page = shown(code(invoice))

    for seen in (
        "Yes, this is from us",
        "INV-000001",
        "$1,204.50",
        "Acme Wholesale",
        "5087",
        "Open",
    ):
        assert seen in page
    for hidden in (
        "Coyote",
        "anvil",
        "7731",
        "0142",
        "First Mesa",
        "107000001",
        "Wanda",
        "Mesa Road",
    ):
        assert hidden not in page


def test_what_became_of_the_paper_is_said_as_it_is_today(cast: Cast, invoice: Invoice) -> None:
    paid = an_invoice(cast.coyote, "10.00", by=cast.olivia)
    now = clock.now()
    receipt = Payment.receive(
        cast.coyote,
        paid.money,
        [(paid, 1000)],
        by=cast.olivia,
        method="cash",
        date=now.date(),
        at=now,
    )
    invoice.void(by=cast.olivia, at=now)

    assert "Paid" in shown(code(paid))
    assert "$10.00" in shown(code_of("receipt", paid.organization_id, receipt.pk, receipt.number))
    assert "Do not pay it" in shown(code(invoice))


def test_a_code_is_read_as_people_type_it(invoice: Invoice) -> None:
    typed = " ".join(
        re.findall(".{1,4}", code(invoice).lower().replace("1", "l").replace("0", "o"))
    )
    answer = Client().get("/v/", {"code": typed})
    assert "Yes, this is from us" in answer.content.decode()


def test_a_code_holds_for_one_paper_of_one_business_under_its_number(
    cast: Cast, invoice: Invoice
) -> None:
    claim = read(code(invoice))
    other = an_invoice(cast.coyote, by=cast.olivia)

    assert claim.holds(invoice.organization_id, invoice.number)
    assert not claim.holds(invoice.organization_id, other.number)
    assert not claim.holds(cast.globex.organization.pk, invoice.number)
    moved = code_of("invoice", cast.globex.organization.pk, invoice.pk, invoice.number)
    as_receipt = code_of("receipt", invoice.organization_id, invoice.pk, invoice.number)
    for forged in (moved, as_receipt, code(other)[:-16] + code(invoice)[-16:]):
        assert "does not come from us" in shown(forged)


def test_forged_unknown_and_nonsense_are_one_page(cast: Cast, invoice: Invoice) -> None:
    last = code(invoice)[-1]
    forged = code(invoice)[:-1] + ("0" if last != "0" else "1")
    unknown = code_of("invoice", invoice.organization_id, 987654, "INV-987654")
    elsewhere = code_of("invoice", cast.globex.organization.pk, invoice.pk, invoice.number)
    answers = [
        Client().get(f"/v/{typed}") for typed in (forged, unknown, elsewhere, "nonsense", "ü" * 30)
    ]

    assert {answer.status_code for answer in answers} == {404}
    bodies = {re.sub(r'X-CSRFToken": "[^"]+', "", answer.content.decode()) for answer in answers}
    assert len(bodies) == 1
    assert "Acme" not in bodies.pop()


@pytest.mark.slow
def test_forged_and_unknown_take_the_same_time(
    cast: Cast, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "doorstep.web.public.views.authenticity.GUESSES", type(GUESSES)("t", 10**6, GUESSES.per)
    )
    forged = code(invoice)[:-4] + "0000"
    unknown = code_of("invoice", invoice.organization_id, 987654, "INV-987654")
    client, times = Client(), {forged: [], unknown: []}
    for n in range(320):
        for typed in (forged, unknown) if n % 2 else (unknown, forged):
            began = time.perf_counter()
            client.get(f"/v/{typed}")
            if n >= 20:
                times[typed].append(time.perf_counter() - began)
    wins = sum((a > b) + 0.5 * (a == b) for a in times[forged] for b in times[unknown])
    assert 0.4 <= wins / 300**2 <= 0.6


def test_the_page_of_a_right_code_changes_nothing_and_is_neither_kept_nor_indexed(
    invoice: Invoice,
) -> None:
    client = Client()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"/v/{code(invoice)}")
        client.head(f"/v/{code(invoice)}")

    assert not [q for q in queries if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert client.post(f"/v/{code(invoice)}").status_code == 405


def test_whoever_guesses_is_stopped_and_learns_nothing_more(invoice: Invoice) -> None:
    client = Client()
    for _n in range(GUESSES.most):
        assert client.get("/v/0000000000000000000000").status_code == 404
    assert client.get("/v/0000000000000000000000").status_code == 429
    assert client.get(f"/v/{code(invoice)}").status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.9").get(f"/v/{code(invoice)}").status_code == 200


def test_a_code_outlives_the_name_of_the_portal_and_the_key(
    cast: Cast, invoice: Invoice, settings
) -> None:
    printed = code(invoice)
    cast.acme.organization.preferences.change(
        by=cast.olivia, at=clock.now(), portal_name="acme-new"
    )
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-that-is-long-enough-for-everything-here"

    assert "Yes, this is from us" in shown(printed)
    assert code(invoice) != printed
    settings.SECRET_KEY_FALLBACKS = []
    assert "does not come from us" in shown(printed)


def test_the_paper_carries_it_and_stays_the_same_bytes(cast: Cast, invoice: Invoice) -> None:
    first = renditions.pdf_of(invoice, locale="en", at=clock.now())
    paper = renditions.paper_of(invoice, locale="en", at=clock.now())
    assert paper["authenticity"]["url"].endswith(f"/v/{code(invoice)}")
    Rendition.objects.all().delete()

    assert renditions.pdf_of(invoice, locale="en", at=clock.now()) == first
    draft = an_invoice(cast.coyote, by=cast.olivia, issued=False)
    assert renditions.paper_of(draft, locale="en", at=clock.now())["authenticity"] is None


def test_the_mail_of_a_paper_leads_there(cast: Cast, invoice: Invoice) -> None:
    invoice.send(by=cast.olivia, to=[cast.wanda], at=clock.now())
    sweep(clock.now)
    mail = Message.objects.get(kind="paper")

    assert where_to_check("invoice", invoice) in mail.text
    assert where_to_check("invoice", invoice) in mail.html


@pytest.mark.parametrize(
    ("told", "end"),
    [
        ("First Mesa Bank\nAccount 0142 5550 87\nRouting 107000001", "5087"),
        ("IBAN: DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX", "3000"),
        ("GB82WEST12345698765432", "5432"),
        ("Sort code 12-34-56, account 12345678", "5678"),
        ("BLZ 37040044 Konto 532013000", "3000"),
        ("First Mesa Bank\n0142 5550", "5550"),
        ("Routing 107000001", ""),
        ("Cheques to Acme, please", ""),
        ("", ""),
    ],
)
def test_the_end_of_an_account_is_found_in_free_text_or_left_out(told: str, end: str) -> None:
    assert end_of_account(told) == end
