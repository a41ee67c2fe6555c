"""What the business has on file about whoever is asking."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from doorstep.web.askers import PortalRequest
from doorstep.web.portal.shell import business_contact


@require_safe
def details(request: PortalRequest) -> HttpResponse:
    asker = request.asker
    context = {
        "contact": asker.contact,
        "known": asker.person,
        "manager": business_contact(asker),
    }
    return render(request, "portal/details.html", context)
