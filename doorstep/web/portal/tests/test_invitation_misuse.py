"""T16: an invitation is for one address, once, for a while, and brings what the inviter chose."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from doorstep.contacts.models import ContactPerson, PortalAccess
from doorstep.identity.models import Account
from doorstep.lib.clock import shifted_to
from doorstep.lib.secrets import unseal
from doorstep.organizations.models import Member
from tests.cast import NOON, Cast, a_person

pytestmark = pytest.mark.django_db
PASSWORD = "a heap of anvils"


@pytest.fixture
def nora(cast: Cast) -> ContactPerson:
    return a_person(cast.coyote, "Nora Newcomer", "nora@coyote.example", access=False)


@pytest.fixture
def link(cast: Cast, nora: ContactPerson) -> str:
    invitation = nora.invite(by=cast.olivia, at=NOON)
    return f"{cast.acme.portal}invitation/{unseal(invitation.sealed_token)}/"


def accepts(link: str, client: Client | None = None, **more: str) -> bool:
    """Whether whoever opens the link and presses the button gets in by it."""
    client = client or Client()
    before = PortalAccess.objects.count()
    with shifted_to(NOON):
        client.get(link, follow=True)
        client.post(link.rsplit("/", 2)[0] + "/", {"password": PASSWORD, **more})
    return PortalAccess.objects.count() > before


def test_t16_another_person_who_is_signed_in_cannot_take_it(
    cast: Cast, link: str, signed_in
) -> None:
    for somebody in (cast.wanda, cast.greta, cast.olivia):
        assert not accepts(link, signed_in(somebody))
    assert not Account.objects.filter(email="nora@coyote.example").exists()
    assert accepts(link)


def test_t16_the_second_use_is_refused(link: str) -> None:
    assert accepts(link)
    assert not accepts(link)


def test_t16_after_it_was_revoked(cast: Cast, link: str, nora: ContactPerson) -> None:
    nora.revoke(by=cast.olivia, at=NOON)

    assert not accepts(link)


def test_t16_after_a_newer_one(cast: Cast, link: str, nora: ContactPerson) -> None:
    nora.invite(by=cast.olivia, at=NOON)

    assert not accepts(link)


def test_t16_after_two_weeks(link: str) -> None:
    client = Client()
    client.get(link, follow=True)
    with shifted_to(NOON + timedelta(days=14, minutes=1)):
        assert client.get(link, follow=True).status_code == 404
        page = link.rsplit("/", 2)[0] + "/"
        assert client.post(page, {"password": PASSWORD}).status_code == 404
    assert not PortalAccess.objects.filter(contact_person__name="Nora Newcomer").exists()


def test_t16_nothing_in_the_form_gives_more_than_the_inviter_chose(
    cast: Cast, link: str, nora: ContactPerson
) -> None:
    wanted = {
        "role": "owner",
        "email": "greta@globex.example",
        "organization": str(cast.globex.organization.pk),
        "contact_person": str(cast.wanda.pk),
        "is_primary": "on",
        "is_staff": "on",
        "may_manage_people": "on",
    }

    assert accepts(link, **wanted)

    access = PortalAccess.objects.get(contact_person=nora)
    assert access.organization == cast.acme.organization
    assert access.account.email == "nora@coyote.example"
    assert not Member.objects.filter(account=access.account).exists()
    before = {f.attname: getattr(nora, f.attname) for f in nora._meta.concrete_fields}
    after = ContactPerson.objects.get(pk=nora.pk)
    assert before == {name: getattr(after, name) for name in before}
