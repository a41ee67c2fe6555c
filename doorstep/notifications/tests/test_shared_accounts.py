"""The owner of one organisation cannot come by what signs a person in to another."""

from __future__ import annotations

import pytest

from doorstep.contacts.models import ContactPerson, PortalAccess
from doorstep.identity.models import Account
from doorstep.lib.secrets import seal
from doorstep.notifications.authority import why_not
from doorstep.notifications.models import Message
from doorstep.organizations.models import Member
from tests.cast import NOON, Cast

pytestmark = pytest.mark.django_db


def a_reset_mail(cast: Cast, address: str) -> Message:
    return Message.objects.create(
        organization=cast.globex.organization,
        kind="account",
        recipient=address,
        subject="New password",
        text="",
        sealed_secret=seal("https://example.com/link"),
        message_id=f"<{address}>",
        created_at=NOON,
    )


def let_in_at_globex(cast: Cast, account: Account) -> None:
    person = ContactPerson.add(
        cast.globex_customer, name=account.name, email=account.email, by=cast.greta, at=NOON
    )
    PortalAccess.objects.create(
        organization=cast.globex.organization,
        contact_person=person,
        account=account,
        accepted_at=NOON,
    )


@pytest.mark.parametrize("who", ["wile", "olivia"])
def test_greta_can_neither_reveal_nor_send_the_reset_of_somebody_known_at_acme(
    cast: Cast, who: str
) -> None:
    account = Account.objects.get(pk=getattr(cast, who).actor_account_id)
    let_in_at_globex(cast, account)
    mail = a_reset_mail(cast, account.email)

    assert not mail.may_be_revealed_to(cast.greta)
    assert "elsewhere" in why_not(mail, at=NOON)


def test_somebody_known_at_globex_alone_gets_theirs(cast: Cast) -> None:
    account = Account.objects.create_account("gus@globex.example", name="Gus")
    let_in_at_globex(cast, account)
    mail = a_reset_mail(cast, account.email)

    assert mail.may_be_revealed_to(cast.greta)
    assert why_not(mail, at=NOON) == ""


def test_a_former_member_of_acme_is_known_there_no_more(cast: Cast) -> None:
    account = Account.objects.get(pk=cast.ben.actor_account_id)
    let_in_at_globex(cast, account)
    Member.objects.filter(pk=cast.ben.pk).update(left_at=NOON)

    assert not Account.is_shared(account.email, cast.globex.organization.pk)
