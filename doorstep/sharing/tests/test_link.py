"""A link opens one paper, for a while, and a code proves who opened it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from doorstep.contacts.models import ContactPerson
from doorstep.identity.models import Challenge, CodeRefused
from doorstep.lib.secrets import unseal
from doorstep.sales.models import Invoice
from doorstep.sharing.models import Link
from doorstep.sharing.models.link import NotShareable
from doorstep.sharing.proofs import Proof
from tests.cast import NOON, Cast, an_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(cast: Cast) -> Invoice:
    return an_invoice(cast.coyote, by=cast.olivia)


def share(cast: Cast, invoice: Invoice) -> tuple[Link, str]:
    return Link.share(invoice, person=cast.wanda, by=cast.olivia, at=NOON)


def ask(link: Link, person: ContactPerson, cast: Cast, browser: str = "b") -> str:
    way = next(way for way in link.ways_to_prove() if way.person == person)
    challenge = way.ask_code(browser=browser, by=cast.wanda, at=NOON)
    return unseal(challenge.sealed_code)


def test_the_token_opens_the_paper_and_is_not_in_the_database(cast: Cast, invoice: Invoice) -> None:
    link, token = share(cast, invoice)

    assert Link.objects.opened_by(token, at=NOON) == link
    assert token not in "".join(map(str, Link.objects.values_list().get()))


def test_a_link_ends_thirty_days_after_the_due_date(cast: Cast, invoice: Invoice) -> None:
    _link, token = share(cast, invoice)

    assert Link.objects.opened_by(token, at=NOON + timedelta(days=59))
    assert Link.objects.opened_by(token, at=NOON + timedelta(days=61)) is None


def test_a_revoked_link_opens_nothing(cast: Cast, invoice: Invoice) -> None:
    link, token = share(cast, invoice)
    link.revoke(by=cast.olivia, at=NOON)

    assert Link.objects.opened_by(token, at=NOON) is None


def test_the_link_of_a_paper_voided_later_opens_nothing(cast: Cast, invoice: Invoice) -> None:
    _link, token = share(cast, invoice)
    invoice.void(by=cast.olivia, at=NOON)

    assert Link.objects.opened_by(token, at=NOON) is None


def test_a_draft_has_no_link(cast: Cast) -> None:
    draft = an_invoice(cast.coyote, by=cast.olivia, issued=False)
    with pytest.raises(NotShareable):
        share(cast, draft)


def test_wanda_proves_who_she_is_for_an_hour_in_this_browser(cast: Cast, invoice: Invoice) -> None:
    link, _token = share(cast, invoice)
    code = ask(link, cast.wanda, cast)

    assert Proof.give(link, code, browser="b", by=cast.wanda, at=NOON).person == cast.wanda
    still = Proof.within_the_hour(link, browser="b", at=NOON + timedelta(minutes=59))
    assert still and still.person == cast.wanda
    assert Proof.within_the_hour(link, browser="b", at=NOON + timedelta(minutes=61)) is None
    assert Proof.within_the_hour(link, browser="another", at=NOON) is None


def test_a_code_for_one_link_does_not_open_another(cast: Cast, invoice: Invoice) -> None:
    link, _token = share(cast, invoice)
    other, _token = share(cast, an_invoice(cast.coyote, by=cast.olivia))
    code = ask(link, cast.wanda, cast)

    with pytest.raises(CodeRefused):
        Proof.give(other, code, browser="b", by=cast.wanda, at=NOON)


def test_a_fresh_link_goes_to_the_same_addressee(cast: Cast, invoice: Invoice) -> None:
    link, _token = share(cast, invoice)
    link.revoke(by=cast.olivia, at=NOON)

    fresh = link.renew(by=cast.wanda, at=NOON)

    assert fresh is not None
    assert fresh.person == cast.wanda
    assert Challenge.objects.count() == 0


def test_the_addressee_comes_first_however_many_people_there_are(
    cast: Cast, invoice: Invoice
) -> None:
    for n in range(8):
        ContactPerson.add(
            cast.coyote, name=f"Person {n}", email=f"p{n}@coyote.example", by=cast.olivia, at=NOON
        )
    last = ContactPerson.objects.get(email="p7@coyote.example")
    link, _token = Link.share(invoice, person=last, by=cast.olivia, at=NOON)

    ways = link.ways_to_prove()
    assert ways[0].target == "p7@coyote.example"
    assert len(ways) == 6
