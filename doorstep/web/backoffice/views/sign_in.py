"""Settings → Sign-in: which customers come in by their own identity provider."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from doorstep.identity.federation.trial import TrialFailed, try_provider
from doorstep.lib import clock
from doorstep.organizations.models import SignInProvider
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice.forms.sign_in import SignInProviderForm
from doorstep.web.backoffice.rights import needs
from doorstep.web.tenancy import link_to


@needs("settings.view", to_act="settings.edit", dangerous=True)
def providers(request: OfficeRequest) -> HttpResponse:
    form = SignInProviderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        details = form.cleaned_data
        added = SignInProvider.add(
            request.organization, by=request.member, at=clock.now(), **details
        )
        messages.success(request, _("Saved. Give the provider the address below, then try it."))
        return redirect("sign_in_provider", added.pk)
    context = {
        "form": form,
        "providers": SignInProvider.of(request.organization),
        "may_edit": request.member.may("settings.edit"),
    }
    return render(request, "backoffice/settings/sign_in.html", context)


@needs("settings.edit", dangerous=True)
def provider(request: OfficeRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    form = SignInProviderForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        _find(request, pk).change(by=request.member, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("sign_in_provider", pk)
    name = request.organization.portal_name
    back = link_to("portal", name, "openid_connect_callback", str(pk))
    context = {"form": form, "provider": found, "back": back}
    return render(request, "backoffice/settings/sign_in_provider.html", context)


@require_POST
@needs("settings.edit")
def trial(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ask the provider what it says of itself; nobody is signed in by that."""
    try:
        said = try_provider(_find(request, pk).issuer)
    except TrialFailed as failure:
        words = _("It does not work yet. %(answer)s") % {"answer": failure}
        messages.error(request, words)
    else:
        messages.success(
            request,
            ngettext(
                "It answers: people sign in at %(host)s, and %(count)d key is known.",
                "It answers: people sign in at %(host)s, and %(count)d keys are known.",
                said["count"],
            )
            % said,
        )
    return redirect("sign_in_provider", pk)


@require_POST
@needs("settings.edit", dangerous=True)
def removal(request: OfficeRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    found.remove(by=request.member, at=clock.now())
    messages.success(request, _("%(name)s is removed.") % {"name": found})
    return redirect("sign_in_settings")


def _find(request: OfficeRequest, pk: int) -> SignInProvider:
    return get_object_or_404(SignInProvider.of(request.organization), pk=pk)
