"""Browsers in which the second factor was given: how long that counts is each business's decision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.mfa.internal.flows import trust
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest, HttpResponse

from doorstep.identity.factors.strength import TRUSTED
from doorstep.identity.models import Account
from doorstep.lib import clock


class SecondStep(AuthenticateStage):  # type: ignore[misc]
    """Asks for the second factor, unless this browser gave it lately enough for this business."""

    def _should_handle(self, request: HttpRequest) -> bool:
        if not super()._should_handle(request):
            return False
        since = remembered_since(request, self.login.user)
        if since is None or since + remembered_for(request) <= clock.now():
            return True
        request.session[TRUSTED] = {"account": str(self.login.user.pk), "at": since.timestamp()}
        return False


def remember(request: HttpRequest, account: Account, response: HttpResponse) -> None:
    """Mark this browser; a new password, factor or a reset makes the mark void."""
    if remembered_for(request):
        trust.trust_browser(request, account, response)


def remembered_for(request: Any) -> timedelta:
    organization = getattr(request, "organization", None)
    return organization.preferences.remembers_browsers_for() if organization else timedelta()


def remembered_since(request: HttpRequest, account: Account) -> datetime | None:
    """When this browser was last remembered for this account, as it is set up now."""
    given = trust.decode_trust_cookie(request)
    if not given:
        return None
    mark = trust.create_config_fingerprint(account)
    moments = [one.at for one in given if one.fingerprint == mark]
    return datetime.fromtimestamp(max(moments), UTC) if moments else None
