"""Contacts, their people, and who may come in."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from doorstep.activity.models import Event
from doorstep.contacts.models import Contact, ContactPerson, Invitation, PortalAccess, Viewing
from tests.cast import NOON, Cast, a_contact, a_person, an_invoice

pytestmark = pytest.mark.django_db

OFFICE = "/office/acme/"


def details(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Bigfoot Hiking",
        "currency": "usd",
        "payment_terms_days": "14",
        "role": "customer",
    } | changes


def state_of(person: ContactPerson) -> str:
    return ContactPerson.objects.with_state().get(pk=person.pk).state


def test_the_list_shows_what_each_owes_and_finds_by_a_persons_name(olivia: Client, cast: Cast):
    an_invoice(cast.coyote, "1204.50", by=cast.olivia)
    page = olivia.get(f"{OFFICE}contacts/").content.decode()
    assert "Coyote Ltd" in page
    assert "$1,204.50" in page
    assert "Globex Customer" not in page
    found = olivia.get(f"{OFFICE}contacts/?q=wanda").content.decode()
    assert "Coyote Ltd" in found
    assert "Roadrunner" not in found


def test_vendors_have_a_segment_of_their_own(olivia: Client):
    page = olivia.get(f"{OFFICE}contacts/?role=vendor").content.decode()
    assert "Roadrunner Supplies" in page
    assert "Coyote Ltd" not in page


def test_a_contact_is_added_with_the_first_person_invited_at_once(olivia: Client):
    answer = olivia.post(
        f"{OFFICE}contacts/new/",
        details(person_name="Betty", person_email="Betty@bigfoot.example", invite="on"),
    )
    made = Contact.objects.get(name="Bigfoot Hiking")
    assert answer.url == f"{OFFICE}contacts/{made.pk}/"
    assert (made.currency, made.payment_terms_days) == ("USD", 14)
    betty = made.people.get()
    assert (betty.email, betty.is_primary) == ("betty@bigfoot.example", True)
    assert state_of(betty) == "invited"


def test_a_mistake_stands_beside_its_field_and_nothing_typed_is_lost(olivia: Client):
    page = olivia.post(f"{OFFICE}contacts/new/", details(currency="dollars", phone="555 0101"))
    assert page.status_code == 200
    assert "555 0101" in page.content.decode()
    assert 'aria-invalid="true"' in page.content.decode()
    assert not Contact.objects.filter(name="Bigfoot Hiking").exists()


def test_an_edit_is_recorded_with_what_changed(olivia: Client, cast: Cast):
    olivia.post(
        f"{OFFICE}contacts/{cast.coyote.pk}/edit/", details(name="Coyote Inc", is_active="on")
    )
    event = Event.objects.get(kind="contact.changed")
    assert event.data["changes"]["name"] == ["Coyote Ltd", "Coyote Inc"]


def test_each_tab_of_a_contact_answers(olivia: Client, cast: Cast):
    an_invoice(cast.coyote, by=cast.olivia)
    for tab, words in (
        ("", "Open invoices"),
        ("papers/", "INV-000001"),
        ("people/", "Portal access"),
    ):
        page = olivia.get(f"{OFFICE}contacts/{cast.coyote.pk}/{tab}")
        assert page.status_code == 200
        assert words in page.content.decode()


def test_somebody_is_added_and_invited_by_the_short_form(olivia: Client, cast: Cast):
    olivia.post(
        f"{OFFICE}contacts/{cast.coyote.pk}/people/new/",
        {
            "new-name": "Priya",
            "new-email": "priya@coyote.example",
            "new-may_pay": "",
            "invite": "1",
        },
    )
    priya = ContactPerson.objects.get(name="Priya")
    assert state_of(priya) == "invited"
    assert priya.may_pay is False


def test_one_address_stands_once_at_a_contact(olivia: Client, cast: Cast):
    page = olivia.post(
        f"{OFFICE}contacts/{cast.coyote.pk}/people/new/",
        {"name": "Wile again", "email": "WILE@coyote.example"},
    )
    assert "already has this address" in page.content.decode()


def test_an_invitation_is_sent_again_and_the_first_one_dies(olivia: Client, cast: Cast):
    priya = a_person(cast.coyote, "Priya", "priya@coyote.example", access=False)
    for _twice in range(2):
        olivia.post(f"{OFFICE}people/{priya.pk}/invitation/")
    first, second = Invitation.objects.filter(contact_person=priya).order_by("pk")
    assert first.revoked_at is not None
    assert second.revoked_at is None


def test_taking_access_away_ends_the_session_at_the_next_request(
    olivia: Client, cast: Cast, signed_in: Any
):
    wile = signed_in(cast.wile)
    assert wile.get("/portal/acme/").status_code == 200
    olivia.post(f"{OFFICE}people/{cast.wile.pk}/revocation/")
    assert state_of(cast.wile) == "disabled"
    assert wile.get("/portal/acme/").status_code == 404


def test_a_new_address_is_invited_and_the_old_account_keeps_access_until_it_accepts(
    olivia: Client, cast: Cast
):
    olivia.post(
        f"{OFFICE}people/{cast.wanda.pk}/",
        {"name": "Wanda Reyes", "email": "wanda@new.example", "may_pay": "on"},
    )
    assert Invitation.objects.get(contact_person=cast.wanda).email == "wanda@new.example"
    assert (
        PortalAccess.objects.get(contact_person=cast.wanda).account.email == "wanda@coyote.example"
    )


def test_making_wanda_primary_takes_it_from_wile(olivia: Client, cast: Cast):
    olivia.post(
        f"{OFFICE}people/{cast.wanda.pk}/",
        {
            "name": "Wanda Reyes",
            "email": "wanda@coyote.example",
            "may_pay": "on",
            "is_primary": "on",
        },
    )
    assert cast.coyote.people.get(is_primary=True) == cast.wanda


def test_people_are_shown_by_state(olivia: Client, cast: Cast):
    a_person(cast.coyote, "Priya Raman", "priya@coyote.example", access=False)
    page = olivia.get(f"{OFFICE}access/?state=not_invited").content.decode()
    assert "Priya Raman" in page
    assert "Wile Tanner" not in page


def test_olivia_looks_through_wiles_eyes_with_a_reason_on_record(olivia: Client, cast: Cast):
    page = f"{OFFICE}contacts/{cast.coyote.pk}/view-as/"
    assert olivia.post(page, {"person": cast.wile.pk}).status_code == 200
    assert not Viewing.objects.exists()
    answer = olivia.post(page, {"person": cast.wile.pk, "reason": "He called"})
    assert answer.url == f"/portal/acme/viewing/{Viewing.objects.get().pk}/"
    assert olivia.get(answer.url).status_code == 200
    assert Event.objects.get(kind="viewing.started").data["reason"] == "He called"


def test_from_an_invoice_she_sees_that_invoice(olivia: Client, cast: Cast):
    made = an_invoice(cast.coyote, by=cast.olivia)
    page = f"{OFFICE}contacts/{cast.coyote.pk}/view-as/?invoice={made.number}"
    answer = olivia.post(page, {"person": cast.wile.pk, "reason": "He called"})
    assert answer.url.endswith(f"/invoices/{made.number}/")
    assert "Nothing can be changed here" in olivia.get(answer.url).content.decode()


def test_olivia_cannot_look_through_the_eyes_of_somebody_elses_customer(olivia: Client, cast: Cast):
    theirs = a_person(cast.globex_customer, "Theirs", "theirs@globex.example", access=False)
    page = f"{OFFICE}contacts/{cast.coyote.pk}/view-as/"
    olivia.post(page, {"person": theirs.pk, "reason": "Curious"})
    assert not Viewing.objects.exists()


def test_ten_contacts_cost_as_many_queries_as_one(olivia: Client, cast: Cast):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert olivia.get(OFFICE + page).status_code == 200
        return len(queries)

    pages = ["contacts/", "access/", "invoices/", f"contacts/{cast.coyote.pk}/people/", ""]
    pages += ["access/adoption/", "access/adoption/unopened/", "access/rounds/"]
    an_invoice(cast.coyote, by=cast.olivia)
    few = [count(page) for page in pages]
    for n in range(10):
        more = a_contact(cast.acme, f"Number {n}", at=NOON)
        a_person(more, f"Person {n}", f"n{n}@example.com", access=False)
        a_person(cast.coyote, f"Coyote {n}", f"c{n}@example.com", access=False)
        an_invoice(more, by=cast.olivia)
    assert [count(page) for page in pages] == few


def test_the_business_sets_what_anybody_may_do_and_the_history_has_it(
    olivia: Client, cast: Cast
) -> None:
    page = f"{cast.acme.office}people/{cast.wile.pk}/"
    shown = olivia.get(page).content.decode()
    assert "May pay" in shown
    assert "May manage people" in shown

    olivia.post(page, {"name": "Wile Tanner", "email": "wile@coyote.example"})

    wile = ContactPerson.objects.get(pk=cast.wile.pk)
    assert (wile.may("pay"), wile.may("manage_people")) == (False, False)
    told = olivia.get(f"{cast.acme.office}contacts/{cast.coyote.pk}/people/").content.decode()
    assert "Olivia Ortiz changed what Wile Tanner may do" in told


def test_a_vendors_people_have_nothing_to_pay(olivia: Client, cast: Cast) -> None:
    page = f"{cast.acme.office}people/{cast.rita.pk}/"
    assert "May pay" not in olivia.get(page).content.decode()

    olivia.post(
        page, {"name": "Rita R.", "email": "rita@roadrunner.example", "may_manage_people": "on"}
    )

    rita = ContactPerson.objects.get(pk=cast.rita.pk)
    assert (rita.name, rita.may("manage_people"), rita.may_pay) == ("Rita R.", True, True)


def test_the_first_person_manages_the_others_unless_said_otherwise(
    olivia: Client, cast: Cast
) -> None:
    nobody_yet = a_contact(cast.acme, "Mesa Freight")
    new = f"{cast.acme.office}contacts/{nobody_yet.pk}/people/new/"
    olivia.post(new, {"new-name": "Nora", "new-email": "nora@mesa.example", "new-may_pay": "yes"})

    nora = ContactPerson.objects.get(email="nora@mesa.example")
    assert (nora.may("pay"), nora.may("manage_people")) == (True, True)
