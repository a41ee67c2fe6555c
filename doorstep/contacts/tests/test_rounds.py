"""Many invitations with one press: each once, whoever presses twice and whatever dies in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from doorstep.activity.models import Event
from doorstep.contacts.models import ContactPerson, Invitation, InvitationRound, Outcome
from doorstep.contacts.models.invitation_round import NobodyToInvite
from doorstep.lib import checkpoints
from doorstep.lib.errors import NotAllowed
from doorstep.organizations.models import Member
from tests.cast import NOON, Cast, a_person, an_account

pytestmark = pytest.mark.django_db

LONG = NOON + timedelta(minutes=5)


class Killed(Exception):
    """What a process would not come back from."""


@pytest.fixture
def newcomers(cast: Cast) -> list[ContactPerson]:
    return [
        a_person(cast.coyote, f"New {n}", f"new{n}@coyote.example", access=False) for n in range(5)
    ]


@pytest.fixture
def dies_at() -> Iterator[Callable[[int], None]]:
    """`dies_at(3)`: the worker dies in the third transaction, just before it is written."""

    def die(when: int) -> None:
        seen = []

        def watch(name: str) -> None:
            seen.append(name)
            if len(seen) == when:
                raise Killed

        checkpoints.watch(watch)

    yield die
    checkpoints.watch(None)


def begin(cast: Cast, *, key: str = "k", by: Member | None = None) -> InvitationRound:
    everybody = ContactPerson.objects.all()
    return InvitationRound.begin(everybody, by=by or cast.olivia, at=NOON, key=key)


def run(made: InvitationRound, *, at: datetime = NOON) -> None:
    made.go_on(lambda: at, until=LONG)
    made.refresh_from_db()


def test_each_is_invited_and_who_cannot_be_is_named_with_the_reason(
    cast: Cast, newcomers: list[ContactPerson]
) -> None:
    a_person(cast.coyote, "No Address", "", access=False)
    gone = a_person(cast.roadrunner, "Gone", "gone@roadrunner.example", access=False)
    cast.roadrunner.change(by=cast.olivia, at=NOON, is_active=False)
    a_person(cast.globex_customer, "Gus", "gus@globex.example", access=False)

    made = begin(cast)
    run(made)

    assert made.finished_at == NOON
    assert made.tally() == {
        Outcome.INVITED: 5,
        Outcome.NO_ADDRESS: 1,
        Outcome.IN_ALREADY: 2,
        Outcome.INACTIVE: 2,
    }
    assert not gone.invitations.exists()
    assert Invitation.objects.count() == 5


def test_pressed_twice_is_one_round(cast: Cast, newcomers: list[ContactPerson]) -> None:
    first, second = begin(cast), begin(cast)
    run(first)
    run(second)

    assert first == second
    assert Event.objects.filter(kind="person.invited").count() == 5


def test_two_members_who_press_at_the_same_time_mean_one_mail(
    cast: Cast, newcomers: list[ContactPerson]
) -> None:
    run(begin(cast, key="Olivia's page"))
    later = begin(cast, key="Ben's page", by=cast.ben)
    run(later)

    assert later.tally()[Outcome.JUST_INVITED] == 5
    assert Invitation.objects.count() == 5


def test_a_worker_that_is_killed_invites_nobody_twice_and_forgets_nobody(
    cast: Cast, newcomers: list[ContactPerson], dies_at: Callable[[int], None]
) -> None:
    made = begin(cast)
    for nth in (1, 3, 2):
        dies_at(nth)
        with pytest.raises(Killed):
            run(made)
    checkpoints.watch(None)
    run(made)

    assert made.tally()[Outcome.INVITED] == 5
    assert Invitation.objects.open().count() == Invitation.objects.count() == 5
    assert Event.objects.filter(kind="person.invited").count() == 5


def test_who_loses_the_right_meanwhile_invites_nobody_more(
    cast: Cast, newcomers: list[ContactPerson]
) -> None:
    made = begin(cast, by=cast.ben)
    cast.ben.change_role("readonly", by=cast.olivia, at=NOON)
    run(InvitationRound.objects.get(pk=made.pk))

    assert set(made.tally()) == {Outcome.STOPPED}
    assert not Invitation.objects.exists()


def test_only_who_may_invite_begins_and_only_with_somebody(cast: Cast) -> None:
    rory = Member.add(
        cast.acme.organization, an_account("rory@acme.example", "Rory"), "readonly",
        by=cast.olivia, at=NOON,
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        begin(cast, by=rory)
    with pytest.raises(NobodyToInvite):
        InvitationRound.begin(ContactPerson.objects.none(), by=cast.olivia, at=NOON, key="k")
