"""Settings → Customer Portal: what customers and vendors may see and do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from doorstep.activity.models import Event
from doorstep.contacts.models import ContactPerson, Viewing
from doorstep.lib import clock
from doorstep.organizations.events import PREFERENCES_CHANGED
from doorstep.sales.models import Invoice
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice import settings_rows
from doorstep.web.backoffice.changes import changes_in
from doorstep.web.backoffice.forms.preferences import SETTINGS, PreferencesForm, check_name
from doorstep.web.backoffice.rights import ask_who_it_is, needs
from doorstep.web.tenancy import path_in

LATEST, MOST = 4, 100
# Settings that keep strangers out.
GUARDS = ("mfa_required", "staff_mfa_required", "verify_identity_on_links")


@needs("settings.view", to_act="settings.edit")
def preferences(request: OfficeRequest) -> HttpResponse:
    """The page. Nothing is stored before Save."""
    form = PreferencesForm(request.POST or None, member=request.member, at=clock.now())
    if request.method == "POST" and form.is_valid():
        _ask_who_lowers_a_guard(request, form.saved, form.cleaned_data)
        if _save(request, form):
            return _moved_to(request)
    return render(request, "backoffice/preferences/page.html", _page(request, form))


@require_POST
@needs("settings.view")
def preview(request: OfficeRequest) -> HttpResponse:
    """Try the unsaved settings on and go where the portal is shown under them."""
    person = _somebody(request)
    if person is None:
        raise Http404
    form = PreferencesForm(request.POST, member=request.member, at=clock.now())
    form.is_valid()  # what is wrong yet is left out
    viewing = Viewing.preview(person, by=request.member, at=form.at, trying_on=form.tried_on)
    name = form.saved["portal_name"]
    return HttpResponseRedirect(path_in("portal", name, "home", hat=f"/viewing/{viewing.pk}"))


@require_GET
@needs("settings.view")
def portal_name(request: OfficeRequest) -> HttpResponse:
    """Whether the name that is being typed is to be had, for the line beneath the field."""
    name = request.GET.get("portal_name", "").strip()
    saved = request.organization.preferences
    problem = ""
    try:
        check_name(saved, name, at=clock.now())
    except ValidationError as error:
        problem = " ".join(error.messages)
    context = {"name": name, "problem": problem, "is_same": name == saved.portal_name}
    return render(request, "backoffice/preferences/_name_said.html", context)


@require_GET
@needs("settings.view")
def history(request: OfficeRequest) -> HttpResponse:
    """Who changed what, of one setting or of all."""
    setting = request.GET.get("setting", "")
    if setting and setting not in SETTINGS:
        raise Http404
    found = changes_in(
        _events(request)[:MOST], time_zone=request.organization.time_zone, only=setting
    )
    label = settings_rows.label_of(setting) if setting else ""
    context = {"changes": found, "setting": setting, "label": label}
    return render(request, "backoffice/preferences/history.html", context)


@require_POST
@needs("settings.edit")
def undo(request: OfficeRequest, pk: int) -> HttpResponse:
    """Put a setting back to what it was before this change."""
    event = get_object_or_404(_events(request), pk=pk)
    name = request.POST.get("setting", "")
    if name not in SETTINGS or name not in event.data["changes"]:
        raise Http404
    before = event.data["changes"][name][0]
    _ask_who_lowers_a_guard(request, vars(request.organization.preferences), {name: before})
    try:
        request.organization.preferences.change(by=request.member, at=clock.now(), **{name: before})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        words = {
            "label": settings_rows.label_of(name),
            "value": settings_rows.in_words(name, before),
        }
        messages.success(request, _("%(label)s: back to %(value)s.") % words)
    return _moved_to(request)


def _ask_who_lowers_a_guard(
    request: OfficeRequest, saved: dict[str, Any], wanted: dict[str, Any]
) -> None:
    """Switching protection off is a dangerous act: whoever does it has proven a moment ago who they are."""
    if any(saved[name] and not wanted.get(name, True) for name in GUARDS):
        ask_who_it_is(request)


def _save(request: OfficeRequest, form: PreferencesForm) -> bool:
    try:
        changes = form.instance.change(by=request.member, at=form.at, **form.cleaned_data)
    except ValidationError as error:  # somebody else took the name between the check and now
        form.add_error(None, error)
        return False
    words = ", ".join(settings_rows.label_of(name) for name in changes)
    if changes:
        messages.success(request, _("Saved: %s.") % words)
    else:
        messages.info(request, _("Nothing was changed."))
    return True


def _page(request: OfficeRequest, form: PreferencesForm) -> dict[str, Any]:
    rows = settings_rows.rows_of(form, request.member)
    former = request.organization.former_names.filter(until__gt=form.at).order_by("-until")[:3]
    return {
        "form": form,
        "settings": rows,
        "changed": settings_rows.count_changed(rows),
        "address": settings_rows.portal_address(),
        "saved_name": form.saved["portal_name"],
        "former": former,
        "seen_as": _somebody(request),
        "may_preview": request.member.may("customers.view_as"),
        "latest": changes_in(_events(request)[:20], time_zone=request.organization.time_zone)[
            :LATEST
        ],
        "owners": [] if request.member.may("settings.edit") else _owners(request),
    }


def _events(request: OfficeRequest) -> Any:
    return Event.about(request.organization.preferences).filter(kind=PREFERENCES_CHANGED)


def _owners(request: OfficeRequest) -> list[str]:
    owners = request.organization.members.owners().select_related("account")[:3]
    return [owner.actor_name for owner in owners]


def _somebody(request: OfficeRequest) -> ContactPerson | None:
    """Through whose eyes the preview looks: somebody with access who owes something, else any customer."""
    people = ContactPerson.of(request.organization).filter(contact__role="customer")
    people = people.select_related("contact").order_by("pk")
    debtors = Invoice.of(request.organization).open().values("contact")
    with_access = people.filter(access__revoked_at=None, access__isnull=False)
    return with_access.filter(contact__in=debtors).first() or people.first()


def _moved_to(request: OfficeRequest) -> HttpResponse:
    """The page again, under the portal name that holds now."""
    name = request.organization.preferences.portal_name
    if f"/{name}/" in request.META["SCRIPT_NAME"] + "/":
        return redirect("preferences")
    return HttpResponseRedirect(path_in("office", name, "preferences"))
