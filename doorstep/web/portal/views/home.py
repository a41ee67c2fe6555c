"""The portal's home."""

from django.http import HttpResponse
from django.shortcuts import render

from doorstep.web.askers import PortalRequest


def home(request: PortalRequest) -> HttpResponse:
    return render(request, "portal/home.html")
