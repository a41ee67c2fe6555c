"""The business's terms, before anything else is opened, and again when they have changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from doorstep.identity.views.second_step import next_of
from doorstep.lib import clock
from doorstep.organizations.models import Consent, How
from doorstep.web.askers import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: PortalRequest) -> HttpResponse:
    if Consent.is_given(request.organization, request.user):
        return redirect(next_of(request) or reverse("home"))
    if request.method == "POST" and "agreed" in request.POST:
        Consent.give(request.organization, request.user, request, how=How.VISIT, at=clock.now())
        return redirect(next_of(request) or reverse("home"))
    context = {"next": next_of(request), "problem": request.method == "POST"}
    return render(request, "portal/consent.html", context)
