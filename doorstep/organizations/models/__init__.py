from doorstep.organizations.models.consent import Consent, How
from doorstep.organizations.models.curtain import Curtain
from doorstep.organizations.models.member import Member
from doorstep.organizations.models.number_series import NumberSeries
from doorstep.organizations.models.organization import Organization
from doorstep.organizations.models.sign_in_provider import SignInProvider
from doorstep.organizations.preferences import FormerPortalName, PortalPreferences

__all__ = [
    "Consent",
    "Curtain",
    "FormerPortalName",
    "How",
    "Member",
    "NumberSeries",
    "Organization",
    "PortalPreferences",
    "SignInProvider",
]
