"""What the business has on file about whoever is asking, and what they change of it."""

from __future__ import annotations

import copy

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from doorstep.contacts.models import DetailWish, Wish
from doorstep.contacts.models.details import edit_details, label_of
from doorstep.lib import clock
from doorstep.sales.models import Invoice
from doorstep.web.askers import Asker, PortalRequest
from doorstep.web.portal.forms.details import DetailsForm
from doorstep.web.portal.shell import business_contact


@require_safe
def details(request: PortalRequest) -> HttpResponse:
    asker = request.asker
    context = {
        "contact": asker.contact,
        "known": asker.person,
        "manager": business_contact(asker),
        "edits": asker.preferences.allows_uploads_and_edits() and asker.person.may("edit_details"),
        "wishes": [
            {"label": label_of(wish.field), "after": wish.after}
            for wish in DetailWish.of(asker.contact).filter(state=Wish.WAITING)
        ],
    }
    return render(request, "portal/details.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def details_edit(request: PortalRequest) -> HttpResponse:
    """The same as a form; the address is gone while the business does not allow it."""
    asker = request.asker
    if not asker.preferences.allows_uploads_and_edits():
        raise Http404
    asker.person.require("edit_details")
    # A form writes into its instance while it looks: what is on file stays untouched.
    person = copy.copy(asker.person)
    person.contact = copy.copy(asker.contact)
    form = DetailsForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        return _save(request, form)
    return render(request, "portal/details_edit.html", {"form": form, "guarded": _guarded(asker)})


def _save(request: PortalRequest, form: DetailsForm) -> HttpResponse:
    asker = request.asker
    wishes = edit_details(
        asker.person, at=clock.now(), guarded=_guarded(asker), own=form.own, **form.details
    )
    messages.success(request, _("Saved."))
    if wishes:
        words = _("%(name)s is asked first about the legal name or tax number.")
        messages.info(request, words % {"name": asker.organization.name})
    return redirect("details")


def _guarded(asker: Asker) -> bool:
    """Names and numbers that stand on a tax paper are changed together with the business."""
    return Invoice.of(asker.contact).visible().exists()
