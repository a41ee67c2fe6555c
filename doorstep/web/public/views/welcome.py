"""The front door of the whole installation: `/`."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from doorstep.demo.people import CAST
from doorstep.identity.guards import MAILS_FROM, MAILS_TO
from doorstep.identity.models import Account, Limit, canonical_address
from doorstep.identity.peers import peer_of
from doorstep.lib import clock
from doorstep.lib.secrets import seal
from doorstep.notifications.tasks import show_ways_in
from doorstep.organizations.models import Organization
from doorstep.web.public.forms.ways_in import AddressForm
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
        "form": AddressForm(),
    }
    return render(request, "public/welcome.html", context)


@login_not_required
@require_POST
def ways_in(request: HttpRequest) -> HttpResponse:
    """Mail an address the way to its portals: one answer for every address, and the work is done later."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return render(request, "public/welcome.html", {"businesses": True, "form": form})
    at, address = clock.now(), canonical_address(form.cleaned_data["email"])
    Limit.take(MAILS_FROM, peer_of(request), at=at)
    Limit.take(MAILS_TO, address, at=at)
    show_ways_in.enqueue(seal(address))
    return render(request, "public/welcome.html", {"businesses": True, "asked": True})


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
