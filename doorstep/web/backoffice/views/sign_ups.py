"""Portal access → Requests: who proved an address at a link and asks to come in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from doorstep.lib import clock
from doorstep.lib.words import moment
from doorstep.sharing.models import SignUp
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice.rights import needs
from doorstep.web.ui.paging import Page, turn_to

COLUMNS = ("name", "email", "contact", "contact__name", "document", "document__number")


@require_GET
@needs("papers.view")
def sign_ups(request: OfficeRequest) -> HttpResponse:
    waiting = SignUp.of(request.organization).waiting()
    page = turn_to(waiting, request.GET, *COLUMNS, by="asked_at")
    context = {
        "tab": "sign_ups",
        "page": Page([_row(row, request) for row in page.rows], page.newer, page.older),
        "may_decide": request.member.may("access.manage"),
        "held": request.organization.preferences.holds_strangers(),
    }
    return render(request, "backoffice/access/sign_ups.html", context)


@require_POST
@needs("access.manage")
def approval(request: OfficeRequest, pk: int) -> HttpResponse:
    """The person joins the customer and gets an invitation."""
    person = _find(request, pk).approve(by=request.member, at=clock.now())
    said = _("%(name)s is invited at %(email)s.") % {"name": person.name, "email": person.email}
    messages.success(request, said)
    return redirect("sign_ups")


@require_POST
@needs("access.manage")
def refusal(request: OfficeRequest, pk: int) -> HttpResponse:
    """Nobody is told; the request is gone from the list."""
    found = _find(request, pk)
    found.decline(by=request.member, at=clock.now())
    messages.success(request, _("The request of %(name)s is declined.") % {"name": found.name})
    return redirect("sign_ups")


def _find(request: OfficeRequest, pk: int) -> SignUp:
    found = get_object_or_404(SignUp.of(request.organization).select_related("contact"), pk=pk)
    found.contact.organization = request.organization
    return found


def _row(row: Any, request: OfficeRequest) -> dict[str, Any]:
    locale, zone = get_language() or "en", request.organization.time_zone
    return {
        "pk": row.pk,
        "name": row.name,
        "email": row.email,
        "contact": row.contact,
        "contact_name": row.contact__name,
        "document": row.document,
        "number": row.document__number or "",
        "when": moment(row.asked_at, locale, zone),
    }
