"""Row 5's rule for addresses that are not on file: none, same domain, or any, held for approval."""

from __future__ import annotations

import pytest
from django.test import Client

from doorstep.activity.models import Event
from doorstep.contacts.models import ContactPerson
from doorstep.identity.models import Account
from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.notifications.models import Message, Notice
from doorstep.notifications.sweep import sweep
from doorstep.organizations.free_mail import is_free_mail
from doorstep.sharing.models import SignUp
from tests.cast import Cast, a_person
from tests.preferences.newcomers import NEW, Somebody, mails_to, may_enter, setting

pytestmark = pytest.mark.django_db


@pytest.fixture
def somebody(cast: Cast) -> Somebody:
    return Somebody(cast)


def test_same_domain_lets_in_who_proves_an_address_of_the_customers_own(cast, somebody):
    setting(cast, sign_up_admission="same_domain")

    somebody.comes_in("dan@coyote.example", name="Dan Dingo")

    dan = ContactPerson.objects.get(email="dan@coyote.example")
    assert (dan.contact, dan.name, dan.may("pay")) == (cast.coyote, "Dan Dingo", True)
    assert not dan.may("manage_people")
    assert may_enter(somebody.client)
    assert mails_to("dan@coyote.example") == 1


@pytest.mark.parametrize(
    "email",
    [
        "dan@sub.coyote.example",
        "dan@coyote.example.evil.example",
        "dan@notcoyote.example",
        "dan@ledger.example",
        "dan@acme.example",
        "dan@gmail.com",
    ],
)
def test_same_domain_lets_nobody_else_in(cast, somebody, email: str):
    """Not the domain of an outside bookkeeper who is on file, either."""
    a_person(cast.coyote, "Dana Ortiz", "dana@ledger.example", access=False)
    setting(cast, sign_up_admission="same_domain")

    somebody.comes_in(email, name="Dan Dingo")

    assert not ContactPerson.objects.filter(email=email).exists()
    assert mails_to(email) == 0


@pytest.mark.parametrize("address", ["coyote@gmail.com", "someone@acme.example", "w@web.de"])
def test_a_free_mailbox_or_the_business_itself_is_nobodys_own_domain(cast, address: str):
    setting(cast, sign_up_admission="same_domain")
    cast.wile.change(by=cast.olivia, at=clock.now(), email=address)
    domain = address.partition("@")[2]

    Somebody(cast).comes_in(f"dan@{domain}", name="Dan Dingo")

    assert not ContactPerson.objects.filter(email=f"dan@{domain}").exists()


def test_the_list_of_free_mailboxes_knows_the_large_ones_and_what_is_beneath_them():
    for domain in ("gmail.com", "outlook.com", "gmx.de", "proton.me", "qq.com", "x.gmail.com"):
        assert is_free_mail(domain)
    for domain in ("coyote.example", "acme.com", "notgmail.com"):
        assert not is_free_mail(domain)


def test_held_keeps_anybody_who_proved_an_address_until_somebody_decides(cast, somebody, signed_in):
    setting(cast, sign_up_admission="held")

    answer = somebody.comes_in("erin@else.example", name="Erin Else")

    page = answer.content.decode()
    assert "Acme Wholesale looks at your request" in page
    assert "Coyote" not in page
    assert not Account.objects.filter(email="erin@else.example").exists()
    assert not ContactPerson.objects.filter(email="erin@else.example").exists()
    sweep(clock.now)
    assert Notice.objects.filter(member=cast.olivia, event__kind="sign_up.held").count() == 1
    mail = Message.objects.get(kind="member_sign_up_held")
    assert "Erin Else asks for access to Coyote Ltd" in mail.subject
    assert somebody.number in mail.text

    olivia = signed_in(cast.olivia)
    listed = olivia.get("/office/acme/access/requests/").content.decode()
    for seen in ("Erin Else", "erin@else.example", "Coyote Ltd", somebody.number):
        assert seen in listed
    assert "Requests" in olivia.get("/office/acme/access/").content.decode()


def test_held_and_approved_the_person_is_invited_by_mail_and_comes_in(cast, somebody, signed_in):
    setting(cast, sign_up_admission="held")
    somebody.comes_in("erin@else.example", name="Erin Else")
    held = SignUp.objects.get()

    signed_in(cast.olivia).post(f"/office/acme/access/requests/{held.pk}/approval/")

    erin = ContactPerson.objects.get(email="erin@else.example")
    assert erin.contact == cast.coyote
    sweep(clock.now)
    mail = Message.objects.get(kind="invitation", recipient="erin@else.example")
    link = unseal(mail.sealed_secret)
    browser = Client()
    browser.get(link.removeprefix("http://testserver"), follow=True)
    browser.post("/portal/acme/invitation/", {"password": NEW})
    assert may_enter(browser)
    assert Event.objects.filter(kind="sign_up.approved").get().actor_name == "Olivia Ortiz"


def test_held_and_declined_the_person_reads_the_same_and_is_not_asked_about_again(
    cast, somebody, signed_in
):
    setting(cast, sign_up_admission="held")
    somebody.comes_in("erin@else.example", name="Erin Else")
    held = SignUp.objects.get()
    olivia = signed_in(cast.olivia)
    olivia.post(f"/office/acme/access/requests/{held.pk}/refusal/")

    again = Somebody(cast).comes_in("erin@else.example", name="Erin Else")

    assert "looks at your request" in again.content.decode()
    assert SignUp.objects.count() == 1
    assert not ContactPerson.objects.filter(email="erin@else.example").exists()
    assert olivia.post(f"/office/acme/access/requests/{held.pk}/approval/").status_code == 409


def test_held_is_decided_by_who_may_and_seen_by_nobody_elsewhere(cast, somebody, signed_in):
    setting(cast, sign_up_admission="held")
    somebody.comes_in("erin@else.example", name="Erin Else")
    held = SignUp.objects.get()
    path = f"access/requests/{held.pk}/approval/"

    assert signed_in(cast.greta).post(f"/office/acme/{path}").status_code == 404
    assert signed_in(cast.greta).post(f"/office/globex/{path}").status_code == 404
    assert (
        "Erin" not in signed_in(cast.greta).get("/office/globex/access/requests/").content.decode()
    )
    assert signed_in(cast.wile).post(f"/office/acme/{path}").status_code == 404
    assert SignUp.objects.get().decided_at is None


def test_who_is_on_file_is_not_held(cast, somebody):
    a_person(cast.coyote, "Priya Raman", "priya@coyote.example", access=False)
    setting(cast, sign_up_admission="held")
    somebody.comes_in("priya@coyote.example")
    assert not SignUp.objects.exists()
    assert may_enter(somebody.client)


@pytest.mark.parametrize("name", ["", "Pay at www.evil.example", "x" * 101])
def test_t41_a_name_is_a_name(cast, somebody, name: str):
    setting(cast, sign_up_admission="held")
    somebody.proves("erin@else.example")
    assert somebody.client.post(f"{somebody.account}entry/", {"name": name}).status_code == 422
    assert not SignUp.objects.exists()
