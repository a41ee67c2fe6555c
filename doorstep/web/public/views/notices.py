"""Where gateways tell us what happened."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from doorstep.lib import clock
from doorstep.payments.gateways import GATEWAYS
from doorstep.payments.gateways.base import BadNotice
from doorstep.payments.notices import hear

log = logging.getLogger(__name__)


# A gateway has no session and no form; its signature is what proves it.
@csrf_exempt
@login_not_required
@require_POST
def notices(request: HttpRequest, slug: str) -> HttpResponse:
    """200 when booked, known already or not ours; 400 when not signed by the gateway."""
    if slug not in GATEWAYS:
        raise Http404
    try:
        hear(slug, request.body, request.headers, at=clock.now())
    except BadNotice as reason:
        log.warning("A notice for %s was refused: %s", slug, reason)
        return HttpResponse(status=400)
    return HttpResponse("ok\n", content_type="text/plain")
