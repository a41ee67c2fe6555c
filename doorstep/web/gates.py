"""The second factor and the terms, where a business asks for them: nothing behind is answered before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from doorstep.identity.factors.strength import is_enough
from doorstep.organizations.models import Consent, PortalPreferences

# What somebody may open who has no second factor yet, and who has one but has not shown it here.
SETTING_UP = frozenset(
    {
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "account_reauthenticate",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
    }
)
SHOWING = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})
# Whoever does not agree may still take their data along, and leave.
BEFORE_AGREEING = frozenset(
    {
        "consent",
        "my_data",
        "my_data_file",
        "close_account",
        "account_reauthenticate",
        *SHOWING,
    }
)
# In the session: to which version of whose terms the person has agreed.
AGREED = "agreed"


def second_factor(
    request: Any, preferences: PortalPreferences, *, staff: bool, at: datetime
) -> HttpResponse | None:
    """The way to *Secure your account* or to the code, or nothing when the person may pass.

    Costs no query where nothing is asked, and none for whoever has given the factor in this session.
    """
    if not preferences.requires_second_factor(staff=staff):
        return None
    remembered: timedelta = preferences.remembers_browsers_for()
    if is_enough(request.session, remembered_for=remembered, at=at):
        return None
    kinds = request.user.second_factors()
    if request.resolver_match.url_name in (SHOWING if kinds else SETTING_UP):
        return None
    if not kinds:
        return _go(request, "mfa_activate_totp")
    return _go(request, "mfa_reauthenticate" if "totp" in kinds else "mfa_reauthenticate_webauthn")


def terms(request: Any) -> HttpResponse | None:
    """The way to the business's terms, or nothing when the person has agreed to them as they are now.

    Costs no query where nothing is asked, and one in each session where something is.
    """
    organization = request.organization
    if not organization.asks_consent or request.resolver_match.url_name in BEFORE_AGREEING:
        return None
    mark = [organization.pk, organization.terms_version]
    if request.session.get(AGREED) == mark:
        return None
    if Consent.is_given(organization, request.user):
        request.session[AGREED] = mark
        return None
    return _go(request, "consent")


def _go(request: Any, view: str) -> HttpResponse:
    """htmx follows redirects silently and would put a whole page into a part; it is told to leave."""
    onward = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("home")
    if request.htmx:
        onward = reverse("home")
        return HttpResponse(
            headers={"HX-Redirect": f"{reverse(view)}?{urlencode({'next': onward})}"}
        )
    return HttpResponseRedirect(f"{reverse(view)}?{urlencode({'next': onward})}")
