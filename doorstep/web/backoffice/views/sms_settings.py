"""Settings → SMS: whether messages go to telephones, and through whose account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from doorstep.lib import clock
from doorstep.notifications.models import SmsSettings
from doorstep.notifications.texting import send_test_text
from doorstep.notifications.trial import TestRefused
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice.forms.sms import SmsSettingsForm
from doorstep.web.backoffice.rights import needs


@needs("settings.view", to_act="settings.edit", dangerous=True)
def sms_settings(request: OfficeRequest) -> HttpResponse:
    may_edit = request.member.may("settings.edit")
    settings = SmsSettings.of(request.organization)
    form = SmsSettingsForm(request.POST or None, instance=settings, may_edit=may_edit)
    if request.method == "POST" and form.is_valid():
        SmsSettings.of(request.organization).change(
            by=request.member, at=clock.now(), **form.cleaned_data
        )
        messages.success(request, _("Saved."))
        return redirect("sms_settings")
    saved = SmsSettings.of(request.organization)
    context = {"form": form, "may_edit": may_edit, "sends": saved.sends, "sender": saved.sender}
    status = 422 if form.errors else 200
    return render(request, "backoffice/sms_settings.html", context, status=status)


@needs("settings.edit")
def sms_test(request: OfficeRequest) -> HttpResponse:
    """POST: a few words to a number, past the outbox, and what Twilio said to it."""
    if request.method == "POST":
        number = request.POST.get("number", "")[:60]
        settings = SmsSettings.of(request.organization)
        try:
            send_test_text(settings, number, by=request.member, at=clock.now())
        except TestRefused as refusal:
            said = _("The test did not work. %(answer)s") % {"answer": refusal}
            messages.error(request, said)
        else:
            messages.success(request, _("Twilio took the test. Look at %s.") % number)
    return redirect("sms_settings")
