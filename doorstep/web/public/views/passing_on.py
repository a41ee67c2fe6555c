"""Whoever a link is for passes it on: to look at, for a while, to one address at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from doorstep.identity.models import Limit
from doorstep.identity.peers import peer_of
from doorstep.lib import clock
from doorstep.lib.words import long_date
from doorstep.sharing.models import Link
from doorstep.sharing.visitor import Visitor
from doorstep.web.public.forms.passing_on import PassingOnForm
from doorstep.web.public.views.links import FROM_ONE_PEER, visited


@require_http_methods(["GET", "HEAD", "POST"])
@visited
def passing_on(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    _check_may(visitor)
    form = PassingOnForm(request.POST or None)
    at, link = clock.now(), visitor.link
    if request.method == "POST" and form.is_valid():
        Limit.take(FROM_ONE_PEER, peer_of(request), at=at)
        said = form.cleaned_data
        ends = at + timedelta(days=int(said["lasts"]))
        link.pass_on(said["address"], by=visitor, at=at, expires_at=ends)
        messages.success(request, _("A link is mailed to %(address)s.") % said)
        return redirect("link_passing_on", link.handle)
    context = {
        "handle": link.handle,
        "number": link.document.number,
        "form": form,
        "passed": [_row(visitor, passed) for passed in link.passed_on_links(at=at)],
    }
    status = 422 if form.errors else 200
    return render(request, "public/link_passing_on.html", context, status=status)


@require_POST
@visited
def revocation(request: HttpRequest, visitor: Visitor, pk: int) -> HttpResponse:
    """Whoever passed it on takes it back."""
    _check_may(visitor)
    at = clock.now()
    passed = get_object_or_404(visitor.link.passed_on_links(at=at), pk=pk)
    passed.revoke(by=visitor, at=at)
    messages.success(request, _("The link opens nothing any more."))
    return redirect("link_passing_on", visitor.link.handle)


def _check_may(visitor: Visitor) -> None:
    if not (visitor.sees_the_paper and visitor.link.may_be_passed_on):
        raise Http404


def _row(visitor: Visitor, passed: Link) -> dict[str, Any]:
    ends = visitor.organization.today(passed.expires_at)
    return {
        "pk": passed.pk,
        "address": passed.addressee,
        "until": long_date(ends, visitor.locale()),
    }
