"""Headers that every answer carries, errors and downloads included."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

Respond = Callable[[HttpRequest], HttpResponse]

_SOURCES: dict[str, list[str]] = settings.CONTENT_SECURITY_POLICY
_POLICY = "; ".join(f"{name} {' '.join(map(str, values))}" for name, values in _SOURCES.items())
_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(self), "
        "publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store, private",
}


def headers(get_response: Respond) -> Respond:
    """Put them on, unless the view chose its own."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(settings.STATIC_URL):
            patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response

    return respond
