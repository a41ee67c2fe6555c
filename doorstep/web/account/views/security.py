"""*Sign-in and security*: what a person has set up, where they are signed in, and what happened."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doorstep.identity.models.session import MOST_AT_ONCE
from doorstep.lib import clock
from doorstep.lib.words import moment
from doorstep.web.account.happenings import happenings_of


@require_safe
def security(request: Any) -> HttpResponse:
    if getattr(getattr(request, "asker", None), "viewing", None):
        raise Http404
    factors = list(request.user.authenticator_set.order_by("pk"))
    preferences = request.organization.preferences
    kinds = {factor.type: factor for factor in factors}
    codes = kinds.get("recovery_codes")
    context = {
        "frame": f"ui/{request.face}.html",
        "app": _factor_row(request, kinds["totp"]) if "totp" in kinds else None,
        "passkeys": [_factor_row(request, one) for one in factors if one.type == "webauthn"],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "required": preferences.requires_second_factor(staff=request.face == "office"),
        "sessions": _session_rows(request),
        "most": MOST_AT_ONCE,
        "happenings": happenings_of(request.user, request.organization.time_zone),
    }
    return render(request, "account/security.html", context)


def _factor_row(request: Any, factor: Authenticator) -> dict[str, Any]:
    name = factor.wrap().name if factor.type == Authenticator.Type.WEBAUTHN else ""
    return {
        "pk": factor.pk,
        "name": name,
        "added": _moment(request, factor.created_at),
        "used": _moment(request, factor.last_used_at) if factor.last_used_at else "",
    }


def _session_rows(request: Any) -> list[dict[str, Any]]:
    """This browser first, then the latest seen."""
    at, own = clock.now(), request.session.row
    rows = [
        {
            "pk": one.pk,
            "browser": one.browser or _("A browser"),
            "address": one.address,
            "seen": _moment(request, one.seen_at),
            "here": own is not None and one.pk == own.pk,
            "two": one.strength == "two",
        }
        for one in request.user.sessions.live(at=at).order_by("-seen_at")[:100]
    ]
    return sorted(rows, key=lambda row: not row["here"])


def _moment(request: Any, at: Any) -> str:
    return moment(at, get_language() or "en", request.organization.time_zone)
