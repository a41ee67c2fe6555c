"""The second factor: given at sign-in, set up, renewed, taken away. The library's flows behind our pages."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from doorstep.identity.events import FACTOR_ADDED, FACTOR_REMOVED, RECOVERY_CODES_MADE
from doorstep.identity.factors import strength
from doorstep.identity.factors.remembered import remember, remembered_for
from doorstep.identity.holder import note
from doorstep.identity.models import FactorReset
from doorstep.lib import clock


class SignInStep(base.AuthenticateView):  # type: ignore[misc]
    """After the password or the mailed code: the second factor, then in."""

    def form_valid(self, form: Any) -> HttpResponse:
        account = self.stage.login.user
        response: HttpResponse = super().form_valid(form)
        if "remember" in self.request.POST:
            remember(self.request, account, response)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        account = self.stage.login.user
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "days": remembered_for(self.request).days,
            "kinds": account.second_factors(),
            "email": account.email,
            "reset": FactorReset.objects.of(account, at=clock.now()),
        }


class ConfirmByCode(base.ReauthenticateView):  # type: ignore[misc]
    """For a dangerous act, or where a business asks for a factor that this session has not given."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if "remember" in self.request.POST:
            remember(self.request, self.request.user, response)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"days": remembered_for(self.request).days}


class ConnectApp(totp.ActivateTOTPView):  # type: ignore[misc]
    """*Secure your account*: the app is connected when it has shown one right code."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        account: Any = self.request.user
        app = account.authenticator_set.get(type="totp")
        # The code that connected the app has been used with that.
        app.wrap().validate_code(form.cleaned_data["code"])
        factor_was_given(self.request, app)
        if "remember" in self.request.POST:
            remember(self.request, account, response)
        return response

    def get_success_url(self) -> str:
        return after_enrolment(self.request, codes_are_new=self.did_generate_recovery_codes)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "days": remembered_for(self.request).days,
            "required": self.request.user.must_have_second_factor(),
            "key": context["form"].key,
            "passkey_url": with_next(self.request, reverse("mfa_add_webauthn")),
        }


class DisconnectApp(totp.DeactivateTOTPView):  # type: ignore[misc]
    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            factor_was_removed(self.request, "totp")
        return response


class RenewRecoveryCodes(recovery.GenerateRecoveryCodesView):  # type: ignore[misc]
    """The ten before them are dead."""

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            note(RECOVERY_CODES_MADE, self.request.user, self.request, at=clock.now())
        return response


def factor_was_given(request: Any, factor: Any) -> None:
    """Who has just set up a factor has shown it; every other browser has to show it too."""
    record_authentication(request, request.user, "mfa", id=factor.pk, type=factor.type)
    with transaction.atomic():
        request.user.sessions.all().end(but=request.session.session_key)
        note(FACTOR_ADDED, request.user, request, at=clock.now(), factor=factor.type)


def factor_was_removed(request: Any, kind: str) -> None:
    """When it was the last one, nothing stands on it any more: not this session, not another browser's."""
    note(FACTOR_REMOVED, request.user, request, at=clock.now(), factor=kind)
    if not is_mfa_enabled(request.user, ["totp", "webauthn"]):
        strength.forget(request.session)
        request.user.sessions.all().end(but=request.session.session_key)


def after_enrolment(request: HttpRequest, *, codes_are_new: bool) -> str:
    """To the recovery codes, then to where the person was going."""
    if codes_are_new:
        return with_next(request, reverse("mfa_view_recovery_codes"))
    return next_of(request) or reverse("security")


def next_of(request: HttpRequest) -> str:
    """Where the person was going, if it is here."""
    to = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure())
    return to if safe else ""


def with_next(request: HttpRequest, url: str) -> str:
    to = next_of(request)
    return f"{url}?{urlencode({'next': to})}" if to else url


sign_in_step = SignInStep.as_view()
confirm_by_code = ConfirmByCode.as_view()
connect_app = ConnectApp.as_view()
disconnect_app = DisconnectApp.as_view()
renew_recovery_codes = RenewRecoveryCodes.as_view()
