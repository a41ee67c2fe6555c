"""Row 5: *Allow customers to sign up to the Customer Portal*, on and off, by link, portal and mail."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from doorstep.activity.models import Event
from doorstep.contacts.models import ContactPerson, PortalAccess
from doorstep.identity.models import Account, Challenge
from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.notifications.models import Notice
from doorstep.notifications.sweep import sweep
from doorstep.organizations.models import Organization
from doorstep.organizations.preferences import SignUpOff
from doorstep.sharing.models import Link
from doorstep.sharing.newcomer import Newcomer
from doorstep.sharing.visitor import Visitor
from tests.cast import PASSWORD, Cast, a_contact, a_person, an_account
from tests.factors import code_of, enrol, sign_in
from tests.preferences.newcomers import NEW, Somebody, mails_to, may_enter, setting

pytestmark = pytest.mark.django_db


@pytest.fixture
def priya(cast: Cast) -> ContactPerson:
    """On file at Coyote, and never invited."""
    return a_person(cast.coyote, "Priya Raman", "priya@coyote.example", access=False)


@pytest.fixture
def somebody(cast: Cast) -> Somebody:
    return Somebody(cast)


# -- on: who is on file ------------------------------------------------------------------------


def test_on_the_link_offers_an_account_before_paying_and_on_the_receipt(somebody: Somebody):
    assert "Create your portal account" in somebody.words(somebody.page)
    pressed = somebody.client.post(
        f"{somebody.page}pay/", {"what": "this", "method": "card", "seen_total": 10000}
    )
    assert pressed.status_code == 302
    number = re.search(r"PAY-\d+", str(Event.objects.latest("pk").subject_label))[0]
    somebody.client.post(pressed["Location"].removeprefix("http://testserver") + "cancellation/")
    receipt = somebody.client.post(f"{somebody.page}payments/{number}/").content.decode()
    assert "Your payment" in receipt


def test_on_who_is_on_file_proves_the_address_and_is_in(somebody: Somebody, priya):
    answer = somebody.comes_in("priya@coyote.example")

    assert answer.status_code == 302
    access = PortalAccess.objects.get(contact_person=priya)
    assert access.account.check_password(NEW)
    assert may_enter(somebody.client)
    assert mails_to("priya@coyote.example") == 1


def test_who_came_to_pay_goes_on_with_that_invoice(somebody: Somebody, priya):
    answer = somebody.comes_in("priya@coyote.example")
    assert answer["Location"].endswith(f"/invoices/{somebody.number}/")
    assert "Pay" in somebody.words(answer["Location"])


def test_a_payment_that_was_begun_is_not_lost_by_it(somebody: Somebody, priya):
    pressed = somebody.client.post(
        f"{somebody.page}pay/", {"what": "this", "method": "card", "seen_total": 10000}
    )
    assert pressed.status_code == 302
    somebody.comes_in("priya@coyote.example")

    number = Event.objects.filter(kind="payment.started").latest("pk").subject_label
    assert "Confirming" in somebody.words(f"{somebody.page}payments/{number}/")
    again = somebody.client.post(
        f"{somebody.page}pay/", {"what": "this", "method": "card", "seen_total": 10000}
    )
    assert again["Location"] == pressed["Location"]


def test_who_proved_the_address_to_see_the_paper_needs_no_second_code(somebody: Somebody, priya):
    link = somebody.link
    somebody.client.post(f"{somebody.page}code/", {"person": priya.pk})
    code = unseal(Challenge.objects.latest("pk").sealed_code)
    somebody.client.post(f"{somebody.page}proof/", {"code": code})

    page = somebody.words(somebody.account)
    assert "You have shown that priya@coyote.example is yours" in page
    answer = somebody.client.post(f"{somebody.account}entry/")

    assert answer["Location"] == "/portal/acme/invitation/"
    assert link.document_id


def test_an_existing_account_signs_in_with_its_second_step_and_gains_access(somebody, cast):
    account = an_account("priya@coyote.example", "Priya Raman")
    elsewhere = a_person(
        a_contact(cast.acme, "Mesa"), "Priya", "priya@coyote.example", access=False
    )
    PortalAccess.objects.create(
        organization=cast.acme.organization,
        contact_person=elsewhere,
        account=account,
        accepted_at=clock.now(),
    )
    priya = a_person(cast.coyote, "Priya Raman", "priya@coyote.example", access=False)
    door, other = cast.acme.portal, sign_in(cast.acme.portal, "priya@coyote.example")
    key = enrol(other, door)

    answer = somebody.proves("priya@coyote.example")
    page = somebody.words(answer["Location"])
    assert "You have an account with priya@coyote.example already" in page
    refused = somebody.client.post(answer["Location"], {"password": NEW})
    assert refused.status_code == 200
    assert not PortalAccess.objects.filter(contact_person=priya).exists()

    half = sign_in(door, "priya@coyote.example", client=somebody.client)
    half.post(answer["Location"])
    assert not PortalAccess.objects.filter(contact_person=priya).exists()
    with clock.shifted_to(clock.now() + timedelta(minutes=2)):
        half.post(f"{door}sign-in/second-step/", {"code": code_of(key)})
        assert half.post(answer["Location"]).status_code == 302
    assert PortalAccess.objects.get(contact_person=priya).account == account
    assert account.check_password(PASSWORD)


def test_who_is_in_already_is_told_to_sign_in(somebody: Somebody):
    answer = somebody.proves("wanda@coyote.example")
    page = somebody.words(answer["Location"])
    assert "wanda@coyote.example has access already" in page


def test_with_a_second_step_required_nothing_opens_before_it_is_set_up(somebody, cast, priya):
    setting(cast, mfa_required=True)
    somebody.comes_in("priya@coyote.example")

    for path in ("", "invoices/", f"invoices/{somebody.number}/", "colleagues/"):
        answer = somebody.client.get(f"/portal/acme/{path}")
        assert answer["Location"].startswith("/portal/acme/security/app/"), path


def test_the_business_hears_of_it_and_both_histories_have_it(somebody, cast, priya, signed_in):
    somebody.comes_in("priya@coyote.example")
    sweep(clock.now)

    told = "Priya Raman signed up to the portal"
    assert Notice.objects.filter(member=cast.olivia, event__kind="access.signed_up").exists()
    office = signed_in(cast.olivia).get(f"/office/acme/contacts/{cast.coyote.pk}/people/")
    assert told in office.content.decode()
    assert told in signed_in(cast.wile).get("/portal/acme/colleagues/").content.decode()


# -- nobody learns anything ---------------------------------------------------------------------


def masked(answer, *emails: str) -> str:
    page = re.sub(r'[A-Za-z0-9]{64}|X-CSRFToken": "[^"]+', "…", answer.content.decode())
    for email in emails:
        page = page.replace(email, "ADDRESS")
    return page


@pytest.mark.parametrize("admission", ["none", "same_domain", "held"])
def test_t03_known_and_unknown_addresses_read_the_same_words(cast, priya, admission: str):
    setting(cast, sign_up_admission=admission)
    pages = set()
    for email in ("priya@coyote.example", "wanda@coyote.example", "nobody@else.example"):
        one = Somebody(cast)
        answer = one.asks(email)
        assert answer.status_code == 200
        pages.add(masked(answer, email).replace(one.link.handle, "HANDLE"))
    assert len(pages) == 1


def test_t03_the_same_work_is_done_for_known_and_unknown(
    cast, priya, django_assert_max_num_queries
):
    counts = set()
    for email in ("priya@coyote.example", "nobody@else.example"):
        one = Somebody(cast)
        with django_assert_max_num_queries(60) as queries:
            one.asks(email)
        counts.add(len(queries))
    assert len(counts) == 1


def test_t03_an_unknown_address_gets_no_mail_and_a_known_one_exactly_one(cast, priya):
    for email, expected in (("priya@coyote.example", 1), ("nobody@else.example", 0)):
        Somebody(cast).asks(email)
        assert mails_to(email) == expected


def test_t17_nothing_of_the_customer_is_shown_before_the_address_is_proven(somebody, priya):
    shown = (
        somebody.words(somebody.account) + somebody.asks("priya@coyote.example").content.decode()
    )

    for hidden in ("Coyote", "Priya", "Wile", "anvil", "$"):
        assert hidden not in shown
    assert somebody.client.get("/portal/acme/").status_code == 302
    assert somebody.client.post(f"{somebody.account}entry/").status_code == 422
    assert not PortalAccess.objects.filter(contact_person=priya).exists()


def test_a_stranger_with_a_right_code_stays_outside(somebody: Somebody):
    """The code never leaves; even who had it would be told to ask."""
    answer = somebody.proves("nobody@else.example")
    page = somebody.words(answer["Location"])

    assert "does not have nobody@else.example on file" in page
    assert "Coyote" not in page
    assert somebody.client.post(f"{somebody.account}entry/", {"name": "N"}).status_code == 422
    assert not ContactPerson.objects.filter(email="nobody@else.example").exists()


def test_t06_the_code_works_in_the_browser_that_asked_and_for_that_link(cast, somebody, priya):
    somebody.asks("priya@coyote.example")
    code = unseal(Challenge.objects.latest("pk").sealed_code)
    other = Somebody(cast)

    assert other.client.post(f"{other.account}proof/", {"code": code}).status_code == 422
    assert somebody.client.post(f"{somebody.account}proof/", {"code": code}).status_code == 302


def test_t04_after_five_wrong_codes_the_right_one_is_dead(somebody: Somebody, priya):
    somebody.asks("priya@coyote.example")
    code = unseal(Challenge.objects.latest("pk").sealed_code)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _n in range(5):
        somebody.client.post(f"{somebody.account}proof/", {"code": wrong})
    assert somebody.client.post(f"{somebody.account}proof/", {"code": code}).status_code == 422


def test_t36_looking_changes_nothing(somebody: Somebody):
    before = Event.objects.count()
    for _n in range(20):
        somebody.client.get(somebody.account)
        somebody.client.head(somebody.account)
        somebody.client.options(somebody.account)
    assert Event.objects.count() == before
    assert not Challenge.objects.exists()


def test_codes_have_an_end(somebody: Somebody):
    answers = [somebody.asks("priya@coyote.example").status_code for _n in range(6)]
    assert answers == [200] * 5 + [429]


def test_whom_the_business_shut_out_does_not_sign_up_again(cast, somebody):
    cast.wanda.revoke(by=cast.olivia, at=clock.now())

    answer = somebody.comes_in("wanda@coyote.example")

    assert answer.status_code == 302
    assert mails_to("wanda@coyote.example") == 0
    assert PortalAccess.objects.get(contact_person=cast.wanda).revoked_at is not None


# -- off --------------------------------------------------------------------------------------------


def test_off_the_offer_and_the_address_are_gone(cast, somebody, priya):
    setting(cast, allow_sign_up=False)

    assert "portal account" not in somebody.words(somebody.page)
    for method in ("get", "post"):
        assert getattr(somebody.client, method)(somebody.account).status_code == 404
        assert getattr(somebody.client, method)(f"{somebody.account}?other=1").status_code == 404
    for part in ("proof/", "entry/"):
        assert somebody.client.post(f"{somebody.account}{part}").status_code == 404
    assert "sign up" not in somebody.words("/portal/acme/sign-in/").lower()


def test_off_between_asking_and_the_code_no_mail_leaves_and_nobody_comes_in(cast, somebody, priya):
    somebody.asks("priya@coyote.example")
    code = unseal(Challenge.objects.latest("pk").sealed_code)
    setting(cast, allow_sign_up=False)

    assert mails_to("priya@coyote.example") == 0
    assert somebody.client.post(f"{somebody.account}proof/", {"code": code}).status_code == 404
    assert not PortalAccess.objects.filter(contact_person=priya).exists()


def test_off_the_verbs_refuse_whoever_calls_them(cast, somebody, priya):
    setting(cast, allow_sign_up=False)
    link = Link.objects.with_paper().get(pk=somebody.link.pk)
    newcomer = Newcomer(Visitor(link, "browser"), clock.now())
    for act in (
        lambda: newcomer.ask_code("priya@coyote.example"),
        lambda: newcomer.prove("123456"),
        newcomer.come_in,
    ):
        with pytest.raises(SignUpOff):
            act()


def test_off_whoever_signed_up_stays_in(cast, somebody, priya):
    somebody.comes_in("priya@coyote.example")
    setting(cast, allow_sign_up=False)
    assert may_enter(somebody.client)


# -- the page ----------------------------------------------------------------------------------------


def test_the_setting_says_whom_it_concerns_and_its_choice_is_a_list(cast, priya, signed_in):
    page = signed_in(cast.olivia).get("/office/acme/settings/customer-portal/").content.decode()
    assert "1 person with an address, but without access" in page
    assert "anybody, held for your approval" in page


def test_saved_in_the_office_it_stands_in_the_history_and_can_be_undone(cast, signed_in):
    olivia, url = signed_in(cast.olivia), "/office/acme/settings/customer-portal/"
    form = olivia.get(url).context["form"]
    typed = {
        name: "on" if value is True else value
        for name, value in form.initial.items()
        if value is not False
    }
    olivia.post(url, typed | {"sign_up_admission": "held"})
    history = olivia.get(f"{url}history/?setting=sign_up_admission").content.decode()
    assert "anybody, held for your approval" in history

    event = Event.objects.filter(kind="preferences.changed").latest("pk")
    olivia.post(f"{url}history/{event.pk}/", {"setting": "sign_up_admission"})

    stored = Organization.objects.with_preferences().get(pk=cast.acme.organization.pk).preferences
    assert stored.sign_up_admission == "none"


def test_off_while_somebody_stands_at_the_door_it_stays_shut(cast, somebody, priya):
    answer = somebody.proves("priya@coyote.example")
    assert answer["Location"] == "/portal/acme/invitation/"
    setting(cast, allow_sign_up=False)

    assert somebody.client.post(answer["Location"], {"password": NEW}).status_code == 404
    assert not PortalAccess.objects.filter(contact_person=priya).exists()
    assert not Account.objects.filter(email="priya@coyote.example").exists()
