"""Who looks after which contacts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from doorstep.lib import clock
from doorstep.organizations.models import Member
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice.rights import needs


@require_POST
@needs("contacts.edit")
def account_manager(request: OfficeRequest) -> HttpResponse:
    """One member, or nobody, looks after all who are ticked."""
    chosen, manager = request.POST.get("manager", ""), None
    if chosen:
        members = Member.of(request.organization).select_related("account")
        manager = get_object_or_404(members, pk=int(chosen) if chosen.isdecimal() else 0)
    ticked = [pk for pk in request.POST.getlist("contact") if pk.isdecimal() and len(pk) < 19]
    theirs = request.organization.contacts.filter(pk__in=ticked[:100])
    changed = theirs.hand_to(manager, by=request.member, at=clock.now())
    said = ngettext(
        "%(n)d contact is looked after by %(who)s now.",
        "%(n)d contacts are looked after by %(who)s now.",
        changed,
    )
    messages.success(request, said % {"n": changed, "who": manager or _("nobody")})
    return redirect(f"{reverse('contacts')}?{request.GET.urlencode()}")


def managers(request: OfficeRequest) -> list[Member]:
    """Who may be chosen; nobody is listed for those who only read."""
    if not request.member.may("contacts.edit"):
        return []
    return list(Member.of(request.organization).select_related("account").order_by("pk")[:200])


def is_mine(request: OfficeRequest) -> bool:
    """Whether a list is narrowed to those whom the member looks after."""
    return request.GET.get("mine") == "1"
