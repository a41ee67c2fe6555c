"""Who looks after whom: chosen one by one or many at once, and shown to those who are looked after."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from doorstep.activity.models import Event
from doorstep.contacts.models import Contact
from doorstep.contacts.models.contact import NotHere
from tests.cast import NOON, Cast, a_contact, an_invoice

pytestmark = pytest.mark.django_db

OFFICE = "/office/acme/"


def looked_after_by(member: object) -> set[str]:
    return set(Contact.objects.filter(account_manager=member).values_list("name", flat=True))


def test_many_are_handed_to_ben_at_once(olivia: Client, cast: Cast) -> None:
    chosen = {"contact": [cast.coyote.pk, cast.roadrunner.pk], "manager": cast.ben.pk}
    page = olivia.post(f"{OFFICE}contacts/account-manager/", chosen, follow=True)

    assert "2 contacts are looked after by Ben Baker now." in page.content.decode()
    assert looked_after_by(cast.ben) == {"Coyote Ltd", "Roadrunner Supplies"}
    assert Event.objects.filter(kind="contact.changed").count() == 2
    olivia.post(f"{OFFICE}contacts/account-manager/", chosen)
    assert Event.objects.filter(kind="contact.changed").count() == 2


def test_nobody_may_be_chosen_too(olivia: Client, cast: Cast) -> None:
    cast.coyote.change(by=cast.olivia, at=NOON, account_manager=cast.ben)
    olivia.post(f"{OFFICE}contacts/account-manager/", {"contact": [cast.coyote.pk], "manager": ""})
    assert looked_after_by(cast.ben) == set()


def test_neither_a_stranger_nor_a_strangers_contact_can_be_chosen(
    olivia: Client, cast: Cast
) -> None:
    theirs = {"contact": [cast.globex_customer.pk], "manager": cast.ben.pk}
    olivia.post(f"{OFFICE}contacts/account-manager/", theirs)
    greta = {"contact": [cast.coyote.pk], "manager": cast.greta.pk}
    assert olivia.post(f"{OFFICE}contacts/account-manager/", greta).status_code == 404

    assert looked_after_by(cast.ben) == looked_after_by(cast.greta) == set()
    with pytest.raises(NotHere):
        Contact.objects.all().hand_to(cast.greta, by=cast.olivia, at=NOON)


def test_mine_are_the_contacts_and_invoices_that_i_look_after(ben: Client, cast: Cast) -> None:
    other = a_contact(cast.acme, "Bigfoot", at=NOON)
    cast.coyote.change(by=cast.olivia, at=NOON, account_manager=cast.ben)
    for contact in (other, cast.coyote):
        an_invoice(contact, by=cast.olivia)

    for page in ("contacts/", "invoices/"):
        everybodys = ben.get(OFFICE + page).content.decode()
        mine = ben.get(f"{OFFICE}{page}?mine=1").content.decode()
        assert "Bigfoot" in everybodys
        assert "Coyote Ltd" in mine
        assert "Bigfoot" not in mine


def test_who_only_reads_chooses_nobody(rory: Client, cast: Cast) -> None:
    assert "Set manager" not in rory.get(f"{OFFICE}contacts/").content.decode()
    sent = {"contact": [cast.coyote.pk], "manager": cast.ben.pk}
    assert rory.post(f"{OFFICE}contacts/account-manager/", sent).status_code == 403


def test_the_customer_reads_whom_to_talk_to(
    olivia: Client, cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    olivia.post(f"{OFFICE}settings/members/{cast.ben.pk}/phone/", {"phone": "+1 505 555 0188"})
    cast.coyote.change(by=cast.olivia, at=NOON, account_manager=cast.ben)
    wile = signed_in(cast.wile)
    for page in ("", "details/"):
        shown = wile.get(f"/portal/acme/{page}").content.decode()
        assert "Ben Baker" in shown
        assert "ben@acme.example" in shown
        assert "+1 505 555 0188" in shown

    cast.ben.remove(by=cast.olivia, at=NOON)
    assert "Ben Baker" not in wile.get("/portal/acme/").content.decode()


def test_everybody_writes_their_own_phone_and_only_managers_anothers(
    ben: Client, cast: Cast
) -> None:
    assert (
        ben.post(f"{OFFICE}settings/members/{cast.ben.pk}/phone/", {"phone": "1"}).status_code
        == 302
    )
    other = f"{OFFICE}settings/members/{cast.olivia.pk}/phone/"
    assert ben.post(other, {"phone": "666"}).status_code == 403
    cast.olivia.refresh_from_db()
    assert cast.olivia.phone == ""
