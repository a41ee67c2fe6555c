"""Pages and files that belong to the kit itself."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from doorstep.web.ui.brand import derive


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
