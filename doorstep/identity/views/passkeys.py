"""Passkeys: added with proof of the person, named, removed, signed in with."""

from __future__ import annotations

from typing import Any

from allauth.account.models import Login
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth, flows
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _

from doorstep.identity.factors.adapter import FactorsAdapter
from doorstep.identity.views.second_step import (
    after_enrolment,
    factor_was_given,
    factor_was_removed,
    next_of,
    with_next,
)
from doorstep.lib.errors import Refused


class AddPasskey(webauthn.AddWebAuthnView):  # type: ignore[misc]
    """The device must ask for finger, face or PIN, so that the passkey counts as both factors."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        options = auth.begin_registration(self.request.user, passwordless=True)
        context: dict[str, Any] = super(webauthn.AddWebAuthnView, self).get_context_data(**kwargs)
        return context | {
            "options": options,
            "required": self.request.user.must_have_second_factor(),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        newest = self.request.user.authenticator_set.filter(type="webauthn").latest("pk")
        factor_was_given(self.request, newest)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(
            self.request, _("That did not work. Try again, or use an authenticator app.")
        )
        return HttpResponseRedirect(self.request.get_full_path())

    def get_success_url(self) -> str:
        return after_enrolment(self.request, codes_are_new=self.did_generate_recovery_codes)


class RemovePasskey(webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    success_url = reverse_lazy("security")

    def form_valid(self, form: Any) -> HttpResponse:
        """Raises `Refused` for the last factor where one is asked for."""
        adapter = FactorsAdapter()
        if not adapter.can_delete_authenticator(self.object):
            raise Refused(adapter.error_messages["cannot_delete_authenticator"])
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            factor_was_removed(self.request, "webauthn")
        return response


class RenamePasskey(webauthn.EditWebAuthnView):  # type: ignore[misc]
    success_url = reverse_lazy("security")


class SignInByPasskey(webauthn.LoginWebAuthnView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=next_of(self.request) or None)
        response: HttpResponse = flows.perform_passwordless_login(self.request, passkey, login)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, _("This passkey opens nothing here. Use another way in."))
        return HttpResponseRedirect(with_next(self.request, reverse("account_login")))


class ConfirmByPasskey(webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"options": context["js_data"]["request_options"]}

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.error(self.request, _("That did not work. Try again."))
        return HttpResponseRedirect(self.request.get_full_path())


def no_list(request: HttpRequest) -> HttpResponse:
    """The library's own list; ours is part of the security page."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return HttpResponseRedirect(reverse("security"))


add_passkey = AddPasskey.as_view()
remove_passkey = RemovePasskey.as_view()
rename_passkey = RenamePasskey.as_view()
sign_in_by_passkey = SignInByPasskey.as_view()
confirm_by_passkey = ConfirmByPasskey.as_view()
