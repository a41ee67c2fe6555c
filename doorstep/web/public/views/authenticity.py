"""Is this really from us? What the code on a paper leads to: yes with four facts to compare, or no."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doorstep.identity.models import Limit, Rule
from doorstep.identity.peers import peer_of
from doorstep.lib import clock
from doorstep.lib.languages import supported
from doorstep.organizations.models import Organization
from doorstep.payments.authenticity import Confirmation, confirm

# Only wrong codes are counted, so that the page of a right one changes nothing.
GUESSES = Rule("authenticity.guesses", most=20, per=timedelta(minutes=10))


@login_not_required
@require_safe
def authenticity(request: HttpRequest, code: str) -> HttpResponse:
    """Forged, unknown and another installation's: one page, after the same work."""
    at, peer = clock.now(), peer_of(request)
    Limit.refuse_if_reached(GUESSES, peer, at=at)
    found = confirm(code)
    if found is None:
        Limit.take(GUESSES, peer, at=at)
        return render(request, "public/not_authentic.html", {"business": _only_one()}, status=404)
    request.organization = found.organization  # type: ignore[attr-defined]
    with translation.override(supported(found.organization.language)):
        return render(request, "public/authentic.html", _facts(found))


@login_not_required
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Type the code from a paper: for whoever would rather not follow what somebody printed."""
    if typed := request.GET.get("code", "").strip():
        return authenticity(request, typed[:100])
    return render(request, "public/authenticity_asked.html")


def _facts(found: Confirmation) -> dict[str, object]:
    sheets = {"invoice": _("Invoice"), "receipt": _("Receipt")}
    return {
        "sheet": sheets[found.sheet],
        "number": found.number,
        "amount": found.amount.show_with_code(found.organization.language),
        "payee": found.organization.legal_name or found.organization.name,
        "account": found.account,
        "standing": found.standing.value,
    }


def _only_one() -> Organization | None:
    """Whom to ask, where there is one business; among several no guess is made."""
    businesses = list(Organization.known().order_by("is_demo", "pk")[:2])
    real = [one for one in businesses if not one.is_demo] or businesses
    return real[0] if len(real) == 1 else None
