"""Row 8: *Allow customers to upload documents and edit their information*, on and off on every face."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from doorstep.contacts.models.details import edit_details
from doorstep.documents.models import Attachment, FileRequest
from doorstep.notifications.models import Message, Notice
from doorstep.notifications.sweep import sweep
from doorstep.organizations.models import PortalPreferences
from doorstep.organizations.preferences import EditsOff, UploadsOff
from tests.cast import NOON, Cast, an_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
FILE = b"Hello\n"


def switch_off(cast: Cast) -> None:
    stored = PortalPreferences.objects.get(organization=cast.acme.organization)
    stored.change(by=cast.olivia, at=NOON, allow_uploads_and_edits=False)
    cast.wile.organization.preferences = stored
    cast.coyote.organization.preferences = stored


def a_file(name: str = "list.txt", content: bytes = FILE) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def details(**changed: str) -> dict[str, str]:
    return {
        "own_name": "Wile Tanner",
        "own_phone": "",
        "own_language": "",
        "name": "Coyote Ltd",
    } | changed


def test_on_a_customer_and_a_vendor_upload(cast: Cast, signed_in: Any) -> None:
    for person, contact in ((cast.wile, cast.coyote), (cast.rita, cast.roadrunner)):
        client = signed_in(person)
        assert "Send a file" in client.get("/portal/acme/documents/").content.decode()
        answer = client.post(
            "/portal/acme/documents/", {"sent": [a_file("a.txt"), a_file("b.txt")]}
        )
        assert answer.status_code == 302
        assert Attachment.of(contact).count() == 2


def test_on_what_was_sent_can_be_had_by_both_sides_as_a_download(
    cast: Cast, signed_in: Any
) -> None:
    signed_in(cast.wile).post("/portal/acme/documents/", {"sent": [a_file("März.txt")]})
    sent = Attachment.objects.get()
    for person, address in (
        (cast.wanda, f"/portal/acme/documents/{sent.pk}/"),
        (cast.olivia, f"/office/acme/documents/{sent.pk}/file/"),
    ):
        answer = signed_in(person).get(address)
        assert b"".join(answer) == FILE
        assert answer["Content-Disposition"].startswith("attachment; ")
        assert "filename*=UTF-8''M%C3%A4rz.txt" in answer["Content-Disposition"]
        assert answer["Content-Security-Policy"].startswith("sandbox;")
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_on_a_file_may_be_about_an_invoice(cast: Cast, signed_in: Any) -> None:
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    client = signed_in(cast.wile)
    client.post(f"/portal/acme/documents/?invoice={invoice.number}", {"sent": [a_file()]})
    assert Attachment.objects.get().document_id == invoice.pk
    assert client.get("/portal/acme/documents/?invoice=INV-999999").status_code == 404


def test_on_what_is_not_taken_is_said_beside_the_field(cast: Cast, signed_in: Any) -> None:
    page = a_file("page.html", b"<html>")
    answer = signed_in(cast.wile).post("/portal/acme/documents/", {"sent": [page]})
    assert answer.status_code == 200 and "page.html" in answer.content.decode()
    assert not Attachment.objects.exists()
    answer = signed_in(cast.wile).post("/portal/acme/documents/", {})
    assert "Choose a file first" in answer.content.decode()


def test_on_what_was_asked_for_is_delivered_and_everybody_told(cast: Cast, signed_in: Any) -> None:
    olivia, wile = signed_in(cast.olivia), signed_in(cast.wile)
    olivia.post(
        f"/office/acme/contacts/{cast.coyote.pk}/documents/asked/",
        {"ask-title": "Tax certificate", "ask-due_on": "2026-11-27", "ask-note": "The new one"},
    )
    asked = FileRequest.objects.get()
    sweep(lambda: NOON)
    mail = Message.objects.filter(kind="contact_news")
    assert {one.recipient for one in mail} == {"wile@coyote.example", "wanda@coyote.example"}
    assert "Tax certificate" in mail[0].subject and "The new one" in mail[0].text
    page = wile.get("/portal/acme/documents/").content.decode()
    assert "Tax certificate" in page and "needed by" in page
    wile.post(f"/portal/acme/documents/asked/{asked.pk}/", {"sent": [a_file()]})
    sweep(lambda: NOON)
    assert (
        Message.objects.filter(kind="member_activity", recipient="olivia@acme.example").count() == 1
    )
    assert Notice.objects.filter(member=cast.olivia).count() == 1
    olivia.post(f"/office/acme/file-requests/{asked.pk}/return/", {"reason": "Last year's."})
    assert "Last year&#x27;s." in wile.get("/portal/acme/documents/").content.decode()
    wile.post(f"/portal/acme/documents/asked/{asked.pk}/", {"sent": [a_file()]})
    olivia.post(f"/office/acme/file-requests/{asked.pk}/acceptance/")
    asked.refresh_from_db()
    assert asked.state == "accepted"


def test_what_the_business_keeps_to_itself_no_customer_sees(cast: Cast, signed_in: Any) -> None:
    olivia, wile = signed_in(cast.olivia), signed_in(cast.wile)
    address = f"/office/acme/contacts/{cast.coyote.pk}/documents/"
    olivia.post(address, {"sent": [a_file("internal.txt")]})
    added = Attachment.objects.get()
    sweep(lambda: NOON)
    assert not Message.objects.exists()
    assert "internal" not in wile.get("/portal/acme/documents/").content.decode()
    assert wile.get(f"/portal/acme/documents/{added.pk}/").status_code == 404
    olivia.post(f"/office/acme/documents/{added.pk}/visibility/", {"visible": "1"})
    assert wile.get(f"/portal/acme/documents/{added.pk}/").status_code == 200
    sweep(lambda: NOON)
    assert Message.objects.filter(kind="contact_news").count() == 2
    assert signed_in(cast.rita).get(f"/portal/acme/documents/{added.pk}/").status_code == 404
    assert (
        signed_in(cast.greta).get(f"/office/globex/documents/{added.pk}/file/").status_code == 404
    )


def test_on_details_are_changed_seen_and_undone(cast: Cast, signed_in: Any) -> None:
    wile, olivia = signed_in(cast.wile), signed_in(cast.olivia)
    answer = wile.post("/portal/acme/details/edit/", details(phone="505", billing_city="Santa Fe"))
    assert answer.status_code == 302
    page = olivia.get(f"/office/acme/contacts/{cast.coyote.pk}/changes/").content.decode()
    assert "Santa Fe" in page and "Wile Tanner" in page
    from doorstep.activity.models import Event

    event = Event.objects.get(kind="contact.details_edited")
    olivia.post(f"/office/acme/contacts/{cast.coyote.pk}/changes/{event.pk}/undo/")
    cast.coyote.refresh_from_db()
    assert (cast.coyote.phone, cast.coyote.billing_city) == ("", "")


def test_on_a_tax_number_on_papers_waits_and_both_sides_are_told(
    cast: Cast, signed_in: Any
) -> None:
    an_invoice(cast.coyote, by=cast.olivia)
    wile, olivia = signed_in(cast.wile), signed_in(cast.olivia)
    wile.post("/portal/acme/details/edit/", details(tax_number="DE 812"))
    assert "DE 812" in wile.get("/portal/acme/details/").content.decode()
    cast.coyote.refresh_from_db()
    assert cast.coyote.tax_number == ""
    wish = cast.coyote.detail_wishes.get()
    olivia.post(f"/office/acme/details/{wish.pk}/approval/")
    cast.coyote.refresh_from_db()
    assert cast.coyote.tax_number == "DE 812"
    sweep(lambda: NOON)
    assert Message.objects.filter(kind="contact_news", subject__contains="Tax number").exists()


def test_off_the_pages_are_gone_and_the_rules_refuse(cast: Cast, signed_in: Any) -> None:
    [shared] = Attachment.share(
        cast.coyote, [ContentFile(FILE, name="a.txt")], by=cast.olivia, at=NOON, visible=True
    )
    asked = FileRequest.ask(cast.coyote, title="Certificate", by=cast.olivia, at=NOON)
    switch_off(cast)
    client = signed_in(cast.wile)
    page = client.get("/portal/acme/documents/").content.decode()
    assert "Send a file" not in page and "a.txt" in page
    assert client.get(f"/portal/acme/documents/{shared.pk}/").status_code == 200
    assert client.get("/portal/acme/details/edit/").status_code == 404
    for address in (
        "documents/",
        f"documents/asked/{asked.pk}/",
        f"documents/{shared.pk}/version/",
    ):
        answer = client.post(f"/portal/acme/{address}", {"sent": [a_file()]})
        assert answer.status_code == 404, address
    assert client.post("/portal/acme/details/edit/", details(phone="1")).status_code == 404
    assert Attachment.of(cast.coyote).count() == 1
    with pytest.raises(UploadsOff):
        Attachment.upload([ContentFile(FILE, name="a.txt")], by=cast.wile, at=NOON)
    with pytest.raises(EditsOff):
        edit_details(cast.wile, at=NOON, guarded=False, own={}, phone="1")


def test_off_asking_for_a_document_is_shut_with_its_reason(cast: Cast, signed_in: Any) -> None:
    switch_off(cast)
    olivia = signed_in(cast.olivia)
    address = f"/office/acme/contacts/{cast.coyote.pk}/documents/"
    assert "uploads are off" in olivia.get(address).content.decode()
    assert olivia.post(f"{address}asked/", {"ask-title": "Certificate"}).status_code == 409
    assert not FileRequest.objects.exists()


def test_somebody_without_the_right_reads_and_sends_nothing(cast: Cast, signed_in: Any) -> None:
    """T25: the table of rights decides, not the page."""
    cast.wanda.set_rights(by=cast.olivia, at=NOON, edit_details=False)
    client = signed_in(cast.wanda)
    assert "Send a file" not in client.get("/portal/acme/documents/").content.decode()
    assert client.post("/portal/acme/documents/", {"sent": [a_file()]}).status_code == 403
    assert client.get("/portal/acme/details/edit/").status_code == 403


def test_the_page_of_preferences_has_the_switch(cast: Cast, signed_in: Any) -> None:
    page = signed_in(cast.olivia).get("/office/acme/settings/customer-portal/").content.decode()
    assert "Allow customers to upload documents and edit their information" in page
