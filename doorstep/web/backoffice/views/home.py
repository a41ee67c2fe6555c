"""The back office's home."""

from django.http import HttpResponse
from django.shortcuts import render

from doorstep.web.askers import OfficeRequest


def home(request: OfficeRequest) -> HttpResponse:
    return render(request, "backoffice/home.html")
