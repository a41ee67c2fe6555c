"""Portal access: how far people come, who is stuck where, and many invitations at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doorstep.contacts.models import (
    ContactPerson,
    Invitation,
    InvitationRound,
    Outcome,
    PortalAccess,
)
from doorstep.contacts.tasks import invite, invite_is_needed
from doorstep.lib import clock
from doorstep.lib.clock import shifted_to
from doorstep.notifications.models import Message, MessageState
from doorstep.notifications.sweep import sweep
from doorstep.payments.facts import PaymentFact
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.web.backoffice import stuck
from doorstep.web.backoffice.adoption import funnel
from tests.cast import NOON, TODAY, Cast, a_contact, a_person, an_account, an_invoice

pytestmark = pytest.mark.django_db

ACCESS = "/office/acme/access/"


@pytest.fixture(autouse=True)
def noon() -> Any:
    with shifted_to(NOON):
        yield


def newcomer(cast: Cast, name: str, *, contact: Any = None) -> ContactPerson:
    email = f"{name.lower()}@coyote.example"
    return a_person(contact or cast.coyote, name, email, access=False)


def invited(cast: Cast, name: str, *, days: int, opened: bool = False) -> ContactPerson:
    person = newcomer(cast, name)
    invitation = person.invite(by=cast.olivia, at=NOON - timedelta(days=days))
    if opened:
        invitation.note_opened(at=NOON - timedelta(days=days - 1))
    return person


def refused(cast: Cast, name: str) -> ContactPerson:
    person = invited(cast, name, days=1)
    sweep(clock.now)
    mail = Message.objects.get(person=person)
    mail.state, mail.error = MessageState.FAILED, "550 No such user"
    mail.save()
    return person


def late_and_in(cast: Cast) -> None:
    an_invoice(cast.coyote, by=cast.olivia, day=TODAY - timedelta(40), due=TODAY - timedelta(10))


def pays(person: ContactPerson, cast: Cast) -> None:
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    payment = Payment.start([invoice], by=person, method="card", seen_total=10_000, at=NOON)
    Payment.record(
        PaymentFact(
            gateway=payment.gateway,
            attempt=payment.attempt,
            reference="r",
            state=PaymentState.SUCCEEDED,
            money=payment.money,
            at=NOON,
        )
    )


def names(client: Client, kind: str) -> set[str]:
    page = client.get(f"{ACCESS}adoption/{kind}/").content.decode()
    return set(re.findall(r'class="ink strong" href="[^"]*">([^<]+)<', page))


def press(client: Client, path: str, **sent: Any) -> Any:
    """Take the key from the page and press its button."""
    page = client.get(path).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key, page
    return client.post(path, {"key": key[1], **sent})


def test_the_funnel_narrows_from_invited_to_paid(olivia: Client, cast: Cast) -> None:
    newcomer(cast, "Nobody")
    invited(cast, "Una", days=1)
    invited(cast, "Opa", days=3, opened=True)
    a_person(cast.globex_customer, "Gus", "gus@globex.example")
    pays(cast.wanda, cast)

    stages = funnel(cast.acme.organization)

    assert [(stage.count, stage.of_all) for stage in stages] == [
        (4, 100),
        (3, 75),
        (2, 50),
        (1, 25),
    ]
    page = olivia.get(f"{ACCESS}adoption/").content.decode()
    assert "From the invitation to the first payment" in page
    assert page.count("<rect") >= 4


def test_who_lost_access_is_not_counted(cast: Cast) -> None:
    cast.wanda.revoke(by=cast.olivia, at=NOON)

    assert [stage.count for stage in funnel(cast.acme.organization)] == [1, 1, 1, 0]


def test_each_is_stuck_in_one_place_and_only_there(olivia: Client, cast: Cast) -> None:
    invited(cast, "Una", days=8)
    invited(cast, "Fresh", days=2)
    invited(cast, "Opa", days=9, opened=True)
    refused(cast, "Rex")
    late_and_in(cast)
    pays(cast.wanda, cast)

    assert names(olivia, "unopened") == {"Una"}
    assert names(olivia, "opened") == {"Opa"}
    assert names(olivia, "refused") == {"Rex"}
    assert names(olivia, "unpaid") == {"Wile Tanner"}
    counted = stuck.counts(cast.acme.organization, at=NOON)
    assert counted == {"unopened": 1, "opened": 1, "refused": 1, "unpaid": 1}
    assert olivia.get(f"{ACCESS}adoption/nonsense/").status_code == 404


def test_a_refused_address_is_right_again_once_a_mail_arrives(olivia: Client, cast: Cast) -> None:
    rex = refused(cast, "Rex")
    people = f"/office/acme/contacts/{cast.coyote.pk}/people/"
    assert "Mail refused" in olivia.get(people).content.decode()

    rex.invite(by=cast.olivia, at=NOON)
    sweep(clock.now)
    Message.objects.filter(state=MessageState.KEPT).update(state=MessageState.SENT)

    assert "Mail refused" not in olivia.get(people).content.decode()
    assert names(olivia, "refused") == set()


def test_only_who_may_pay_what_is_overdue_is_asked_why_not(olivia: Client, cast: Cast) -> None:
    assert names(olivia, "unpaid") == set()
    late_and_in(cast)
    ContactPerson.objects.filter(pk=cast.wile.pk).update(may_pay=False)

    assert names(olivia, "unpaid") == {"Wanda Reyes"}


def test_one_press_sends_again_and_stays_on_the_list(olivia: Client, cast: Cast) -> None:
    una, _ida = invited(cast, "Una", days=8), invited(cast, "Ida", days=9)
    answer = olivia.post(f"/office/acme/people/{una.pk}/invitation/", {"stuck": "unopened"})

    assert answer.headers["Location"] == f"{ACCESS}adoption/unopened/"
    assert names(olivia, "unopened") == {"Ida"}


def test_a_link_to_copy_is_shown_once_and_mailed_to_nobody(olivia: Client, cast: Cast) -> None:
    una = invited(cast, "Una", days=8)
    sweep(clock.now)
    mails = Message.objects.count()
    page = olivia.post(f"/office/acme/people/{una.pk}/link/").content.decode()
    sweep(clock.now)

    assert re.search(r"/portal/acme/invitation/[\w-]{20,}/", page)
    assert Message.objects.count() == mails
    assert Invitation.objects.open().get().by_hand
    assert names(olivia, "unopened") == set()


def test_all_of_a_list_are_sent_again_with_progress_and_a_report(
    olivia: Client, cast: Cast
) -> None:
    for n in range(30):
        invited(cast, f"Una{n}", days=8)
    answer = press(olivia, f"{ACCESS}rounds/new/?stuck=unopened")
    progress = answer.headers["Location"]
    assert "0 of 30 done" in olivia.get(progress).content.decode()

    assert invite_is_needed()
    invite.func()
    assert not invite_is_needed()
    part = olivia.get(progress, headers={"HX-Request": "true"}).content.decode()
    assert "30 mails are leaving" in part
    assert "<html" not in part
    sweep(clock.now)
    Message.objects.update(state=MessageState.SENT)
    Message.objects.filter(recipient="una7@coyote.example").update(
        state=MessageState.FAILED, error="550 No such user"
    )

    assert "HX-Refresh" in olivia.get(progress, headers={"HX-Request": "true"}).headers
    page = olivia.get(progress).content.decode()
    assert "550 No such user" in page
    assert "una7@coyote.example" in page
    assert "una8@coyote.example" not in page
    assert "Not everybody was reached" in page
    assert "30 people" in olivia.get(f"{ACCESS}rounds/").content.decode()


def test_pressed_twice_sends_once(olivia: Client, cast: Cast) -> None:
    una = invited(cast, "Una", days=8)
    page = olivia.get(f"{ACCESS}rounds/new/?stuck=unopened").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]  # type: ignore[index]
    for _twice in range(2):
        olivia.post(f"{ACCESS}rounds/new/?stuck=unopened", {"key": key})
        invite.func()

    assert InvitationRound.objects.count() == 1
    assert una.invitations.count() == 2  # the first one, eight days ago, and this one


def test_those_who_are_ticked_are_invited_and_nobody_of_another_business(
    olivia: Client, cast: Cast
) -> None:
    priya = newcomer(cast, "Priya")
    nobody = a_person(cast.coyote, "No Address", "", access=False)
    theirs = a_person(cast.globex_customer, "Theirs", "theirs@globex.example", access=False)
    ticked = [priya.pk, nobody.pk, cast.wile.pk, theirs.pk, "x"]
    answer = press(olivia, f"{ACCESS}?state=not_invited", person=ticked)
    invite.func()
    page = olivia.get(answer.headers["Location"]).content.decode()

    assert InvitationRound.objects.get().tally() == {
        Outcome.INVITED: 1,
        Outcome.NO_ADDRESS: 1,
        Outcome.IN_ALREADY: 1,
    }
    assert "No e-mail address is known" in page
    assert "Is in the portal already" in page
    assert Invitation.objects.count() == 1


def test_everybody_whom_the_filter_shows_is_invited(olivia: Client, cast: Cast) -> None:
    other = a_contact(cast.acme, "Bigfoot", at=NOON)
    for n in range(3):
        newcomer(cast, f"New{n}")
        newcomer(cast, f"Big{n}", contact=other)
    page = olivia.get(f"{ACCESS}rounds/new/?state=not_invited&q=bigfoot").content.decode()
    assert "Send 3 invitations" in page

    press(olivia, f"{ACCESS}rounds/new/?state=not_invited&q=bigfoot")
    invite.func()

    assert set(Invitation.objects.values_list("contact_person__contact__name", flat=True)) == {
        "Bigfoot"
    }


def test_nobody_ticked_is_said(olivia: Client, cast: Cast) -> None:
    assert olivia.post(ACCESS, {"key": "k"}).status_code == 409


def test_rory_sees_all_of_it_and_sends_nothing(rory: Client, olivia: Client, cast: Cast) -> None:
    una = invited(cast, "Una", days=8)
    begun = press(olivia, f"{ACCESS}rounds/new/?stuck=unopened").headers["Location"]
    for page in ("adoption/", "adoption/unopened/", "rounds/"):
        shown = rory.get(ACCESS + page)
        assert shown.status_code == 200
        assert "Send again" not in shown.content.decode()
    assert rory.get(begun).status_code == 200
    assert rory.post(f"{ACCESS}rounds/new/?stuck=unopened", {"key": "k"}).status_code == 403
    assert rory.post(ACCESS, {"person": una.pk}).status_code == 403
    assert rory.post(f"/office/acme/people/{una.pk}/link/").status_code == 403


def test_greta_sees_no_round_of_acme(olivia: Client, greta: Client, cast: Cast) -> None:
    invited(cast, "Una", days=8)
    begun = press(olivia, f"{ACCESS}rounds/new/?stuck=unopened").headers["Location"]
    number = begun.rstrip("/").rpartition("/")[2]
    assert greta.get(f"/office/globex/access/rounds/{number}/").status_code == 404


def test_these_pages_ask_as_often_for_thirty_as_for_one(
    olivia: Client, cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    def count(page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert olivia.get(ACCESS + page).status_code == 200
        return len(queries)

    def fill(times: int) -> None:
        for n in range(times):
            invited(cast, f"Una{times}x{n}", days=8)
            refused(cast, f"Rex{times}x{n}")
            late_and_in(cast)
            person = newcomer(cast, f"In{times}x{n}")
            PortalAccess.objects.create(
                organization=cast.acme.organization,
                contact_person=person,
                account=an_account(person.email, person.name),
                accepted_at=NOON,
            )

    fill(1)
    begun = InvitationRound.begin(
        ContactPerson.objects.all(), by=cast.olivia, at=NOON, key=f"k{cast.acme.organization.pk}"
    )
    invite.func()
    pages = ["adoption/", "rounds/", f"rounds/{begun.pk}/"]
    pages += [f"adoption/{kind}/" for kind in stuck.KINDS]
    olivia.get(ACCESS)
    few = [count(page) for page in pages]
    fill(12)
    assert [count(page) for page in pages] == few
    assert max(few) <= 8, few
