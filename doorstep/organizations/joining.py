"""The way in for a new member: a signed link in a mail, good once and for two weeks.

Nothing is stored. The signature is made with the password that the account has, so that the link
opens nothing any more as soon as one is chosen.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doorstep.identity.models import Account
from doorstep.lib.errors import Refused
from doorstep.lib.tokens import hash_token
from doorstep.organizations.models import Member, Organization

LASTS = timedelta(days=14)


class JoiningClosed(Refused):
    """Used, too old, or the person is no member any more: one answer for all."""


def joining_token(member: Member, *, at: datetime) -> str:
    """What the link of a member who was invited at `at` holds."""
    return _signer(member).sign(f"{member.pk}.{int((at + LASTS).timestamp())}")


def who_joins(organization: Organization, token: str, *, at: datetime) -> Member | None:
    """The member whom this token lets choose a password now."""
    number, _dot, rest = token.partition(".")
    until = rest.partition(":")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    members = Member.of(organization).select_related("account")
    member = members.filter(pk=int(number)).first()
    if member is None or member.account.has_usable_password():
        return None
    try:
        _signer(member).unsign(token)
    except BadSignature:
        return None
    member.organization = organization
    return member if datetime.fromtimestamp(int(until), UTC) > at else None


def join(organization: Organization, token: str, password: str, *, at: datetime) -> Account:
    """Choose the first password. Raises `JoiningClosed`; of two at the same time one wins."""
    with transaction.atomic():
        found = who_joins(organization, token, at=at)
        account = Account.objects.select_for_update().get(pk=found.account_id) if found else None
        if account is None or account.has_usable_password():
            raise JoiningClosed(_("This invitation is no longer open. Ask for a new one."))
        account.set_password(password)
        account.save(update_fields=["password"])
        return account


def _signer(member: Member) -> Signer:
    return Signer(salt=f"joining {hash_token(member.account.password)}")
