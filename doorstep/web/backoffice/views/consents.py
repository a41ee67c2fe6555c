"""Settings → Profile → Who agreed: to which version of the terms, when, how and from where."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from doorstep.lib.words import moment
from doorstep.organizations.models import Consent, How
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice.rights import needs
from doorstep.web.ui.paging import Page, turn_to

COLUMNS = ("name", "email", "version", "how", "place")


@require_GET
@needs("settings.view")
def consents(request: OfficeRequest) -> HttpResponse:
    page = turn_to(Consent.of(request.organization), request.GET, *COLUMNS, by="at")
    rows = [_row(request, row) for row in page.rows]
    context = {"page": Page(rows, page.newer, page.older)}
    return render(request, "backoffice/settings/consents.html", context)


def _row(request: OfficeRequest, row: Any) -> dict[str, str]:
    return {
        "name": row.name,
        "email": row.email,
        "version": row.version,
        "is_current": row.version == request.organization.terms_version,
        "how": How(row.how).label,
        "place": row.place,
        "when": moment(row.at, get_language() or "en", request.organization.time_zone),
    }
