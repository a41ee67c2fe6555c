"""Another address to sign in with: proven by a code that goes there, and told to the old one."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doorstep.identity.forms import AddressForm
from doorstep.identity.guards import limits_mail
from doorstep.identity.models import Account, AddressChange
from doorstep.identity.views.security import recently_proven
from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.lib.tokens import make_token
from doorstep.web.account.moves import changed_address, took_back_address

KEPT = "address_change"
TOKEN = "address_taken_back"


@require_http_methods(["GET", "HEAD", "POST"])
@recently_proven
@limits_mail
def address(request: Any) -> HttpResponse:
    """The answer is the same whether somebody has that address already or not."""
    form = AddressForm(request.POST or None, account=request.user)
    if request.method != "POST" or not form.is_valid():
        return render(request, "account/address.html", {"form": form})
    request.session[KEPT] = {"browser": make_token(), "to": form.cleaned_data["email"]}
    _mail_code(request, **request.session[KEPT])
    return redirect("address_code")


@require_http_methods(["GET", "HEAD", "POST"])
@recently_proven
def address_code(request: Any) -> HttpResponse:
    kept = request.session.get(KEPT)
    if not kept:
        return redirect("address")
    if request.method != "POST":
        return render(request, "account/address_code.html", kept)
    change = changed_address(request, request.POST.get("code", ""), browser=kept["browser"])
    del request.session[KEPT]
    words = _("From now on you sign in with %(email)s.") % {"email": change.after}
    messages.success(request, words)
    return redirect("security")


@require_safe
@login_not_required
def arrive(request: Any, token: str) -> HttpResponse:
    """Keep the token in the session, so that no address, history or Referer has it."""
    request.session[TOKEN] = token[:100]
    return redirect("not_me_open")


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def not_me(request: Any) -> HttpResponse:
    """*This wasn't me*, from the mail to the old address: a GET says what it would do."""
    at = clock.now()
    change = AddressChange.answering(request.session.get(TOKEN, ""), at=at)
    if change is None:
        raise Http404
    if request.method != "POST":
        return render(request, "account/not_me.html", {"change": change})
    took_back_address(request, change)
    request.session.flush()
    messages.success(request, _("Done. Choose a new password now: we mail you a link."))
    return redirect("account_reset_password")


def _mail_code(request: Any, *, browser: str, to: str) -> None:
    account: Account = request.user
    challenge = AddressChange.pose(account, to, browser=browser, at=clock.now())
    get_adapter().send_mail(
        "account/email/address_code",
        to,
        {"request": request, "user": account, "code": unseal(challenge.sealed_code)},
    )
    challenge.forget_code()
