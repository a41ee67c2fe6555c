"""Portal access → Sent together: everybody of a list invited at once, with progress and a report."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from doorstep.contacts.models import InvitationRound, PersonState
from doorstep.contacts.models.people import ContactPersonQuerySet
from doorstep.lib import clock
from doorstep.lib.tokens import make_token
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice import round_rows, stuck
from doorstep.web.backoffice.rights import needs
from doorstep.web.backoffice.views.access import people_in


@require_GET
@needs("papers.view")
def rounds(request: OfficeRequest) -> HttpResponse:
    page = round_rows.page_of(request.GET, request.organization)
    return render(request, "backoffice/access/rounds.html", {"tab": "rounds", "page": page})


@needs("access.manage")
def round_new(request: OfficeRequest) -> HttpResponse:
    """Says how many get a mail; POST invites everybody whom the filters in the address show."""
    people = _of_list(request)
    if request.method == "POST":
        begun = InvitationRound.begin(
            people, by=request.member, at=clock.now(), key=request.POST.get("key", "")
        )
        return redirect("round", begun.pk)
    counted = people.aggregate(everybody=Count("pk"), without=Count("pk", filter=Q(email="")))
    context = {
        "tab": "rounds",
        "without": counted["without"],
        "count": counted["everybody"] - counted["without"],
        "kind": stuck.KINDS.get(request.GET.get("stuck", "")),
        "key": make_token(),
    }
    return render(request, "backoffice/access/round_new.html", context)


@require_GET
@needs("papers.view")
def one_round(request: OfficeRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        InvitationRound.of(request.organization).select_related("started_by__account"), pk=pk
    )
    how = round_rows.standing(found, request.organization)
    context = {"tab": "rounds", "round": found, "how": how}
    if request.htmx:
        if not how["is_inviting"] and not how["leaving"]:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "backoffice/access/round.html#progress", context)
    context["page"] = round_rows.not_reached(found, request.GET, request.organization)
    return render(request, "backoffice/access/round.html", context)


def _of_list(request: OfficeRequest) -> ContactPersonQuerySet:
    """Those of the list in the address who are not in yet."""
    if kind := stuck.KINDS.get(request.GET.get("stuck", "")):
        return stuck.people_stuck(kind, request.organization, at=clock.now())
    state = request.GET.get("state", "")
    people = people_in(request.organization, request.GET)
    return (
        people
        if state in PersonState.values
        else people.with_state().filter(Q(is_active_person=False))
    )
