"""*Colleagues*: a customer's own people invite, decide and remove; strangers do not exist."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from doorstep.activity.models import Event
from doorstep.contacts.models import ContactPerson, Invitation
from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from tests.cast import NOON, Cast, a_person

pytestmark = pytest.mark.django_db
type SignIn = Callable[[object], Client]
HERE = "/portal/acme/colleagues/"


@pytest.fixture
def wile(cast: Cast, signed_in: SignIn) -> Client:
    """The primary contact's browser."""
    return signed_in(cast.wile)


@pytest.fixture
def wanda(cast: Cast, signed_in: SignIn) -> Client:
    return signed_in(cast.wanda)


def known(cast: Cast, name: str = "Priya Raman") -> ContactPerson:
    return a_person(
        cast.coyote, name, f"{name.split(maxsplit=1)[0].lower()}@coyote.example", access=False
    )


def test_wile_sees_who_of_coyote_comes_in_and_their_state(cast: Cast, wile: Client) -> None:
    known(cast).invite(by=cast.olivia, at=NOON)
    known(cast, "Dana Ortiz")
    cast.wanda.revoke(by=cast.olivia, at=NOON)

    page = wile.get(HERE).content.decode()

    for seen in ("Priya Raman", "Invited", "Not invited", "Active", "Disabled", "Primary"):
        assert seen in page
    assert "Rita" not in page
    assert "Colleagues" in wile.get("/portal/acme/").content.decode()


def test_wile_invites_by_name_and_address_and_the_mail_names_him(cast: Cast, wile: Client) -> None:
    answer = wile.post(HERE, {"name": "Nora Newcomer", "email": "Nora@Coyote.example", "pay": "on"})

    assert answer.status_code == 302
    nora = ContactPerson.objects.get(email="nora@coyote.example")
    assert (nora.contact, nora.may("pay"), nora.may("manage_people")) == (cast.coyote, True, False)
    sweep(clock.now)
    mail = Message.objects.get(kind="invitation")
    assert mail.recipient == "nora@coyote.example"
    assert "Wile Tanner invites you to the portal of Acme Wholesale" in mail.subject
    assert "your colleague Wile Tanner" in mail.text
    kinds = list(
        Event.objects.filter(subject_id=nora.pk, subject_kind="person").values_list("kind")
    )
    assert ("person.invited",) in kinds


def test_the_invited_colleague_reads_who_it_was_and_comes_in(cast: Cast, wile: Client) -> None:
    wile.post(HERE, {"name": "Nora Newcomer", "email": "nora@coyote.example"})
    sealed = Invitation.objects.get().sealed_token
    nora = Client()

    page = nora.get(f"/portal/acme/invitation/{unseal(sealed)}/", follow=True)
    assert "Your colleague Wile Tanner invites you" in page.content.decode()
    nora.post("/portal/acme/invitation/", {"password": "a heap of anvils"})

    assert nora.get("/portal/acme/invoices/").status_code == 200


def test_wile_sets_what_wanda_may_do_and_both_sides_read_it(
    cast: Cast, wile: Client, signed_in: SignIn
) -> None:
    page = f"{HERE}{cast.wanda.pk}/"
    assert "May pay" in wile.get(page).content.decode()

    wile.post(page, {"manage_people": "on"})

    wanda = ContactPerson.objects.get(pk=cast.wanda.pk)
    assert (wanda.may("pay"), wanda.may("manage_people")) == (False, True)
    told = "Wile Tanner changed what Wanda Reyes may do"
    assert told in wile.get(HERE).content.decode()
    office = signed_in(cast.olivia).get(f"/office/acme/contacts/{cast.coyote.pk}/")
    assert told in office.content.decode()


def test_what_the_business_did_is_told_as_its_doing(cast: Cast, wile: Client) -> None:
    known(cast).invite(by=cast.olivia, at=NOON)
    assert "Acme Wholesale invited Priya Raman" in wile.get(HERE).content.decode()
    assert "Olivia" not in wile.get(HERE).content.decode()


def test_removing_ends_the_sessions_at_the_next_request(
    cast: Cast, wile: Client, wanda: Client
) -> None:
    assert wanda.get("/portal/acme/").status_code == 200

    wile.post(f"{HERE}{cast.wanda.pk}/removal/")

    assert wanda.get("/portal/acme/").status_code == 404
    assert "took access away from Wanda Reyes" in wile.get(HERE).content.decode()
    assert ContactPerson.objects.filter(pk=cast.wanda.pk).exists()


def test_the_last_who_manages_is_told_why_they_cannot_leave(cast: Cast, wile: Client) -> None:
    answer = wile.post(f"{HERE}{cast.wile.pk}/removal/")

    assert answer.status_code == 409
    assert "Nobody else manages your people" in answer.content.decode()
    assert wile.get(HERE).status_code == 200


def test_t25_wanda_sees_the_list_and_changes_nothing(cast: Cast, wanda: Client) -> None:
    priya = known(cast)
    page = wanda.get(HERE).content.decode()
    assert "Wile Tanner" in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]

    assert wanda.get(f"{HERE}{priya.pk}/").status_code == 403
    assert wanda.post(HERE, {"name": "N", "email": "n@coyote.example"}).status_code == 403
    assert wanda.post(f"{HERE}{priya.pk}/", {"pay": "on"}).status_code == 403
    assert wanda.post(f"{HERE}{priya.pk}/invitation/").status_code == 403
    assert wanda.post(f"{HERE}{priya.pk}/removal/").status_code == 403
    assert wanda.post(f"{HERE}{cast.wanda.pk}/", {"manage_people": "on"}).status_code == 403
    assert not ContactPerson.objects.get(pk=cast.wanda.pk).may("manage_people")
    assert not Invitation.objects.exists()


def test_a_right_that_wile_lacks_is_not_his_to_give(cast: Cast, wile: Client) -> None:
    cast.wile.set_rights(by=cast.olivia, at=NOON, pay=False)

    page = wile.get(HERE).content.decode()
    wile.post(HERE, {"name": "Nora", "email": "nora@coyote.example", "pay": "on"})

    assert "You do not have this right yourself." in page
    assert not ContactPerson.objects.get(email="nora@coyote.example").may("pay")


def test_t24_no_other_field_gets_in_with_the_rights(cast: Cast, wile: Client) -> None:
    sent = {"is_primary": "on", "contact": cast.globex_customer.pk, "may_comment": "", "see": ""}
    wile.post(f"{HERE}{cast.wanda.pk}/", {**sent, "pay": "on"})

    wanda = ContactPerson.objects.get(pk=cast.wanda.pk)
    assert (wanda.is_primary, wanda.contact, wanda.may_comment) == (False, cast.coyote, True)


@pytest.mark.parametrize("who", ["rita", "gus", "greta"])
def test_strangers_find_nobody_of_coyote(cast: Cast, signed_in: SignIn, who: str) -> None:
    gus = a_person(cast.globex_customer, "Gus", "gus@globex-customer.example")
    stranger = signed_in({"rita": cast.rita, "gus": gus, "greta": cast.greta}[who])

    for path in ("", "invitation/", "removal/"):
        address = f"{HERE}{cast.wanda.pk}/{path}"
        assert stranger.get(address).status_code in (404, 405)
        assert stranger.post(address, {"pay": "on"}).status_code == 404
    assert ContactPerson.objects.with_state().get(pk=cast.wanda.pk).state == "active"


def test_a_vendors_people_do_the_same_without_paying(cast: Cast, signed_in: SignIn) -> None:
    rita = signed_in(cast.rita)
    page = rita.get(HERE).content.decode()
    assert "May pay" not in page
    assert "May manage people" in page

    rita.post(HERE, {"name": "Rob Runner", "email": "rob@roadrunner.example"})

    rob = ContactPerson.objects.get(email="rob@roadrunner.example")
    assert (rob.contact, rob.may("manage_people")) == (cast.roadrunner, False)
    assert rita.get(f"{HERE}{cast.wile.pk}/").status_code == 404


def test_invitations_have_an_end(cast: Cast, wile: Client) -> None:
    priya = known(cast)
    again = f"{HERE}{priya.pk}/invitation/"
    answers = [wile.post(again).status_code for _n in range(4)]
    assert answers == [302, 302, 302, 429]

    many = [
        wile.post(HERE, {"name": f"N{n}", "email": f"n{n}@coyote.example"}).status_code
        for n in range(20)
    ]
    assert many.count(302) == 16
    assert many[-1] == 429


@pytest.mark.parametrize(
    "name", ["Pay here https://evil.example", "a\nb@c", "www.evil.example", ""]
)
def test_t41_a_name_is_a_name(wile: Client, name: str) -> None:
    answer = wile.post(HERE, {"name": name, "email": "x@coyote.example"})

    assert answer.status_code == 200
    assert not ContactPerson.objects.filter(email="x@coyote.example").exists()


def test_a_member_who_looks_through_wiles_eyes_changes_nothing(
    cast: Cast, signed_in: SignIn
) -> None:
    from doorstep.contacts.models import Viewing

    viewing = Viewing.start(cast.wile, by=cast.olivia, reason="why", at=clock.now())
    olivia = signed_in(cast.olivia)
    address = f"/portal/acme/viewing/{viewing.pk}/colleagues/"

    assert "Invite a colleague" not in olivia.get(address).content.decode()
    assert olivia.post(address, {"name": "N", "email": "n@coyote.example"}).status_code == 403


def test_the_list_asks_no_more_for_many_and_turns_its_pages(
    cast: Cast, wile: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    def cost() -> int:
        with django_assert_max_num_queries(8) as queries:
            assert wile.get(HERE).status_code == 200
        return len(queries)  # type: ignore[arg-type]

    for_two = cost()
    for n in range(40):
        known(cast, f"N{n:02d} Somebody").invite(by=cast.olivia, at=NOON)

    assert cost() == for_two
    first = wile.get(HERE)
    further = wile.get(f"{HERE}?{first.context['page'].older}").content.decode()
    assert "N30 Somebody" in further
    assert "N00 Somebody" not in further.split("What happened", maxsplit=1)[0]
