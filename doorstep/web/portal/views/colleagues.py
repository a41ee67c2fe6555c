"""*Colleagues*: who of a customer or vendor comes in, and what they may do; decided by themselves."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from doorstep.contacts.models import ContactPerson
from doorstep.identity.models import Limit, Rule, canonical_address
from doorstep.lib import clock
from doorstep.web.askers import PortalRequest
from doorstep.web.portal.colleagues import history_of, may_in_words, page_of
from doorstep.web.portal.forms.colleagues import InvitationForm, RightsForm

BY_ONE_PERSON = Rule("colleague.by", most=20, per=timedelta(days=1))
AT_ONE_CONTACT = Rule("colleague.at", most=50, per=timedelta(days=1))
TO_ONE_ADDRESS = Rule("colleague.to", most=3, per=timedelta(days=1))


@require_http_methods(["GET", "HEAD", "POST"])
def colleagues(request: PortalRequest) -> HttpResponse:
    """The list; POST invites somebody."""
    asker = request.asker
    form = InvitationForm(request.POST or None, by=asker.person)
    if request.method == "POST":
        asker.person.require("manage_people")
        if form.is_valid():
            return _invite(request, form)
    context = {
        "page": page_of(asker, request.GET),
        "manages": asker.person.may("manage_people"),
        "form": form,
        "history": history_of(asker) if asker.person.may("manage_people") else [],
    }
    return render(request, "portal/colleagues.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def colleague(request: PortalRequest, pk: int) -> HttpResponse:
    """One of them; POST sets what they may do."""
    asker = request.asker
    asker.person.require("manage_people")
    found = _find(request, pk)
    form = RightsForm(request.POST or None, by=asker.person, of=found)
    if request.method == "POST" and form.is_valid():
        found.set_rights(by=asker.person, at=clock.now(), **form.rights)
        messages.success(request, _("Saved."))
        return redirect("colleagues")
    context = {
        "known": found,
        "form": form,
        "is_me": found == asker.person,
        "decided": found != asker.person and not found.is_primary,
        "may": may_in_words(found, vendor=asker.contact.is_vendor),
    }
    return render(request, "portal/colleague.html", context)


@require_POST
def invitation(request: PortalRequest, pk: int) -> HttpResponse:
    """Invite somebody known, or again: the earlier invitation dies."""
    request.asker.person.require("manage_people")
    found = _find(request, pk)
    _count(request, found.email)
    found.invite(by=request.asker.person, at=clock.now())
    messages.success(request, _("%(name)s is invited at %(email)s.") % _names(found))
    return redirect("colleagues")


@require_POST
def removal(request: PortalRequest, pk: int) -> HttpResponse:
    """Take access or an invitation away; one's own too, when somebody else can decide."""
    found = _find(request, pk)
    found.revoke(by=request.asker.person, at=clock.now())
    if found == request.asker.person:
        return redirect("sign_out")
    messages.success(request, _("%(name)s no longer gets into the portal.") % _names(found))
    return redirect("colleagues")


def _invite(request: PortalRequest, form: InvitationForm) -> HttpResponse:
    typed = form.cleaned_data
    _count(request, typed["email"])
    invited = request.asker.person.invite_colleague(
        name=typed["name"], email=typed["email"], at=clock.now(), **form.rights
    )
    messages.success(request, _("%(name)s is invited at %(email)s.") % _names(invited))
    return redirect("colleagues")


def _count(request: PortalRequest, email: str) -> None:
    at, person = clock.now(), request.asker.person
    Limit.take(BY_ONE_PERSON, person.pk, at=at)
    Limit.take(AT_ONE_CONTACT, person.contact_id, at=at)
    Limit.take(TO_ONE_ADDRESS, person.contact_id, canonical_address(email), at=at)


def _find(request: PortalRequest, pk: int) -> ContactPerson:
    asker = request.asker
    found = get_object_or_404(asker.person.colleagues().with_state(), pk=pk)
    found.contact, found.organization = asker.contact, asker.organization
    return found


def _names(person: ContactPerson) -> dict[str, str]:
    return {"name": person.name, "email": person.email}
