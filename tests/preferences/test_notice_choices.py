"""Row 6: each member chooses kinds and ways for themselves, within what the business allows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doorstep.lib import clock
from doorstep.notifications.authority import why_not
from doorstep.notifications.models import Message, Notice, NoticeChoice, NoticeReach
from doorstep.notifications.models.choice import CHOOSABLE
from doorstep.notifications.rules import Channel
from doorstep.notifications.sweep import sweep
from doorstep.organizations.models import Member
from tests.cast import NOON, Cast, an_account, an_invoice
from tests.preferences.test_notify_activity import told, wanda_pays

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
PAGE = "/office/acme/settings/notices/"
PAID = "payment.succeeded"


def choose(member: Member, *, everybody: bool | None = None, **ways: bool) -> None:
    """`mail=False`: no mail about money that was paid; everything else as it is."""
    wanted = {
        rule: ways.get(rule.channel.value, wish) if rule.event == PAID else wish
        for rule, wish in NoticeChoice.by(member).items()
    }
    reach = NoticeReach.of(member) if everybody is None else everybody
    NoticeChoice.choose(member, wanted, everybody=reach)


def test_a_member_switches_one_kind_off_by_one_way(cast: Cast):
    choose(cast.olivia, mail=False)
    wanda_pays(cast)
    sweep(clock.now)

    assert told(cast) == (False, True)


def test_and_by_the_other(cast: Cast):
    choose(cast.olivia, bell=False)
    wanda_pays(cast)
    sweep(clock.now)

    assert Message.objects.filter(member=cast.olivia).exists()
    assert not Notice.objects.filter(member=cast.olivia, event__kind=PAID).exists()
    assert Notice.objects.filter(member=cast.olivia, event__kind="payment.started").exists()


def test_others_hear_as_before(cast: Cast):
    choose(cast.olivia, mail=False, bell=False)
    ada = an_account("ada@acme.example", "Ada Admin")
    admin = Member.add(cast.acme.organization, ada, "admin", by=cast.olivia, at=NOON)
    wanda_pays(cast)
    sweep(clock.now)

    assert Message.objects.filter(member=admin).exists()
    assert Notice.objects.filter(member=admin, event__kind=PAID).exists()


def test_a_mail_comes_for_a_kind_that_sends_none_by_itself(cast: Cast):
    wanted = {rule: rule.event == "paper.viewed" for rule in CHOOSABLE}
    NoticeChoice.choose(cast.olivia, wanted, everybody=True)
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    invoice.view(by=cast.wanda, at=NOON)
    sweep(clock.now)

    message = Message.objects.get(member=cast.olivia)
    assert message.subject == "Coyote Ltd: Wanda Reyes opened INV-000001"
    assert f"/office/acme/invoices/{invoice.pk}/" in message.text
    assert PAGE in message.text
    assert why_not(message, at=NOON) == ""


def test_the_bookkeeper_hears_of_everybody_once_he_asks_for_it(cast: Cast):
    wanda_pays(cast)
    sweep(clock.now)
    assert not Notice.objects.filter(member=cast.ben).exists()

    choose(cast.ben, everybody=True)
    wanda_pays(cast)
    sweep(clock.now)
    assert Notice.objects.filter(member=cast.ben, event__kind=PAID).count() == 1


def test_an_owner_may_hear_only_of_the_contacts_that_she_looks_after(cast: Cast):
    choose(cast.olivia, everybody=False)
    wanda_pays(cast)
    sweep(clock.now)
    assert told(cast) == (False, False)

    cast.coyote.account_manager = cast.olivia
    cast.coyote.save()
    wanda_pays(cast)
    sweep(clock.now)
    assert told(cast) == (True, True)


@pytest.mark.parametrize(
    ("off", "expected"),
    [
        ({"notify_activity": False}, (False, False)),
        ({"notify_by_email": False}, (False, True)),
        ({"notify_in_app": False}, (True, False)),
    ],
)
def test_nobody_switches_on_what_the_business_switched_off(
    cast: Cast, signed_in, off: dict[str, bool], expected: tuple[bool, bool]
):
    cast.acme.organization.preferences.change(by=cast.olivia, at=NOON, **off)
    everything = {f"{r.channel.value}-{r.event}": "on" for r in CHOOSABLE}
    signed_in(cast.olivia).post(PAGE, {"everybody": "yes", **everything})
    wanda_pays(cast)
    sweep(clock.now)

    assert told(cast) == expected


def test_what_was_chosen_comes_back_when_the_business_switches_it_on_again(cast: Cast, signed_in):
    choose(cast.olivia, mail=False)
    preferences = cast.acme.organization.preferences
    preferences.change(by=cast.olivia, at=NOON, notify_by_email=False)
    signed_in(cast.olivia).post(PAGE, {"everybody": "yes"})
    preferences.change(by=cast.olivia, at=NOON, notify_by_email=True)

    rules = {
        r: wish for r, wish in NoticeChoice.by(cast.olivia).items() if r.channel is Channel.MAIL
    }
    assert not rules.pop(next(rule for rule in rules if rule.event == PAID))
    assert all(wish == rule.by_default for rule, wish in rules.items())


def test_a_choice_counts_for_mail_that_waits(cast: Cast):
    wanda_pays(cast)
    sweep(clock.now)
    message = Message.objects.get(member=cast.olivia)
    assert why_not(message, at=NOON) == ""

    choose(cast.olivia, mail=False)
    assert why_not(Message.objects.get(pk=message.pk), at=NOON) != ""


def test_only_what_differs_is_kept(cast: Cast, signed_in):
    olivia = signed_in(cast.olivia)
    defaults = {f"{r.channel.value}-{r.event}": "on" for r in CHOOSABLE if r.by_default}
    olivia.post(PAGE, {"everybody": "yes", **defaults})
    assert not NoticeChoice.objects.exists()
    assert not NoticeReach.objects.exists()

    del defaults[f"mail-{PAID}"]
    olivia.post(PAGE, {"everybody": "no", **defaults})
    choice = NoticeChoice.objects.get()
    assert (choice.kind, choice.channel, choice.wanted) == (PAID, "mail", False)
    assert NoticeReach.objects.get().everybody is False


def test_the_page_shows_every_kind_to_everybody_who_works_here(cast: Cast, signed_in):
    page = signed_in(cast.ben).get(PAGE).content.decode()
    for rule in CHOOSABLE:
        assert f'name="{rule.channel.value}-{rule.event}"' in page
    assert signed_in(cast.greta).get(PAGE).status_code == 404


def test_who_hears_is_asked_once_however_many_choose(cast: Cast):
    def queries() -> int:
        wanda_pays(cast)
        with CaptureQueriesContext(connection) as asked:
            sweep(clock.now)
        return sum('"notifications_noticechoice"' in query["sql"] for query in asked)

    choose(cast.olivia, mail=False, bell=False)
    alone = queries()
    for number in range(5):
        account = an_account(f"a{number}@acme.example", f"Ada {number}")
        member = Member.add(cast.acme.organization, account, "admin", by=cast.olivia, at=NOON)
        choose(member, mail=False, bell=False)

    assert queries() == alone
