"""Who hears of what, and how: event kind × audience × channel. A new notice is a line here and a template."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from doorstep.contacts.events import ACCESS_ACCEPTED, PERSON_INVITED
from doorstep.documents.events import PAPER_SENT, PAPER_VIEWED
from doorstep.payments.events import (
    PAYMENT_FAILED,
    PAYMENT_PENDING,
    PAYMENT_QUARANTINED,
    PAYMENT_STARTED,
    PAYMENT_SUCCEEDED,
)


class Audience(Enum):
    INVITED = "the person who is invited"
    ADDRESSED = "the people whom a paper is addressed to"
    PAYER = "who paid"
    PAYER_AND_PRIMARY = "who paid, and the primary person when money came back after a while"
    MEMBERS = "owners, admins and the contact's account manager"


class Channel(Enum):
    MAIL = "mail"
    BELL = "bell"


@dataclass(frozen=True, slots=True)
class Rule:
    """`letter` names the mail's templates, `mail/<letter>.html` and `.txt`; the bell needs none."""

    event: str
    audience: Audience
    channel: Channel
    letter: str = ""


RULES = (
    Rule(PERSON_INVITED, Audience.INVITED, Channel.MAIL, "invitation"),
    Rule(PAPER_SENT, Audience.ADDRESSED, Channel.MAIL, "paper"),
    Rule(PAYMENT_PENDING, Audience.PAYER, Channel.MAIL, "payment_pending"),
    Rule(PAYMENT_SUCCEEDED, Audience.PAYER, Channel.MAIL, "receipt"),
    Rule(PAYMENT_FAILED, Audience.PAYER_AND_PRIMARY, Channel.MAIL, "payment_failed"),
    # What members hear is the preference *Notify me about Customer Portal activity*.
    Rule(PAPER_VIEWED, Audience.MEMBERS, Channel.BELL),
    Rule(ACCESS_ACCEPTED, Audience.MEMBERS, Channel.BELL),
    Rule(PAYMENT_STARTED, Audience.MEMBERS, Channel.BELL),
    Rule(PAYMENT_PENDING, Audience.MEMBERS, Channel.BELL),
    Rule(PAYMENT_SUCCEEDED, Audience.MEMBERS, Channel.BELL),
    Rule(PAYMENT_SUCCEEDED, Audience.MEMBERS, Channel.MAIL, "member_paid"),
    Rule(PAYMENT_FAILED, Audience.MEMBERS, Channel.BELL),
    Rule(PAYMENT_FAILED, Audience.MEMBERS, Channel.MAIL, "member_failed"),
    Rule(PAYMENT_QUARANTINED, Audience.MEMBERS, Channel.BELL),
    Rule(PAYMENT_QUARANTINED, Audience.MEMBERS, Channel.MAIL, "member_quarantined"),
)


def rules_for(kind: str) -> list[Rule]:
    return [rule for rule in RULES if rule.event == kind]
