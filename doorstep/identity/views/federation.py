"""*Continue with …*: to the customer's own sign-in and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from doorstep.identity.federation.protocol import StrictConnect
from doorstep.identity.guards import limits_peer_always
from doorstep.lib.secrets import Unreadable


@require_GET
@login_not_required
@limits_peer_always
def provider_sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _speak(OAuth2LoginView, request, provider_id)


@require_GET
@login_not_required
@limits_peer_always
def provider_return(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _speak(OAuth2CallbackView, request, provider_id)


def _speak(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    """A provider that cannot be reached, or says nonsense, is an error of the sign-in, not of ours."""
    connect = StrictConnect(request, provider_id)
    try:
        provider = connect.get_provider()
    except (SocialApp.DoesNotExist, Unreadable) as error:
        raise Http404 from error
    speak: Callable[..., HttpResponse] = view.adapter_view(connect)
    try:
        return speak(request)
    except (requests.RequestException, OAuth2Error, KeyError, ValueError) as error:
        try:
            get_adapter().on_authentication_error(request, provider, exception=error)
        except ImmediateHttpResponse as answer:
            response: HttpResponse = answer.response
            return response
    raise AssertionError
