"""*Sign-in and security*: what a person has set up, and where they are signed in."""

from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorstep.identity.factors.library import SHOWN
from doorstep.identity.models import Session
from doorstep.identity.views.second_step import next_of
from doorstep.lib import clock
from doorstep.lib.words import moment


@require_safe
def security(request: Any) -> HttpResponse:
    if getattr(getattr(request, "asker", None), "viewing", None):
        raise Http404
    factors = list(Authenticator.objects.filter(user_id=request.user.pk).order_by("pk"))
    kinds = {factor.type: factor for factor in factors}
    codes = kinds.get("recovery_codes")
    context = {
        "frame": f"ui/{request.face}.html",
        "app": _factor_row(request, kinds["totp"]) if "totp" in kinds else None,
        "passkeys": [_factor_row(request, one) for one in factors if one.type == "webauthn"],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "required": request.user.must_have_second_factor(),
        "sessions": _session_rows(request),
    }
    return render(request, "account/security.html", context)


@require_POST
def sessions(request: Any) -> HttpResponse:
    """Sign out one other browser (`session`), or all of them."""
    at, mine = clock.now(), Session.objects.of(request.user)
    if one := request.POST.get("session"):
        mine = mine.filter(pk=one)
    ended = mine.live(at=at).end(but=request.session.session_key)
    messages.success(
        request,
        ngettext("%(n)d browser is signed out.", "%(n)d browsers are signed out.", ended)
        % {"n": ended},
    )
    return redirect("security")


@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The new codes, readable until the person says that they are kept."""
    if request.method == "POST":
        request.session.pop(SHOWN, None)
        return redirect(next_of(request) or reverse("security"))
    codes = request.session.get(SHOWN)
    if not codes:
        return redirect("security")
    return render(
        request, "mfa/recovery_codes/index.html", {"codes": codes, "next": next_of(request)}
    )


@require_safe
def recovery_codes_file(request: HttpRequest) -> HttpResponse:
    codes = request.session.get(SHOWN)
    if not codes:
        raise Http404
    account, organization = request.user, getattr(request, "organization", None)
    words = _("Recovery codes of %(email)s for %(name)s. Each works once.") % {
        "email": account.get_username(),
        "name": organization.name if organization else "Doorstep",
    }
    return HttpResponse(
        "\n".join([words, "", *codes, ""]),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="recovery-codes.txt"'},
    )


def recently_proven[V: Any](view: V) -> V:
    """A dangerous act: whoever has not proven who they are a moment ago is asked first."""

    @wraps(view)
    def proven(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        raise_if_reauthentication_required(request, app="doorstep")
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer

    return proven  # type: ignore[return-value]


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
        for one in Session.objects.of(request.user).live(at=at)[:100]
    ]
    return sorted(rows, key=lambda row: not row["here"])


def _moment(request: Any, at: Any) -> str:
    return moment(at, get_language() or "en", request.organization.time_zone)
