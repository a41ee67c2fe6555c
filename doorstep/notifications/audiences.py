"""From an audience to the people in it, as they are at this moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from doorstep.contacts.models import ContactPerson
from doorstep.lib.phones import textable
from doorstep.notifications.hearers import hearers
from doorstep.notifications.occasions import Occasion
from doorstep.notifications.rules import Audience, Channel, Rule
from doorstep.organizations.models import Member
from doorstep.sharing.admission import Admission, admission_of
from doorstep.sharing.proofs import NOBODY_REGISTERED


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address, and whose it is: a person's or a member's."""

    address: str
    name: str
    locale: str
    person: ContactPerson | None = None
    member: Member | None = None

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]


def recipients(rule: Rule, occasion: Occasion) -> list[Recipient]:
    """Everybody whom this rule reaches, each address once."""
    found = _AUDIENCES[rule.audience](rule, occasion)
    return list({recipient.address: recipient for recipient in reversed(found)}.values())[::-1]


def members_who_hear(rule: Rule, occasion: Occasion) -> list[Member]:
    """Owners, admins and the account manager, as each of them chose, except who did it."""
    manager = occasion.contact.account_manager_id if occasion.event.contact_id else None
    members = hearers(rule, occasion.organization.pk, manager_id=manager)
    payment = occasion.payment
    doers = [occasion.event.actor_id, payment.started_by_id if payment else None]
    members = members.exclude(account__in=[doer for doer in doers if doer])
    return list(members.select_related("account").order_by("pk"))


def _invited(rule: Rule, occasion: Occasion) -> list[Recipient]:
    """Nobody when a member passes the link on themselves."""
    return [] if occasion.event.data.get("by_hand") else _concerned(rule, occasion)


def _joining(rule: Rule, occasion: Occasion) -> list[Recipient]:
    member = occasion.member
    return [_member(member, occasion)] if member else []


def _concerned(rule: Rule, occasion: Occasion) -> list[Recipient]:
    person = occasion.person(occasion.event.subject_id)
    return [_person(person)] if person else []


def _holder(rule: Rule, occasion: Occasion) -> list[Recipient]:
    account = occasion.account
    if account is None:
        return []
    hat = account.accesses.filter(organization=occasion.organization).first()
    locale = hat.contact_person.locale() if hat else ""
    locale = locale or account.language or occasion.organization.language or "en"
    addresses = [account.email, occasion.event.data.get("before", account.email)]
    return [Recipient(one, account.name, locale) for one in dict.fromkeys(addresses)]


def _addressed(rule: Rule, occasion: Occasion) -> list[Recipient]:
    named = occasion.event.data.get("people", [])
    return [_person(person) for person in occasion.people if person.pk in named]


def _payer(rule: Rule, occasion: Occasion) -> list[Recipient]:
    payment = occasion.payment
    if payment is None or payment.gateway == "manual":
        return []
    if payment.link:
        # Whoever paid, the receipt goes to the person whom the link was for.
        return [_person(p) for p in occasion.people if p.pk == payment.link.person_id]
    return [
        _person(person)
        for person in occasion.people
        if (access := getattr(person, "access", None))
        and access.account_id == payment.started_by_id
    ]


def _payer_and_primary(rule: Rule, occasion: Occasion) -> list[Recipient]:
    payer, payment = _payer(rule, occasion), occasion.payment
    if payment is None or payment.gateway == "manual" or (payer and not payment.pending_at):
        return payer
    return payer + [_person(person) for person in occasion.people if person.is_primary]


def _proving(rule: Rule, occasion: Occasion) -> list[Recipient]:
    number, link = occasion.event.data.get("person"), occasion.link
    if bool(occasion.event.data.get("by_text")) != (rule.channel is Channel.TEXT):
        return []
    if rule.channel is Channel.TEXT:
        return _telephone(number, occasion)
    if number == NOBODY_REGISTERED:
        return [_somebody_at(link.addressee, occasion)] if link and link.addressee else []
    person = occasion.person(number)
    return [_person(person)] if person else []


def _in_portal(rule: Rule, occasion: Occasion) -> list[Recipient]:
    """Nobody while what was shared is for the business's own eyes."""
    if not occasion.event.data.get("visible", True):
        return []
    within = [
        person
        for person in occasion.people
        if (access := getattr(person, "access", None)) and access.revoked_at is None
    ]
    return [_person(person) for person in within or occasion.people[:1]]


def _passed_on_to(rule: Rule, occasion: Occasion) -> list[Recipient]:
    link = occasion.link
    return [_somebody_at(link.addressee, occasion)] if link and link.addressee else []


def _telephone(number: int | None, occasion: Occasion) -> list[Recipient]:
    """The person's number as a message can be sent to it; nobody when it cannot."""
    person = occasion.contact.people.filter(pk=number or 0).first()
    telephone = textable(person.phone) if person else ""
    if person is None or not telephone:
        return []
    person.contact, person.organization = occasion.contact, occasion.organization
    return [replace(_person(person), address=telephone)]


def _somebody_at(address: str, occasion: Occasion) -> Recipient:
    """Nobody whom the business knows; only the address is."""
    return Recipient(address, "", occasion.organization.language or "en")


def _newcomer(rule: Rule, occasion: Occasion) -> list[Recipient]:
    """Nobody at an address that would stay outside: it learns nothing, and neither does who typed it."""
    challenge, link = occasion.challenge, occasion.link
    if challenge is None or link is None:
        return []
    address, organization = challenge.target, occasion.organization
    if admission_of(address, occasion.contact, organization) is Admission.NO:
        return []
    return [Recipient(address, "", organization.language or "en")]


def _linked(rule: Rule, occasion: Occasion) -> list[Recipient]:
    """Nobody when the link was handed on another way: copied, by WhatsApp, or with a paper's own mail."""
    link = occasion.link
    by_text = rule.channel is Channel.TEXT
    way = "sms" if by_text else "mail"
    if link is None or link.channel != way or occasion.event.data.get("enclosed"):
        return []
    if by_text:
        return _telephone(link.person_id, occasion)
    person = occasion.person(link.person_id)
    return [_person(person)] if person else []


def _members(rule: Rule, occasion: Occasion) -> list[Recipient]:
    by_mail = rule.channel is Channel.MAIL
    preferences, payment = occasion.preferences, occasion.payment
    allowed = (
        preferences.allows_notices_by_mail() if by_mail else preferences.allows_notices_in_app()
    )
    # Money that a member wrote down is no activity in the portal.
    if not allowed or (payment is not None and payment.gateway == "manual"):
        return []
    return [_member(member, occasion) for member in members_who_hear(rule, occasion)]


def _person(person: ContactPerson) -> Recipient:
    return Recipient(person.email, person.name, person.locale() or "en", person=person)


def _member(member: Member, occasion: Occasion) -> Recipient:
    locale = member.account.language or occasion.organization.language or "en"
    return Recipient(member.account.email, member.actor_name, locale, member=member)


_AUDIENCES: dict[Audience, Callable[[Rule, Occasion], list[Recipient]]] = {
    Audience.INVITED: _invited,
    Audience.JOINING: _joining,
    Audience.CONCERNED: _concerned,
    Audience.HOLDER: _holder,
    Audience.ADDRESSED: _addressed,
    Audience.PAYER: _payer,
    Audience.PAYER_AND_PRIMARY: _payer_and_primary,
    Audience.PROVING: _proving,
    Audience.NEWCOMER: _newcomer,
    Audience.LINKED: _linked,
    Audience.IN_PORTAL: _in_portal,
    Audience.PASSED_ON_TO: _passed_on_to,
    Audience.MEMBERS: _members,
}
