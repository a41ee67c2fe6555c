"""Pages and files that belong to the kit itself."""

from __future__ import annotations

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
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for those who write pages."""
    context = {"form": filled_in_wrongly(), "sections": SECTIONS, "tones": TONES, "badges": BADGES}
    return render(request, "ui/components.html", context)
