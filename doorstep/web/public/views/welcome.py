"""The front door of the whole installation: `/`."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from doorstep.demo.people import CAST
from doorstep.identity.models import Account
from doorstep.organizations.models import Organization
from doorstep.web.public.views.set_up import is_open
from doorstep.web.tenancy import path_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """With a demo company a stage with its cast; with one business its portal; else a signpost."""
    businesses = list(Organization.known().order_by("-is_demo", "pk")[:3])
    demo = next((one for one in businesses if one.is_demo), None)
    if demo is None and len(businesses) == 1:
        return redirect(path_in("portal", businesses[0].portal_name, "home"))
    context = {
        "demo": demo,
        "cast": CAST if demo else (),
        "businesses": businesses,
        "set_up_open": is_open(),
    }
    return render(request, "public/welcome.html", context)


@login_not_required
@require_POST
def be_somebody(request: HttpRequest, key: str) -> HttpResponse:
    """Sign in as one of the demo company's people. There is no such address without a demo company."""
    part = next((part for part in CAST if part.key == key), None)
    demo = Organization.known().filter(is_demo=True).first()
    account = Account.at_address(part.email) if part else None
    if part is None or demo is None or account is None or not account.is_active:
        raise Http404
    record_authentication(request, account, "demo")
    login(request, account, backend=BACKEND)
    return redirect(path_in(part.face, demo.portal_name, "home"))
