from doorstep.identity.models.account import Account, AccountManager, canonical_address
from doorstep.identity.models.address_change import AddressChange, AddressTaken
from doorstep.identity.models.challenge import Challenge, CodeRefused, Purpose
from doorstep.identity.models.factor_reset import FactorReset
from doorstep.identity.models.limit import Limit, Rule, TooOften
from doorstep.identity.models.session import Session, Strength

__all__ = [
    "Account",
    "AccountManager",
    "AddressChange",
    "AddressTaken",
    "Challenge",
    "CodeRefused",
    "FactorReset",
    "Limit",
    "Purpose",
    "Rule",
    "Session",
    "Strength",
    "TooOften",
    "canonical_address",
]
