"""The back office's home: what is to be set up, what is owed, what to look at."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from doorstep.lib import clock
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice.checklist import steps
from doorstep.web.backoffice.receivables import glance
from doorstep.web.backoffice.rights import needs


@needs("papers.view")
def home(request: OfficeRequest) -> HttpResponse:
    to_set_up = steps(request.organization) if request.member.may("settings.edit") else []
    context = {
        "steps": to_set_up if any(not step.done for step in to_set_up) else [],
        "done": sum(step.done for step in to_set_up),
        "may_write": request.member.may("invoices.edit"),
        **glance(request.organization, at=clock.now()),
    }
    return render(request, "backoffice/home.html", context)


@needs("settings.view")
def setup_checklist(request: OfficeRequest) -> HttpResponse:
    """The checklist by itself, also when all is done."""
    found = steps(request.organization)
    context = {"steps": found, "done": sum(step.done for step in found)}
    return render(request, "backoffice/checklist.html", context)
