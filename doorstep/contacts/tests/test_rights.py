"""What a person may do: one table, kept by the verbs, whoever asks and however."""

from __future__ import annotations

from datetime import timedelta

import pytest

from doorstep.contacts.models import ContactPerson, Invitation, PortalAccess
from doorstep.contacts.models.person import InAlready, LastManager
from doorstep.contacts.rights import RIGHTS, rights_given
from doorstep.lib.errors import NotAllowed
from doorstep.payments.models import Payment
from doorstep.payments.refusals import MayNotPay
from tests.cast import NOON, Cast, a_person, an_invoice

pytestmark = pytest.mark.django_db


def fresh(person: ContactPerson) -> ContactPerson:
    return ContactPerson.objects.select_related("contact", "organization").get(pk=person.pk)


@pytest.fixture
def wile(cast: Cast) -> ContactPerson:
    """The primary contact of Coyote."""
    return fresh(cast.wile)


@pytest.fixture
def wanda(cast: Cast) -> ContactPerson:
    return fresh(cast.wanda)


def test_by_default_everybody_sees_comments_pays_and_accepts(wile, wanda) -> None:
    for person in (wile, wanda):
        assert all(person.may(right) for right in ("see", "comment", "pay", "accept"))
        assert person.may("edit_details")


def test_only_the_primary_contact_manages_people(wile, wanda) -> None:
    assert wile.may("manage_people")
    assert not wanda.may("manage_people")


def test_only_rights_that_do_something_can_be_given() -> None:
    assert set(rights_given(vendor=False)) == {name for name in RIGHTS if RIGHTS[name].given}
    assert set(rights_given(vendor=False)) >= {"pay", "manage_people"}
    assert "pay" not in rights_given(vendor=True)


def test_t25_who_may_not_pay_does_not_pay(cast: Cast, wile, wanda) -> None:
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    wanda.set_rights(by=wile, at=NOON, pay=False)

    with pytest.raises(MayNotPay):
        Payment.start([invoice], by=fresh(wanda), method="card", seen_total=10000, at=NOON)


def test_t25_who_does_not_manage_neither_invites_nor_decides_nor_removes(
    cast: Cast, wile, wanda
) -> None:
    priya = a_person(cast.coyote, "Priya", "priya@coyote.example", access=False)
    priya = fresh(priya)
    for act in (
        lambda: wanda.invite_colleague(name="Dan", email="dan@coyote.example", at=NOON),
        lambda: priya.invite(by=wanda, at=NOON),
        lambda: priya.set_rights(by=wanda, at=NOON, pay=False),
        lambda: priya.revoke(by=wanda, at=NOON),
        lambda: wanda.revoke(by=wanda, at=NOON),
        lambda: wanda.set_rights(by=wanda, at=NOON, manage_people=True),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_nobody_gives_what_they_lack_or_changes_their_own(cast: Cast, wile, wanda) -> None:
    wanda.set_rights(by=wile, at=NOON, manage_people=True, pay=False)
    wanda = fresh(wanda)
    dan = wanda.invite_colleague(name="Dan", email="dan@coyote.example", at=NOON, pay=True)

    assert not fresh(dan).may("pay")
    with pytest.raises(NotAllowed):
        wanda.set_rights(by=wanda, at=NOON, pay=True)


def test_what_a_manager_lacks_they_do_not_take_either(cast: Cast, wile, wanda) -> None:
    priya = fresh(a_person(cast.coyote, "Priya", "priya@coyote.example", access=False))
    wanda.set_rights(by=wile, at=NOON, manage_people=True, pay=False)

    priya.set_rights(by=fresh(wanda), at=NOON, pay=False, manage_people=True)

    assert fresh(priya).may("pay")
    assert fresh(priya).may("manage_people")


def test_nobody_decides_about_the_primary_contact_but_the_business(cast, wile, wanda) -> None:
    wanda.set_rights(by=wile, at=NOON, manage_people=True)
    wanda = fresh(wanda)
    for act in (
        lambda: wile.set_rights(by=wanda, at=NOON, pay=False),
        lambda: wile.revoke(by=wanda, at=NOON),
    ):
        with pytest.raises(NotAllowed):
            act()

    wile.set_rights(by=cast.olivia, at=NOON, pay=False, manage_people=False)
    assert not fresh(wile).may("pay")
    assert not fresh(wile).may("manage_people")


def test_a_colleague_of_somebody_else_is_nobody_here(cast: Cast, wile) -> None:
    rita, gus = fresh(cast.rita), fresh(a_person(cast.globex_customer, "Gus", "gus@g.example"))
    for stranger in (rita, gus):
        with pytest.raises(NotAllowed):
            stranger.revoke(by=wile, at=NOON)
        with pytest.raises(NotAllowed):
            stranger.set_rights(by=wile, at=NOON, manage_people=True)
        with pytest.raises(NotAllowed):
            stranger.invite(by=wile, at=NOON)


def test_the_last_who_manages_cannot_leave(cast: Cast, wile, wanda) -> None:
    with pytest.raises(LastManager):
        wile.revoke(by=wile, at=NOON)

    wanda.set_rights(by=wile, at=NOON, manage_people=True)
    wile.revoke(by=wile, at=NOON)

    assert PortalAccess.objects.get(contact_person=wile).revoked_at == NOON


def test_who_is_not_in_the_portal_manages_nobody(cast: Cast, wile) -> None:
    """Somebody who is only invited is not yet there to decide."""
    priya = fresh(a_person(cast.coyote, "Priya", "priya@coyote.example", access=False))
    priya.set_rights(by=wile, at=NOON, manage_people=True)

    with pytest.raises(LastManager):
        wile.revoke(by=wile, at=NOON)


def test_somebody_known_is_invited_and_not_added_again(cast: Cast, wile) -> None:
    priya = a_person(cast.coyote, "Priya", "priya@coyote.example", access=False)

    invited = wile.invite_colleague(name="P.", email="PRIYA@coyote.example ", at=NOON)

    assert invited == priya
    assert Invitation.objects.get().inviter == wile


def test_who_is_in_needs_no_invitation(wile, wanda) -> None:
    with pytest.raises(InAlready):
        wile.invite_colleague(name="Wanda", email="wanda@coyote.example", at=NOON)


def test_what_the_business_has_closed_a_colleague_does_not_open(cast, wile, wanda) -> None:
    wanda.revoke(by=cast.olivia, at=NOON)
    with pytest.raises(NotAllowed):
        wanda.invite(by=wile, at=NOON)

    account = PortalAccess.objects.get(contact_person=wanda).account
    wanda.invite(by=cast.olivia, at=NOON).accept(account, at=NOON)
    wanda.revoke(by=wile, at=NOON + timedelta(hours=1))
    assert wanda.invite(by=wile, at=NOON + timedelta(hours=2)).inviter == wile
