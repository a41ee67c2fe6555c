"""From an address to an organisation, mounted: inside a face no link, template or view names the tenant.

`/portal/acme/invoices/` becomes `/invoices/` of the portal's URLconf with `/portal/acme` as script
name. The portal's prefix may also carry a hat (`/as/<n>`) or a member's viewing (`/viewing/<n>`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import get_script_prefix, reverse, set_script_prefix, set_urlconf
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from doorstep.contacts.hats import Hat
from doorstep.lib import clock
from doorstep.lib.languages import supported
from doorstep.organizations.models import FormerPortalName, Organization

FACES = {
    "portal": "doorstep.web.portal.urls",
    "office": "doorstep.web.backoffice.urls",
}
_MOUNT = re.compile(
    r"^/(?P<face>portal|office)/(?P<name>[^/]+)(?P<hat>/(?:as|viewing)/\d{1,18}(?=/|$))?(?P<rest>/.*|$)"
)
_UNHOSTED = frozenset({"/healthz", "/readyz"})

Respond = Callable[[HttpRequest], HttpResponse]


def tenancy(get_response: Respond) -> Respond:
    """The middleware: right host, right organisation, face mounted."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.path_info not in _UNHOSTED:
            try:
                request.get_host()
            except DisallowedHost:
                return _wrong_host(request)
        request.face, request.organization, request.hat = "public", None, ""  # type: ignore[attr-defined]
        found = _MOUNT.match(request.path_info)
        return (_mounted if found else _outside)(request, found, get_response)

    return respond


def _outside(request: HttpRequest, _found: object, get_response: Respond) -> HttpResponse:
    """Of nobody whom we know: the browser says which language is read there."""
    with translation.override(supported(translation.get_language_from_request(request))):
        response = get_response(request)
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _mounted(request: HttpRequest, found: Any, get_response: Respond) -> HttpResponse:
    face, name, hat, rest = found["face"], found["name"], found["hat"] or "", found["rest"]
    organization = Organization.at(name)
    if organization is None:
        # The root URLconf knows nothing under /portal and /office, so 404.
        return _moved(request, name) or _outside(request, found, get_response)
    if not rest:
        return HttpResponseRedirect(request.path + "/")
    request.face, request.organization, request.hat = face, organization, hat  # type: ignore[attr-defined]
    prefix = f"/{face}/{name}{hat}"
    outer = request.META.get("SCRIPT_NAME", "")
    request.urlconf = FACES[face]
    request.path_info = request.META["PATH_INFO"] = rest
    request.META["SCRIPT_NAME"] = outer + prefix
    before = get_script_prefix()
    set_script_prefix(outer + prefix + "/")
    set_urlconf(FACES[face])
    try:
        with translation.override(supported(organization.language)):
            return get_response(request)
    finally:
        set_script_prefix(before)
        set_urlconf(None)


def link_to(face: str, portal_name: str, view: str, *args: object, hat: str = "") -> str:
    """The whole address of a page of a face, for mails and jobs outside of any request."""
    before = get_script_prefix()
    set_script_prefix(f"/{face}/{portal_name}{hat}/")
    try:
        return settings.BASE_URL + reverse(view, urlconf=FACES[face], args=args)
    finally:
        set_script_prefix(before)


def path_in(face: str, portal_name: str, view: str, *args: object, hat: str = "") -> str:
    """As `link_to`, without scheme and host: from one face to the other within a request."""
    return link_to(face, portal_name, view, *args, hat=hat).removeprefix(settings.BASE_URL)


def hat_links(hats: list[Hat], *, worn: int = 0, office: str = "") -> list[dict[str, Any]]:
    """The menu from one hat to another. `worn` is the one in the portal that somebody looks at,
    `office` the portal name of the office."""
    return [
        {
            "url": path_in("office", hat.portal_name, "home")
            if hat.is_office
            else path_in("portal", hat.portal_name, "home", hat=f"/as/{hat.number}"),
            "label": hat.contact or hat.business,
            "line": hat.business if hat.contact else _("Back office"),
            "current": hat.portal_name == office if hat.is_office else hat.number == worn,
        }
        for hat in hats
    ]


def _moved(request: HttpRequest, name: str) -> HttpResponse | None:
    """A former portal name still leads on, for reading only and only for a while."""
    if request.method not in ("GET", "HEAD"):
        return None
    heir = FormerPortalName.heir_of(name, at=clock.now())
    if heir is None:
        return None
    new = request.get_full_path().replace(f"/{name}", f"/{heir.portal_name}", 1)
    return HttpResponseRedirect(new)


def _wrong_host(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/wrong_host.html", {"base_url": settings.BASE_URL}, status=421)
