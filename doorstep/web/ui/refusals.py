"""A refusal becomes a page with its words and its status, once for every face."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from doorstep.lib.errors import Refused

Respond = Callable[[HttpRequest], HttpResponse]


class refusals:  # noqa: N801 - a middleware, named like the function that it is
    """Answers every `Refused` that a view raises; anything else goes on to be an error."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer(request, error) if isinstance(error, Refused) else None


def answer(request: HttpRequest, error: Refused) -> HttpResponse:
    """The page that says no, in the words of the rule."""
    context = {"words": error.words, "back": _where_from(request)}
    response = render(request, "ui/refused.html", context, status=error.status)
    if wait := getattr(error, "retry_after", None):
        response.headers["Retry-After"] = str(wait)
    if request.headers.get("HX-Request"):
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "body", "innerHTML"
    return response


def _where_from(request: HttpRequest) -> str:
    """The page that the person came from, if it is one of ours."""
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure()):
        parts = urlsplit(referer)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return f"{request.META.get('SCRIPT_NAME', '')}/"
