"""Members, profile, numbering, payments, the checklist and the search field."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from doorstep.lib import clock
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from doorstep.organizations.models import Member, Organization
from tests.cast import NOON, Cast, an_account, an_invoice
from tests.factors import proven

pytestmark = pytest.mark.django_db

OFFICE = "/office/acme/"


def picture(side: int = 900) -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (side, side // 2), "#0f5c43").save(drawn, "JPEG", exif=b"Exif\0\0secret place")
    return SimpleUploadedFile("logo.jpg", drawn.getvalue(), "image/jpeg")


def profile(**changes: object) -> dict[str, object]:
    return {
        "name": "Acme Wholesale",
        "brand_color": "#123456",
        "currency": "USD",
        "language": "en",
        "time_zone": "America/Denver",
    } | changes


def test_the_profile_is_saved_and_the_logo_drawn_anew(olivia: Client, client: Client, cast: Cast):
    olivia.post(f"{OFFICE}settings/profile/", profile(new_logo=picture()))
    saved = Organization.objects.get(pk=cast.acme.organization.pk)
    assert (saved.brand_color, saved.time_zone) == ("#123456", "America/Denver")
    answer = client.get(f"/portal/acme/logo/{saved.logo_id}.png")
    assert answer.headers["Content-Type"] == "image/png"
    shown = Image.open(BytesIO(answer.content))
    assert shown.size == (512, 256)
    assert b"secret place" not in answer.content
    assert client.get(f"/portal/globex/logo/{saved.logo_id}.png").status_code == 404


def test_what_is_no_picture_is_refused(olivia: Client, cast: Cast):
    upload = SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>", "image/png")
    page = olivia.post(f"{OFFICE}settings/profile/", profile(new_logo=upload))
    assert "This is no PNG, JPEG, WebP or GIF picture." in page.content.decode()
    assert Organization.objects.get(pk=cast.acme.organization.pk).logo_id is None


def test_a_member_is_added_and_mailed_a_way_to_a_password(olivia: Client, cast: Cast):
    olivia.post(
        f"{OFFICE}settings/members/", {"name": "Sam", "email": "Sam@acme.example", "role": "sales"}
    )
    sam = Member.objects.get(account__email="sam@acme.example")
    assert sam.role == "sales"
    sweep(clock.now)
    assert Message.objects.get(kind="team_invitation").recipient == "sam@acme.example"


def test_roles_change_and_members_leave(olivia: Client, cast: Cast, signed_in):
    ben = signed_in(cast.ben)
    olivia.post(f"{OFFICE}settings/members/{cast.ben.pk}/role/", {"role": "readonly"})
    assert ben.get(f"{OFFICE}invoices/new/").status_code == 403
    olivia.post(f"{OFFICE}settings/members/{cast.ben.pk}/removal/")
    assert ben.get(OFFICE).status_code == 404


def test_the_last_owner_cannot_leave(olivia: Client, cast: Cast):
    answer = olivia.post(f"{OFFICE}settings/members/{cast.olivia.pk}/removal/")
    assert answer.status_code == 409
    assert "The last owner cannot leave." in answer.content.decode()


def test_an_admin_does_not_make_owners(cast: Cast, signed_in):
    account = an_account("ada@acme.example", "Ada Admin")
    ada = Member.add(cast.acme.organization, account, "admin", by=cast.olivia, at=NOON)
    browser = proven(signed_in(ada))
    for member in (ada, cast.ben):
        page = f"{OFFICE}settings/members/{member.pk}/role/"
        assert browser.post(page, {"role": "owner"}).status_code == 403
    assert browser.post(f"{OFFICE}settings/members/{cast.olivia.pk}/removal/").status_code == 403


def test_greta_is_nobody_that_olivia_could_remove(olivia: Client, cast: Cast):
    assert olivia.post(f"{OFFICE}settings/members/{cast.greta.pk}/removal/").status_code == 404


def test_numbers_go_on_as_they_were_set(olivia: Client, cast: Cast):
    an_invoice(cast.coyote, by=cast.olivia)
    series = {"invoice-prefix": "R-", "invoice-next_value": "7", "invoice-digits": "4"}
    series |= {"payment-prefix": "PAY-", "payment-next_value": "1", "payment-digits": "6"}
    olivia.post(f"{OFFICE}settings/numbering/", series)
    assert an_invoice(cast.coyote, by=cast.olivia).number == "R-0007"
    taken = series | {"invoice-next_value": "7"}
    assert (
        "R-0007 is taken already."
        in olivia.post(f"{OFFICE}settings/numbering/", taken).content.decode()
    )


def test_test_mode_ends_and_does_not_begin_again_after_a_real_invoice(olivia: Client, cast: Cast):
    page = f"{OFFICE}settings/payments/test-mode/"
    olivia.post(page, {"to": "off"})
    made = an_invoice(cast.coyote, by=cast.olivia)
    olivia.post(f"{OFFICE}invoices/{made.pk}/sent/")
    assert olivia.post(page, {"to": "on"}).status_code == 409
    assert Organization.objects.get(pk=cast.acme.organization.pk).gateway == ""


def test_the_checklist_follows_from_the_facts(olivia: Client, cast: Cast):
    done = olivia.get(f"{OFFICE}checklist/").context["done"]
    olivia.post(f"{OFFICE}settings/profile/", profile(new_logo=picture()))
    assert olivia.get(f"{OFFICE}checklist/").context["done"] == done + 1


def test_the_search_field_finds_contacts_papers_and_settings(olivia: Client, cast: Cast):
    an_invoice(cast.coyote, by=cast.olivia)

    def found(words: str) -> str:
        return olivia.get(f"{OFFICE}search/", {"q": words}).content.decode()

    assert "Coyote Ltd" in found("coyote")
    assert "Wanda Reyes" in found("wanda")
    assert "INV-000001" in found("inv-0000")
    assert "#allow_bulk_payment" in found("bulk")
    assert "Nothing found" in found("globex customer")


def test_home_says_what_is_owed_and_what_is_late(olivia: Client, cast: Cast):
    an_invoice(cast.coyote, "864.00", by=cast.olivia, due=NOON.date().replace(day=6))
    page = olivia.get(OFFICE).content.decode()
    assert "$864.00" in page
    assert "Most overdue" in page
