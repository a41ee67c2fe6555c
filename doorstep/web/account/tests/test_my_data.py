"""*Export my data* and *Close my account*."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client

from doorstep.activity.models import Event
from doorstep.contacts.models import ContactPerson, PortalAccess, Viewing
from doorstep.exports.models import DataExport
from doorstep.exports.tasks import forget_exports, write_export
from doorstep.files.models import StoredFile
from doorstep.identity.models import Account, Session
from doorstep.lib import clock
from doorstep.lib.invariants import Look, check_all
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from doorstep.organizations.models import Member, Organization
from tests.cast import NOON, PASSWORD, Cast, a_contact, an_invoice
from tests.factors import enrol, sign_in

pytestmark = pytest.mark.django_db


def exported(cast: Cast, client: Client) -> zipfile.ZipFile:
    client.post(f"{cast.acme.portal}my-data/")
    write_export.func(DataExport.objects.latest("pk").pk)
    answer = client.get(f"{cast.acme.portal}my-data/file/")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="acme-my-data.zip"'
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def part(archive: zipfile.ZipFile, name: str) -> list:
    return json.loads(archive.read(f"{name}.json"))


def test_the_file_holds_what_is_mine_and_nothing_else(cast: Cast) -> None:
    mine = an_invoice(cast.coyote, by=cast.olivia)
    an_invoice(cast.coyote, by=cast.olivia, issued=False)
    others = an_invoice(a_contact(cast.acme, "Other Ltd"), by=cast.olivia)
    client = sign_in(cast.acme.portal, "wile@coyote.example")

    archive = exported(cast, client)

    assert [row["number"] for row in part(archive, "invoices")] == [mine.number]
    assert part(archive, "account")[0]["email"] == "wile@coyote.example"
    assert part(archive, "access")[0]["customer_or_vendor"] == "Coyote Ltd"
    assert part(archive, "payments") == part(archive, "agreements") == []
    assert isinstance(part(archive, "history"), list)
    papers = [name for name in archive.namelist() if name.endswith(".pdf")]
    assert len(papers) == 1 and mine.number in papers[0]
    assert archive.read(papers[0]).startswith(b"%PDF")
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert others.number.encode() not in everything
    assert b"wanda@" not in everything


def test_the_page_says_how_far_it_is_and_a_mail_when_it_is_ready(cast: Cast) -> None:
    door = cast.acme.portal
    client = sign_in(door, "wile@coyote.example")
    assert b"What is in it" in client.get(f"{door}my-data/").content
    client.post(f"{door}my-data/")
    client.post(f"{door}my-data/")
    assert DataExport.objects.count() == 1
    assert b"being put together" in client.get(f"{door}my-data/").content
    DataExport.objects.update(total=40, done=10)
    part = client.get(f"{door}my-data/", headers={"HX-Request": "true"})
    assert b'value="25"' in part.content and b"<html" not in part.content

    write_export.func(DataExport.objects.get().pk)

    assert client.get(f"{door}my-data/", headers={"HX-Request": "true"}).headers["HX-Refresh"]
    assert b"Your file is ready" in client.get(f"{door}my-data/").content
    sweep(clock.now)
    told = Message.objects.get(subject="The copy of your data is ready")
    assert told.recipient == "wile@coyote.example"


def test_nobody_else_opens_it_and_after_a_week_nobody_does(cast: Cast, signed_in) -> None:
    door = cast.acme.portal
    client = sign_in(door, "wile@coyote.example")
    exported(cast, client)
    viewing = Viewing.start(cast.wile, by=cast.olivia, reason="A question", at=clock.now())

    assert Client().get(f"{door}my-data/file/").status_code == 302
    assert signed_in(cast.wanda).get(f"{door}my-data/file/").status_code == 404
    assert signed_in(cast.olivia).get(f"{cast.acme.office}my-data/file/").status_code == 404
    for page in ("my-data/", "my-data/file/", "close-account/"):
        answer = signed_in(cast.olivia).get(f"/portal/acme/viewing/{viewing.pk}/{page}")
        assert answer.status_code in (302, 404), page
    path = StoredFile.objects.get(content_type="application/zip").path
    with clock.shifted_to(clock.now() + timedelta(days=7, minutes=1)):
        forget_exports.func()
    assert client.get(f"{door}my-data/file/").status_code == 404
    assert not default_storage.exists(path)
    assert not StoredFile.objects.filter(content_type="application/zip").exists()


def test_it_is_asked_for_with_a_fresh_proof_and_three_times_a_day(cast: Cast, signed_in) -> None:
    door = cast.acme.portal
    assert signed_in(cast.wile).post(f"{door}my-data/").url.startswith(f"{door}confirm-it-is-you/")
    client = sign_in(door, "wile@coyote.example")
    for _n in range(3):
        exported(cast, client)
    assert StoredFile.objects.filter(content_type="application/zip").count() == 1
    assert client.post(f"{door}my-data/").status_code == 429


def test_a_long_history_is_written_piece_by_piece(cast: Cast) -> None:
    client = sign_in(cast.acme.portal, "wile@coyote.example")
    client.post(f"{cast.acme.portal}my-data/")
    account = cast.wile.access.account
    Event.objects.bulk_create(
        Event(
            organization=cast.acme.organization,
            kind="paper.viewed",
            at=NOON,
            actor=account,
            actor_name="Wile",
            actor_role="customer",
            subject_kind="invoice",
            subject_id=n,
            subject_label="x" * 100,
            swept_at=NOON,
            data={"said": "y" * 900},
        )
        for n in range(20_000)
    )
    tracemalloc.start()
    write_export.func(DataExport.objects.get().pk)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    # The history alone is 23 MB of JSON.
    assert peak < 8 * 1024 * 1024


def close(cast: Cast, client: Client, door: str):
    return client.post(f"{door}close-account/", {"understood": "on"})


def test_a_closed_account_is_gone_and_what_was_done_stays(cast: Cast) -> None:
    door = cast.acme.portal
    account_id = cast.wile.access.account_id
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    client = sign_in(door, "wile@coyote.example")
    enrol(client, door)
    invoice.view(by=cast.wile, at=NOON)
    page = client.get(f"{door}close-account/").content.decode()
    assert "usually six to ten years" in page and "cannot be undone" in page
    assert client.post(f"{door}close-account/").status_code == 200

    assert close(cast, client, door).url == f"{door}sign-in/"

    account = Account.objects.get(pk=account_id)
    assert (account.is_active, account.email, account.name) == (
        False,
        f"closed-{account_id}@account.invalid",
        "Closed account",
    )
    assert account.second_factors() == set()
    assert not account.has_usable_password()
    assert not Session.objects.filter(account=account_id).exists()
    assert not PortalAccess.objects.live().filter(account=account_id).exists()
    assert client.get(door).status_code == 302
    assert sign_in(door, "wile@coyote.example").get(door).status_code == 302
    viewed = Event.about(invoice).filter(kind="paper.viewed").get()
    assert (viewed.actor_name, viewed.actor_id) == ("Wile Tanner", account_id)
    assert Event.objects.filter(kind="account.closed", actor_name="Wile Tanner").exists()
    assert ContactPerson.objects.get(pk=cast.wile.pk).email == "wile@coyote.example"
    assert mail.outbox[-1].to == ["wile@coyote.example"]
    assert [verdict for verdict in check_all(Look(at=NOON)) if verdict.broken] == []


def test_whoever_closed_their_account_can_be_invited_again(cast: Cast) -> None:
    close(cast, sign_in(cast.acme.portal, "wile@coyote.example"), cast.acme.portal)

    invitation = cast.wile.invite(by=cast.olivia, at=clock.now())
    access = invitation.accept_anew("a heap of anvils", at=clock.now())

    assert access.account.email == "wile@coyote.example"


def test_it_asks_who_it_is_first(cast: Cast, signed_in) -> None:
    answer = close(cast, signed_in(cast.wile), cast.acme.portal)

    assert answer.url.startswith(f"{cast.acme.portal}confirm-it-is-you/")
    assert cast.wile.access.account.is_active


def test_the_last_owner_cannot(cast: Cast) -> None:
    client = sign_in(cast.acme.office, "olivia@acme.example")

    answer = close(cast, client, cast.acme.office)

    assert answer.status_code == 409
    assert b"The last owner cannot leave" in answer.content
    assert Account.objects.get(email="olivia@acme.example").is_active
    assert not Event.objects.filter(kind="account.closed").exists()
    Member.objects.filter(pk=cast.ben.pk).update(role="owner")
    assert close(cast, client, cast.acme.office).status_code == 302
    assert not Member.of(Organization.objects.get(pk=cast.acme.organization.pk)).filter(
        pk=cast.olivia.pk
    )
    assert PASSWORD
