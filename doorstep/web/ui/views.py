"""Pages and files that belong to the kit itself."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from doorstep.web.ui.brand import derive
from doorstep.web.ui.specimens import SECTIONS, TONES, filled_in_wrongly
from doorstep.web.ui.templatetags.ui import BADGES


@require_safe
@login_not_required
def brand(request: HttpRequest, color: str) -> HttpResponse:
    """An organisation's colours. The colour is in the address, so the answer never changes."""
    try:
        sheet = derive(f"#{color}").css
    except ValueError:
        raise Http404 from None
    return HttpResponse(
        sheet,
        content_type="text/css; charset=utf-8",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


@require_safe
@login_not_required
def logo(request: Any, pk: int) -> HttpResponse:
    """The organisation's logo. Each upload has an address of its own, so the answer never changes."""
    organization = request.organization
    if organization is None or organization.logo_id != pk:
        raise Http404
    return HttpResponse(
        organization.logo.read(),
        content_type=organization.logo.content_type,
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for those who write pages."""
    context = {"form": filled_in_wrongly(), "sections": SECTIONS, "tones": TONES, "badges": BADGES}
    return render(request, "ui/components.html", context)
