"""Who hears of what, and how: event kind × audience × channel. A new notice is a line here and a template."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from doorstep.contacts.events import (
    ACCESS_ACCEPTED,
    ACCESS_SIGNED_UP,
    DETAIL_APPROVED,
    DETAIL_ASKED,
    DETAIL_DECLINED,
    DETAILS_EDITED,
    FACTOR_RESET,
    FACTOR_RESET_ASKED,
    PERSON_INVITED,
)
from doorstep.documents.events import (
    FILE_ASKED,
    FILE_DELIVERED,
    FILE_SENT_BACK,
    FILE_SHARED,
    FILE_SHOWN,
    FILE_UPLOADED,
    PAPER_SENT,
    PAPER_VIEWED,
)
from doorstep.identity import events as account
from doorstep.organizations.events import MEMBER_INVITED
from doorstep.payments.events import (
    PAYMENT_FAILED,
    PAYMENT_PENDING,
    PAYMENT_QUARANTINED,
    PAYMENT_STARTED,
    PAYMENT_SUCCEEDED,
)
from doorstep.sharing.events import (
    LINK_CODE_ASKED,
    LINK_PASSED_ON,
    LINK_RENEWED,
    LINK_SHARED,
    SIGN_UP_CODE_ASKED,
    SIGN_UP_HELD,
)


class Audience(Enum):
    INVITED = "the person who is invited"
    JOINING = "the member who is new"
    CONCERNED = "the person whom it happened to"
    HOLDER = "who holds the account, at the old address too where it has changed"
    ADDRESSED = "the people whom a paper is addressed to"
    PAYER = "who paid"
    PAYER_AND_PRIMARY = "who paid, and the primary person when money came back after a while"
    PROVING = "the person who asked for a code to prove themselves"
    NEWCOMER = "the address that asks for an account, if the business would let it in or hold it"
    LINKED = "the person whom a link is for"
    IN_PORTAL = "those at the contact who come into the portal, else its primary person"
    PASSED_ON_TO = "the address that a link was passed on to"
    MEMBERS = "owners, admins and the contact's account manager"


class Channel(Enum):
    MAIL = "mail"
    BELL = "bell"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Rule:
    """`letter` names the templates, `mail/<letter>.html` and `.txt`, or `text/<letter>.txt`; the bell needs none.

    What is not `by_default` reaches only members who asked for it (see `models/choice.py`).
    """

    event: str
    audience: Audience
    channel: Channel
    letter: str = ""
    by_default: bool = True


RULES = (
    Rule(PERSON_INVITED, Audience.INVITED, Channel.MAIL, "invitation"),
    Rule(MEMBER_INVITED, Audience.JOINING, Channel.MAIL, "team_invitation"),
    Rule(FACTOR_RESET, Audience.CONCERNED, Channel.MAIL, "factor_reset"),
    Rule(FACTOR_RESET_ASKED, Audience.CONCERNED, Channel.MAIL, "factor_reset_asked"),
    Rule(PAPER_SENT, Audience.ADDRESSED, Channel.MAIL, "paper"),
    Rule(LINK_SHARED, Audience.LINKED, Channel.MAIL, "shared_link"),
    Rule(LINK_RENEWED, Audience.LINKED, Channel.MAIL, "shared_link"),
    Rule(LINK_SHARED, Audience.LINKED, Channel.TEXT, "shared_link"),
    Rule(LINK_RENEWED, Audience.LINKED, Channel.TEXT, "shared_link"),
    Rule(LINK_CODE_ASKED, Audience.PROVING, Channel.TEXT, "link_code"),
    Rule(LINK_PASSED_ON, Audience.PASSED_ON_TO, Channel.MAIL, "passed_on_link"),
    Rule(LINK_CODE_ASKED, Audience.PROVING, Channel.MAIL, "link_code"),
    Rule(SIGN_UP_CODE_ASKED, Audience.NEWCOMER, Channel.MAIL, "sign_up_code"),
    Rule(PAYMENT_PENDING, Audience.PAYER, Channel.MAIL, "payment_pending"),
    Rule(PAYMENT_SUCCEEDED, Audience.PAYER, Channel.MAIL, "receipt"),
    Rule(PAYMENT_FAILED, Audience.PAYER_AND_PRIMARY, Channel.MAIL, "payment_failed"),
    Rule(FILE_SHARED, Audience.IN_PORTAL, Channel.MAIL, "contact_news"),
    Rule(FILE_SHOWN, Audience.IN_PORTAL, Channel.MAIL, "contact_news"),
    Rule(FILE_ASKED, Audience.IN_PORTAL, Channel.MAIL, "contact_news"),
    Rule(FILE_SENT_BACK, Audience.IN_PORTAL, Channel.MAIL, "contact_news"),
    Rule(DETAIL_APPROVED, Audience.IN_PORTAL, Channel.MAIL, "contact_news"),
    Rule(DETAIL_DECLINED, Audience.IN_PORTAL, Channel.MAIL, "contact_news"),
    # What members hear is the preference *Notify me about Customer Portal activity*.
    Rule(PAPER_VIEWED, Audience.MEMBERS, Channel.BELL),
    Rule(PAPER_VIEWED, Audience.MEMBERS, Channel.MAIL, "member_activity", by_default=False),
    Rule(ACCESS_ACCEPTED, Audience.MEMBERS, Channel.BELL),
    Rule(ACCESS_ACCEPTED, Audience.MEMBERS, Channel.MAIL, "member_activity", by_default=False),
    Rule(ACCESS_SIGNED_UP, Audience.MEMBERS, Channel.BELL),
    Rule(ACCESS_SIGNED_UP, Audience.MEMBERS, Channel.MAIL, "member_activity", by_default=False),
    Rule(SIGN_UP_HELD, Audience.MEMBERS, Channel.BELL),
    Rule(SIGN_UP_HELD, Audience.MEMBERS, Channel.MAIL, "member_sign_up_held"),
    Rule(PAYMENT_STARTED, Audience.MEMBERS, Channel.BELL),
    Rule(PAYMENT_STARTED, Audience.MEMBERS, Channel.MAIL, "member_activity", by_default=False),
    Rule(PAYMENT_PENDING, Audience.MEMBERS, Channel.BELL),
    Rule(PAYMENT_PENDING, Audience.MEMBERS, Channel.MAIL, "member_activity", by_default=False),
    Rule(PAYMENT_SUCCEEDED, Audience.MEMBERS, Channel.BELL),
    Rule(PAYMENT_SUCCEEDED, Audience.MEMBERS, Channel.MAIL, "member_paid"),
    Rule(PAYMENT_FAILED, Audience.MEMBERS, Channel.BELL),
    Rule(PAYMENT_FAILED, Audience.MEMBERS, Channel.MAIL, "member_failed"),
    Rule(PAYMENT_QUARANTINED, Audience.MEMBERS, Channel.BELL),
    Rule(PAYMENT_QUARANTINED, Audience.MEMBERS, Channel.MAIL, "member_quarantined"),
    Rule(FILE_UPLOADED, Audience.MEMBERS, Channel.BELL),
    Rule(FILE_UPLOADED, Audience.MEMBERS, Channel.MAIL, "member_activity"),
    Rule(FILE_DELIVERED, Audience.MEMBERS, Channel.BELL),
    Rule(FILE_DELIVERED, Audience.MEMBERS, Channel.MAIL, "member_activity"),
    Rule(DETAILS_EDITED, Audience.MEMBERS, Channel.BELL),
    Rule(DETAILS_EDITED, Audience.MEMBERS, Channel.MAIL, "member_activity", by_default=False),
    Rule(DETAIL_ASKED, Audience.MEMBERS, Channel.BELL),
    Rule(DETAIL_ASKED, Audience.MEMBERS, Channel.MAIL, "member_activity"),
    # What was done with somebody's own account.
    Rule(account.SIGNED_IN_ANEW, Audience.HOLDER, Channel.MAIL, "account_notice"),
    Rule(account.FACTOR_ADDED, Audience.HOLDER, Channel.MAIL, "account_notice"),
    Rule(account.FACTOR_REMOVED, Audience.HOLDER, Channel.MAIL, "account_notice"),
    Rule(account.RECOVERY_CODES_MADE, Audience.HOLDER, Channel.MAIL, "account_notice"),
    Rule(account.PASSWORD_CHANGED, Audience.HOLDER, Channel.MAIL, "account_notice"),
    Rule(account.SESSIONS_ENDED, Audience.HOLDER, Channel.MAIL, "account_notice"),
    Rule(account.ADDRESS_CHANGED, Audience.HOLDER, Channel.MAIL, "account_notice"),
    Rule(account.DATA_READY, Audience.HOLDER, Channel.MAIL, "account_notice"),
    Rule(account.ADDRESS_RESTORED, Audience.HOLDER, Channel.MAIL, "account_notice"),
)
TOLD = frozenset(rule.event for rule in RULES)


def rules_for(kind: str) -> list[Rule]:
    return [rule for rule in RULES if rule.event == kind]
