"""Portal access → Adoption: how far people come, who is stuck where, and one press to mend it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from doorstep.lib import clock
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice import stuck
from doorstep.web.backoffice.adoption import adoption as paid_in_portal
from doorstep.web.backoffice.adoption import funnel
from doorstep.web.backoffice.rights import needs


@require_GET
@needs("papers.view")
def adoption(request: OfficeRequest) -> HttpResponse:
    at = clock.now()
    counted = stuck.counts(request.organization, at=at)
    context = {
        "tab": "adoption",
        "stages": funnel(request.organization),
        "adoption": paid_in_portal(request.organization, at=at),
        "stuck": [(kind, counted[slug]) for slug, kind in stuck.KINDS.items()],
        "stuck_count": sum(counted.values()),
    }
    return render(request, "backoffice/access/adoption.html", context)


@require_GET
@needs("papers.view")
def people_stuck(request: OfficeRequest, kind: str) -> HttpResponse:
    found = stuck.KINDS.get(kind)
    if found is None:
        raise Http404
    context = {
        "tab": "adoption",
        "kind": found,
        "page": stuck.page_of(found, request.GET, request.organization, at=clock.now()),
        "may_invite": request.member.may("access.manage"),
        "may_edit": request.member.may("contacts.edit"),
        "may_send": request.member.may("invoices.edit"),
    }
    return render(request, "backoffice/access/stuck.html", context)
