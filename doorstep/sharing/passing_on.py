"""A recipient passes a link on: weaker, to one address, a few times, and never further."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doorstep.activity.models import Actor, record
from doorstep.contacts.models import ContactPerson
from doorstep.identity.models import Limit, Rule, canonical_address
from doorstep.lib.errors import Refused
from doorstep.lib.secrets import seal
from doorstep.lib.tokens import hash_token, make_token
from doorstep.sharing.events import LINK_PASSED_ON
from doorstep.sharing.models.link import Channel, Link, LinkRight

MOST_LIVE = 5
PER_LINK = Rule("link.passed_on", most=10, per=timedelta(hours=24))
PER_PAPER_AND_ADDRESS = Rule("link.passed_on.paper", most=3, per=timedelta(hours=24))
PER_ADDRESS = Rule("link.passed_on.address", most=10, per=timedelta(hours=24))


class NotPassedOn(Refused):
    """It was passed on already, no longer opens, or as often as it may be."""


class Passer(Actor, Protocol):
    """Whoever passes it on: proven to be a person of the customer, where the business asks for that."""

    @property
    def person(self) -> ContactPerson | None: ...
    @property
    def sees_the_paper(self) -> bool: ...


def pass_on(link: Link, address: str, *, by: Passer, at: datetime, expires_at: datetime) -> Link:
    address = canonical_address(address)
    if not link.may_be_passed_on or not by.sees_the_paper:
        raise NotPassedOn(_("This link cannot be passed on."))
    Limit.take(PER_LINK, link.pk, at=at)
    Limit.take(PER_PAPER_AND_ADDRESS, link.document_id, address, at=at)
    Limit.take(PER_ADDRESS, address, at=at)
    with transaction.atomic():
        _check_room(link, at=at)
        token = make_token()
        passed = Link.objects.create(
            organization_id=link.organization_id,
            document_id=link.document_id,
            parent=link,
            passed_by=by.person,
            addressee=address,
            person=_registered(link, address),
            token_hash=hash_token(token),
            sealed_token=seal(token),
            right=LinkRight.VIEW,
            channel=Channel.MAIL,
            shared_by_name=by.actor_name,
            created_at=at,
            expires_at=min(expires_at, link.expires_at),
        )
        record(LINK_PASSED_ON, passed, by=by, at=at, address=address, link=link.pk)
    return passed


def _check_room(link: Link, *, at: datetime) -> None:
    """Under the lock of the link, so that two clicks do not make one too many, and none after it was revoked."""
    Link.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if not Link.objects.live(at=at).filter(pk=link.pk).exists():
        raise NotPassedOn(_("This link opens nothing any more."))
    if link.passed_on_links(at=at).count() >= MOST_LIVE:
        words = _("You passed it on to %(count)d people. Take one back first.")
        raise NotPassedOn(words % {"count": MOST_LIVE})


def _registered(link: Link, address: str) -> ContactPerson | None:
    people = ContactPerson.objects.filter(contact=link.document.contact_id, email=address)
    return people.first()
