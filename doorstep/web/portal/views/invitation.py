"""Accepting an invitation: the token leaves the address bar first, then the person chooses a password."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doorstep.contacts.models import Invitation, PortalAccess
from doorstep.contacts.models.access import InvitationClosed
from doorstep.identity import known_browsers
from doorstep.identity.adapter import AccountAdapter
from doorstep.identity.forms import FirstPasswordForm
from doorstep.identity.guards import MAILS_TO
from doorstep.identity.models import Account, Limit
from doorstep.lib import clock
from doorstep.lib.languages import supported
from doorstep.organizations.models import Consent, How
from doorstep.web.askers import FaceRequest
from doorstep.web.doorway import carried, carry, put_down
from doorstep.web.tenancy import path_in


@require_safe
@login_not_required
def arrive(request: FaceRequest, token: str) -> HttpResponseRedirect:
    """Keep the token in the session, so that no address, history or Referer has it."""
    carry(request, token)
    return redirect("invitation_open")


@require_POST
@login_not_required
def opening(request: FaceRequest) -> HttpResponse:
    """Sent by the page itself: a person's browser showed it, which no scanner's GET says."""
    if found := _find(request):
        found.note_opened(at=clock.now())
    return HttpResponse(status=204)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
def invitation(request: FaceRequest) -> HttpResponse:
    """GET says who invites whom; POST accepts, with a password or as who is signed in."""
    found = _find(request)
    if found is None:
        return _closed(request)
    with override(supported(found.contact_person.locale())):
        account = found.known_account()
        if account is not None or who_is_signed_in(request):
            return _as_somebody(request, found, account)
        return (_by_mail if found.by_hand else _as_somebody_new)(request, found)


def _as_somebody(request: FaceRequest, found: Invitation, account: Account | None) -> HttpResponse:
    """The address has an account, or somebody is signed in already."""
    fits = account is not None and who_is_signed_in(request) == account
    if request.method == "POST" and fits and account is not None and _agrees(request):
        try:
            access = found.accept(account, at=clock.now())
        except InvitationClosed:
            return _closed(request)
        return _welcome(request, found, access)
    return _page(request, found, fits=fits, known=account is not None)


def who_is_signed_in(request: HttpRequest) -> Account | None:
    return request.user if request.user.is_authenticated else None


def _by_mail(request: FaceRequest, found: Invitation) -> HttpResponse:
    """A link that was passed on proves no address: it has the real one mailed there."""
    if request.method == "POST":
        Limit.take(MAILS_TO, found.email, at=clock.now())
        found.mail(at=clock.now())
        put_down(request)
    return _page(request, found, by_mail=True, mailed=request.method == "POST")


def _as_somebody_new(request: FaceRequest, found: Invitation) -> HttpResponse:
    nobody_yet = Account(email=found.email, name=found.contact_person.name)
    form = FirstPasswordForm(request.POST or None, account=nobody_yet)
    if request.method == "POST" and form.is_valid() and _agrees(request):
        try:
            access = found.accept_anew(form.cleaned_data["password"], at=clock.now())
        except InvitationClosed:
            return _closed(request)
        AccountAdapter(request).login(request, access.account)
        record_authentication(request, access.account, method="password")
        return _welcome(request, found, access)
    return _page(request, found, form=form)


def _agrees(request: FaceRequest) -> bool:
    """To the terms, where there are some; a browser asks for the tick before it sends the form."""
    return not request.organization.asks_consent or "agreed" in request.POST


def _find(request: FaceRequest) -> Invitation | None:
    answering = Invitation.of(request.organization).answering(carried(request), at=clock.now())
    found = answering.select_related(
        "contact_person__contact", "sent_by__account", "sent_by_colleague"
    ).first()
    if found is not None:
        found.contact_person.organization = request.organization
    return found


def _page(request: FaceRequest, found: Invitation, **more: object) -> HttpResponse:
    context = {
        "address": found.email,
        "invited": found.contact_person,
        "contact": found.contact_person.contact,
        "inviter": found.inviter.actor_name if found.inviter else "",
        "colleague": found.sent_by_colleague_id is not None,
        **more,
    }
    return render(request, "portal/invitation.html", context)


def _closed(request: FaceRequest) -> HttpResponse:
    return render(request, "portal/invitation_closed.html", status=404)


def _welcome(request: FaceRequest, found: Invitation, access: PortalAccess) -> HttpResponseRedirect:
    how = How.INVITATION if found.inviter else How.SIGN_UP
    Consent.give(request.organization, access.account, request, how=how, at=clock.now())
    name, hat = request.organization.portal_name, f"/as/{access.pk}"
    number = put_down(request)
    page = ("invoice", number) if number else ("home",)
    answer = redirect(path_in("portal", name, *page, hat=hat))
    known_browsers.note(request, answer, access.account.email, passkey=False)
    return answer
