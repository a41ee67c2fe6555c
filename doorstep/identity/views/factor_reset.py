"""A reset that a business asked for, confirmed by the person a day later with a mailed code."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.stages import AuthenticateStage
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.identity.events import FACTOR_REMOVED
from doorstep.identity.guards import MAILS_TO
from doorstep.identity.holder import note
from doorstep.identity.models import FactorReset, Limit
from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.lib.tokens import make_token

BROWSER = "factor_reset_browser"


@require_http_methods(["GET", "HEAD", "POST"])
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def factor_reset(request: Any) -> HttpResponse:
    """Only after the first factor; a GET sends nothing."""
    at, account = clock.now(), request._login_stage.login.user
    reset = FactorReset.objects.of(account, at=at)
    if reset is None:
        raise Http404
    if request.method == "POST" and "code" in request.POST:
        reset.confirm(request.POST["code"], browser=request.session.get(BROWSER, ""), at=at)
        note(FACTOR_REMOVED, account, request, at=at, factor="all")
        clear_login(request)
        messages.success(request, _("Your second step is reset. Sign in again."))
        return redirect("account_login")
    if request.method == "POST":
        _mail_code(request, reset)
    context = {"reset": reset, "ready": reset.ready_at <= at, "sent": request.method == "POST"}
    return render(request, "mfa/factor_reset.html", context)


def _mail_code(request: Any, reset: FactorReset) -> None:
    at = clock.now()
    Limit.take(MAILS_TO, reset.account.email, at=at)
    request.session[BROWSER] = make_token()
    challenge = reset.pose(browser=request.session[BROWSER], at=at)
    get_adapter().send_mail(
        "account/email/factor_reset",
        reset.account.email,
        {"request": request, "user": reset.account, "code": unseal(challenge.sealed_code)},
    )
    challenge.forget_code()
