from doorstep.identity.models.account import Account, AccountManager, canonical_address
from doorstep.identity.models.challenge import Challenge, CodeRefused, Purpose
from doorstep.identity.models.limit import Limit, Rule, TooOften
from doorstep.identity.models.session import Session

__all__ = [
    "Account",
    "AccountManager",
    "Challenge",
    "CodeRefused",
    "Limit",
    "Purpose",
    "Rule",
    "Session",
    "TooOften",
    "canonical_address",
]
