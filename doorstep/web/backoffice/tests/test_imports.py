"""Settings → Import."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from doorstep.activity.models import System
from doorstep.contacts.models import Contact
from doorstep.files.models import StoredFile
from doorstep.imports.models import ImportBatch
from doorstep.imports.running import run
from doorstep.imports.tests.samples import contact, table
from doorstep.organizations.models import Member
from tests.cast import NOON, Cast, an_account

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/office/acme/settings/imports/"


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/csv")


def post(client, *files: SimpleUploadedFile, mode: str = "all_or_nothing"):
    return client.post(PAGE, {"uploads": list(files), "mode": mode})


def worked_on() -> ImportBatch:
    """As the worker does it."""
    batch = ImportBatch.objects.select_related("organization").latest("pk")
    run(batch, at=NOON)
    return batch


def test_olivia_checks_first_and_imports_then(cast: Cast, signed_in):
    olivia = signed_in(cast.olivia)
    answer = post(olivia, upload("Contacts.csv", table([contact()])))
    page = answer.url
    assert "Look again" in olivia.get(page).content.decode()

    worked_on()
    assert "Everything can be imported" in olivia.get(page).content.decode()
    assert not Contact.objects.filter(foreign_id="C-1").exists()

    olivia.post(page)
    assert "Waiting for its turn" in olivia.get(page).content.decode()
    worked_on()
    assert "Imported." in olivia.get(page).content.decode()
    assert Contact.objects.filter(foreign_id="C-1").exists()


def test_progress_is_asked_for_and_then_the_whole_page(cast: Cast, signed_in):
    olivia = signed_in(cast.olivia)
    page = post(olivia, upload("Contacts.csv", table([contact()]))).url
    part = olivia.get(page, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<section class="card stack" id="progress"')

    worked_on()
    assert olivia.get(page, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_bad_rows_are_named_and_given_back_as_csv(cast: Cast, signed_in):
    olivia = signed_in(cast.olivia)
    rows = [contact(), contact(Contact_ID="C-2", EmailID="=cmd()")]
    page = post(olivia, upload("Contacts.csv", table(rows))).url
    batch = worked_on()

    shown = olivia.get(page).content.decode()
    assert "Import the good rows" in shown
    assert "“=cmd()” is not an e-mail address." in shown
    download = olivia.get(f"{page}bad-rows/{batch.files.get().pk}/")
    lines = b"".join(download.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "'=cmd()" in lines[1]

    olivia.post(page, {"take": "good"})
    worked_on()
    assert Contact.objects.filter(foreign_id="C-1").exists()
    assert "1 row has a problem, and left out." in olivia.get(page).content.decode()


def test_what_cannot_be_read_is_said_beside_the_field(cast: Cast, signed_in):
    answer = post(
        signed_in(cast.olivia),
        upload("staff.csv", b"Name,Salary\nA,1\n"),
        upload("Sales_Order.csv", b"SalesOrder Number,Item\nSO-1,A\n"),
    )

    shown = answer.content.decode()
    assert "staff.csv: This is none of the files that can be imported" in shown
    assert "Sales_Order.csv: Sales orders cannot be imported yet" in shown
    assert not ImportBatch.objects.exists()


def test_nothing_chosen_is_said_too(cast: Cast, signed_in):
    assert "This field is required" in post(signed_in(cast.olivia)).content.decode()


def test_what_was_checked_can_be_discarded(cast: Cast, signed_in):
    olivia = signed_in(cast.olivia)
    page = post(olivia, upload("Contacts.csv", table([contact()]))).url
    worked_on()

    olivia.post(f"{page}cancellation/")
    worked_on()

    assert "Cancelled. Nothing of it is here." in olivia.get(page).content.decode()


def test_a_member_without_the_right_may_not(cast: Cast, signed_in):
    sally = Member.add(
        cast.acme.organization, an_account("s@acme.example", "Sally"), "sales", by=System(), at=NOON
    )

    assert signed_in(sally).get(PAGE).status_code == 403


def test_greta_finds_no_import_of_acme(cast: Cast, signed_in):
    page = post(signed_in(cast.olivia), upload("Contacts.csv", table([contact()]))).url
    number = page.rstrip("/").rpartition("/")[2]
    greta = signed_in(cast.greta)

    assert greta.get(page).status_code == 404
    for rest in ("", "cancellation/", "bad-rows/1/"):
        address = f"/office/globex/settings/imports/{number}/{rest}"
        assert greta.post(address).status_code in (404, 405)
        assert greta.get(address).status_code in (404, 405)


def test_an_import_that_somebody_else_runs_is_waited_for(cast: Cast, signed_in):
    olivia = signed_in(cast.olivia)
    post(olivia, upload("Contacts.csv", table([contact()])))
    ImportBatch.objects.update(state="staging", step="read")

    answer = post(olivia, upload("Contacts.csv", table([contact(Phone="1")])))

    assert answer.status_code == 409
    assert "is still running" in answer.content.decode()
    assert StoredFile.objects.count() == 1


def test_the_report_groups_numbers_as_its_reader_does(cast: Cast):
    from django.utils.translation import override

    from doorstep.imports.wording import _sums
    from doorstep.lib.words import grouped

    with override("de"):
        assert grouped(1093156) == "1.093.156"
        assert _sums("Received", {"USD": 109315679})[0].value.startswith("1.093.156,79")
    assert grouped(1093156) == "1,093,156"
