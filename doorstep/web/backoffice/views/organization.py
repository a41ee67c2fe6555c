"""Settings of the organisation itself: profile, numbering, payments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from doorstep.files.models import StoredFile
from doorstep.lib import clock
from doorstep.payments.trial import clear_trial, end_trial, play_payments
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice.forms.organization import PaymentSetupForm, ProfileForm, SeriesForm
from doorstep.web.backoffice.rights import needs

NUMBERED = ("invoice", "payment")


@needs("settings.view", to_act="settings.edit")
def profile(request: OfficeRequest) -> HttpResponse:
    typed = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ProfileForm(*typed, member=request.member)
    if request.method == "POST" and form.is_valid():
        _save_profile(request, form)
        messages.success(request, _("Saved."))
        return redirect("profile")
    return render(request, "backoffice/settings/profile.html", {"form": form})


@needs("settings.view", to_act="settings.edit")
def numbering(request: OfficeRequest) -> HttpResponse:
    """How the next invoice and the next payment are numbered."""
    forms = _series_forms(request)
    if request.method == "POST" and all(form.is_valid() for form in forms):
        for form in forms:
            form.instance.change(by=request.member, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("numbering")
    return render(request, "backoffice/settings/numbering.html", {"forms": forms})


@needs("settings.view", to_act="settings.edit", dangerous=True)
def payment_setup(request: OfficeRequest) -> HttpResponse:
    form = PaymentSetupForm(request.POST or None, member=request.member)
    if request.method == "POST" and form.is_valid():
        request.organization.change(by=request.member, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("payment_setup")
    organization = request.organization
    stands = organization.test_mode and play_payments(organization).succeeded().exists()
    context = {"form": form, "play_payments": stands}
    return render(request, "backoffice/settings/payments.html", context)


@require_POST
@needs("settings.edit")
def test_mode(request: OfficeRequest) -> HttpResponse:
    """Start or end paying with play money."""
    if request.POST.get("to") == "on":
        request.organization.start_test_mode()
        messages.success(
            request, _("Test mode is on. Every page says so, and no real money moves.")
        )
    else:
        end_trial(request.organization, by=request.member)
        messages.success(request, _("Test mode is off."))
    return redirect("payment_setup")


@require_POST
@needs("settings.edit", dangerous=True)
def trial(request: OfficeRequest) -> HttpResponse:
    """Clear it: play payments go, and their invoices are owed again."""
    count = clear_trial(request.organization, by=request.member, at=clock.now())
    said = ngettext("%d play payment is gone.", "%d play payments are gone.", count)
    messages.success(request, said % count)
    return redirect("payment_setup")


def _save_profile(request: OfficeRequest, form: ProfileForm) -> None:
    organization, details = request.organization, form.details
    with transaction.atomic():
        if form.png is not None:
            details["logo"] = StoredFile.keep(
                organization.pk, name="logo.png", content_type="image/png", content=form.png
            )
        elif form.cleaned_data.get("drop_logo"):
            details["logo"] = None
        organization.change(by=request.member, at=clock.now(), **details)


def _series_forms(request: OfficeRequest) -> list[Any]:
    forms = []
    for series in request.organization.number_series.filter(kind__in=NUMBERED).order_by("pk"):
        series.organization = request.organization
        form = SeriesForm(request.POST or None, instance=series, prefix=series.kind)
        for field in form.fields.values():
            field.disabled = not request.member.may("settings.edit")
        forms.append(form)
    return forms
