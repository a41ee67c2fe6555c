"""In by password, and out."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from doorstep.identity.known_browsers import prefers_passkey
from doorstep.identity.views.second_step import with_next


class SignIn(views.LoginView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "providers": _providers(self.request),
            "passkey_first": prefers_passkey(self.request),
            "passkey_url": with_next(self.request, reverse("mfa_login_webauthn")),
        }


def _providers(request: Any) -> list[dict[str, str]]:
    """The sign-ins of this organisation's customers."""
    if request.face != "portal":
        return []
    return [
        {
            "name": one.name,
            "url": with_next(request, reverse("openid_connect_login", args=[one.pk])),
        }
        for one in request.organization.sign_in_providers.all()
    ]


sign_in = SignIn.as_view()


@login_not_required
def sign_out(request: HttpRequest) -> HttpResponse:
    """Also for who is only half in, and for strangers here."""
    if request.method == "POST" and not request.user.is_authenticated:
        request.session.flush()
    answer: HttpResponse = views.logout(request)
    if request.method == "POST":
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
