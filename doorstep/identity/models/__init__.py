from doorstep.identity.models.account import Account, AccountManager, canonical_address
from doorstep.identity.models.session import Session

__all__ = ["Account", "AccountManager", "Session", "canonical_address"]
