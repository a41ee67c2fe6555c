"""What lies beside somebody's own things stays there: other tenants, other customers, drafts, files on the disk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from doorstep.activity.models import Event
from doorstep.contacts.models import Contact
from doorstep.documents.models import Attachment, Document, FileRequest
from doorstep.lib.clock import shifted_to
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice
from tests.cast import NOON, TODAY, Cast, an_invoice
from tests.test_strangers import CLOSED

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "Zinnoberkanarie"


def everything_of(cast: Cast) -> tuple[int, ...]:
    """How much there is: a request that did anything changes one of these."""
    models = (Event, Contact, Attachment, FileRequest, Payment)
    return (*(model.objects.count() for model in models), Document.papers.count())


def test_t23_requests_of_one_business_do_nothing_with_the_session_of_another(
    cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    """Every address of Acme's two faces, asked and posted to by the owner of Globex."""
    an_invoice(cast.coyote, by=cast.olivia)
    greta = signed_in(cast.greta)
    before = everything_of(cast)
    for route in CLOSED:
        for answer in (
            greta.get(f"/{route.face}/acme/{route.path}"),
            greta.post(f"/{route.face}/acme/{route.path}", {"invoice": "INV-000001"}),
        ):
            assert answer.status_code == 404, route
    assert everything_of(cast) == before


def test_t23_ids_of_one_business_mean_nothing_under_the_address_of_another(
    cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    [file] = Attachment.upload([ContentFile(b"x\n", name="a.txt")], by=cast.wile, at=NOON)
    greta, before = signed_in(cast.greta), everything_of(cast)
    for path in (
        f"invoices/{invoice.pk}/",
        f"invoices/{invoice.pk}/pdf/",
        f"contacts/{cast.coyote.pk}/",
        f"contacts/{cast.coyote.pk}/documents/",
        f"contacts/{cast.coyote.pk}/changes/",
        f"people/{cast.wile.pk}/",
        f"documents/{file.pk}/file/",
        f"settings/members/{cast.ben.pk}/role/",
    ):
        assert greta.get(f"/office/globex/{path}").status_code in (404, 405), path
    for path in (
        f"invoices/{invoice.pk}/void/",
        f"invoices/{invoice.pk}/deletion/",
        f"people/{cast.wile.pk}/revocation/",
        f"documents/{file.pk}/removal/",
        f"contacts/{cast.coyote.pk}/documents/",
    ):
        assert greta.post(f"/office/globex/{path}").status_code == 404, path
    assert everything_of(cast) == before


def test_t26_no_word_of_a_draft_or_of_what_is_internal_reaches_a_customer(
    cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    with shifted_to(NOON):
        shown = an_invoice(cast.coyote, by=cast.olivia)
        draft = Invoice.draft(cast.coyote, by=cast.olivia, at=NOON, day=TODAY)
        Document.papers.filter(pk=draft.pk).update(notes=CANARY, reference=CANARY)
        Attachment.share(
            cast.coyote, [ContentFile(CANARY.encode(), name=f"{CANARY}.txt")],
            by=cast.olivia, at=NOON, visible=False,
        )  # fmt: skip
        wile = signed_in(cast.wile)
        pages = [route.path for route in CLOSED if route.face == "portal"]
        asked = [f"invoices/?q={CANARY}&show=all", f"invoices.csv?q={CANARY}", "invoices/?show=all"]
        asked += [f"invoices/{shown.number}/pdf/", f"invoices/draft-{draft.pk}/"]
        for path in pages + asked:
            answer = wile.get(f"/portal/acme/{path}")
            body = b"".join(answer) if answer.streaming else answer.content
            said = body.replace(f'value="{CANARY}"'.encode(), b"").replace(
                f"q={CANARY}".encode(), b""
            )
            assert CANARY.encode() not in said, path


def test_t28_one_foreign_number_among_twenty_refuses_the_whole_payment(
    cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    with shifted_to(NOON):
        mine = [an_invoice(cast.coyote, "10.00", by=cast.olivia) for _n in range(19)]
        other = Contact.create(
            cast.acme.organization, role="customer", name="Other", by=cast.olivia, at=NOON
        )
        foreign = an_invoice(other, "10.00", by=cast.olivia)
        typed = {
            "invoice": [invoice.number for invoice in (*mine, foreign)],
            "seen_total": 20_000,
            "method": "card",
        }
        answer = signed_in(cast.wile).post("/portal/acme/pay/", typed)
    assert answer.status_code in (404, 409)
    assert not Payment.objects.exists()


def test_t31_a_vendors_papers_and_a_customers_are_two_worlds(
    cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    """The pages themselves are walked in test_strangers."""
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    [theirs] = Attachment.upload([ContentFile(b"x\n", name="a.txt")], by=cast.wile, at=NOON)
    [hers] = Attachment.upload([ContentFile(b"x\n", name="b.txt")], by=cast.rita, at=NOON)
    rita, wile = signed_in(cast.rita), signed_in(cast.wile)
    assert rita.get(f"/portal/acme/invoices/{invoice.number}/").status_code == 404
    assert rita.get(f"/portal/acme/documents/{theirs.pk}/").status_code == 404
    assert wile.get(f"/portal/acme/documents/{hers.pk}/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/files/", "/media/", "/var/", "/backup/", "/backups/doorstep.sqlite3", "/doorstep.sqlite3",
        "/.env", "/.git/config", "/secret-key", "/set-up-token", "/demo-sign-ins.json",
        "/static/../doorstep/config/settings.py", "/static/..%2f..%2fpyproject.toml",
        "/static/%2e%2e/%2e%2e/secret-key", "/static/", "/portal/acme/files/", "/portal/acme/../../etc/passwd",
    ],
)  # fmt: skip
def test_t32_nothing_on_the_disk_is_served_or_listed(cast: Cast, client: Client, path: str) -> None:
    [stored] = Attachment.upload([ContentFile(b"x\n", name="a.txt")], by=cast.wile, at=NOON)
    assert stored.file is not None
    for asked in (path, f"/files/{stored.file.path}", f"/media/{stored.file.path}"):
        assert client.get(asked).status_code == 404, asked
