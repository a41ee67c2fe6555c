"""Browsers signed out, recovery codes kept, and the proof that dangerous acts ask for."""

from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorstep.identity.events import SESSIONS_ENDED
from doorstep.identity.factors.library import SHOWN
from doorstep.identity.holder import note
from doorstep.identity.models import Session
from doorstep.identity.views.second_step import next_of
from doorstep.lib import clock


@require_POST
def sessions(request: Any) -> HttpResponse:
    """Sign out one other browser (`session`), or all of them."""
    at, mine = clock.now(), Session.objects.of(request.user)
    if one := request.POST.get("session"):
        mine = mine.filter(pk=one)
    with transaction.atomic():
        ended = mine.live(at=at).end(but=request.session.session_key)
        if ended and not one:
            note(SESSIONS_ENDED, request.user, request, at=at)
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
