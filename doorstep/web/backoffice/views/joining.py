"""A new member comes in: the token leaves the address bar first, then a password is chosen."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from doorstep.identity import known_browsers
from doorstep.identity.adapter import AccountAdapter
from doorstep.identity.forms import FirstPasswordForm
from doorstep.identity.models import Account
from doorstep.lib import clock
from doorstep.organizations.joining import JoiningClosed, join, who_joins
from doorstep.web.askers import FaceRequest
from doorstep.web.doorway import carried, carry, put_down


@require_safe
@login_not_required
def arrive(request: FaceRequest, token: str) -> HttpResponseRedirect:
    """Keep the token in the session, so that no address, history or Referer has it."""
    carry(request, token)
    return redirect("team_joining")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def joining(request: FaceRequest) -> HttpResponse:
    """GET says where one will work; POST chooses the password and enters."""
    token, at = carried(request), clock.now()
    member = who_joins(request.organization, token, at=at)
    if member is None:
        return _closed(request)
    form = FirstPasswordForm(request.POST or None, account=member.account)
    if request.method == "POST" and form.is_valid():
        try:
            account = join(request.organization, token, form.cleaned_data["password"], at=at)
        except JoiningClosed:
            return _closed(request)
        return _enter(request, account)
    return render(request, "backoffice/joining.html", {"form": form, "joining": member})


def _enter(request: FaceRequest, account: Account) -> HttpResponse:
    put_down(request)
    AccountAdapter(request).login(request, account)
    record_authentication(request, account, method="password")
    answer = redirect("home")
    known_browsers.note(request, answer, account.email, passkey=False)
    return answer


def _closed(request: FaceRequest) -> HttpResponse:
    return render(request, "backoffice/joining_closed.html", status=404)
