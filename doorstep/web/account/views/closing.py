"""*Close my account*: what goes, what stays and why, before anything happens."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from doorstep.contacts.farewell import close_account as close
from doorstep.identity.views.security import recently_proven
from doorstep.lib import clock


@require_http_methods(["GET", "HEAD", "POST"])
@recently_proven
def close_account(request: Any) -> HttpResponse:
    if getattr(getattr(request, "asker", None), "viewing", None):
        raise Http404
    account, understood = request.user, "understood" in request.POST
    if request.method != "POST" or not understood:
        context = {"account": account, "problem": request.method == "POST"}
        return render(request, "account/closing.html", context)
    email, name = account.email, account.get_full_name()
    close(account, request, at=clock.now())
    _say_goodbye(request, email, name)
    logout(request)
    messages.success(request, _("Your account is closed."))
    return redirect("account_login")


def _say_goodbye(request: Any, email: str, name: str) -> None:
    context = {"request": request, "name": name}
    get_adapter().send_mail("account/email/closed", email, context)
