"""Settings → Mail: from where mail leaves, or that it stays here."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doorstep.lib import clock
from doorstep.notifications.models import MailSettings, Message
from doorstep.notifications.trial import TestRefused, send_test
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice.forms.mail import MailSettingsForm
from doorstep.web.backoffice.rights import needs


@needs("settings.view", to_act="settings.edit", dangerous=True)
def mail_settings(request: OfficeRequest) -> HttpResponse:
    settings = MailSettings.of(request.organization)
    may_edit = request.member.may("settings.edit")
    form = MailSettingsForm(request.POST or None, instance=settings, may_edit=may_edit)
    if request.method == "POST" and form.is_valid():
        MailSettings.of(request.organization).change(
            by=request.member, at=clock.now(), **form.cleaned_data
        )
        messages.success(request, _("Saved."))
        return redirect("mail_settings")
    return render(request, "backoffice/mail_settings.html", _page(request, form, may_edit))


@needs("settings.edit")
def mail_test(request: OfficeRequest) -> HttpResponse:
    """POST: a mail to oneself, past the outbox, and what the server said to it."""
    if request.method == "POST":
        try:
            send_test(MailSettings.of(request.organization), to=request.member, at=clock.now())
        except TestRefused as refusal:
            said = _("The test did not work. %(answer)s") % {"answer": refusal}
            messages.error(request, said)
        else:
            address = request.member.account.email
            messages.success(
                request,
                _("The mail server took the test. Look at %(address)s.") % {"address": address},
            )
    return redirect("mail_settings")


@needs("outbox.send")
def kept_mail(request: OfficeRequest) -> HttpResponse:
    """POST: what to do with everything that was kept while no mail server was set."""
    if request.method == "POST":
        organization, member, at = request.organization, request.member, clock.now()
        if request.POST.get("act") == "send":
            count = Message.send_kept(organization, by=member, at=at)
            words = ngettext("%d mail is on its way.", "%d mails are on their way.", count)
        else:
            count = Message.discard_kept(organization, by=member, at=at)
            words = ngettext("%d mail was discarded.", "%d mails were discarded.", count)
        messages.success(request, words % count)
    return redirect("outbox")


def _page(request: OfficeRequest, form: MailSettingsForm, may_edit: bool) -> dict[str, object]:
    saved = MailSettings.of(request.organization)
    return {
        "form": form,
        "may_edit": may_edit,
        "may_send": request.member.may("outbox.send"),
        "sends": saved.sends,
        "host": saved.host,
        "kept": Message.of(request.organization).kept().count(),
        "address": request.member.account.email,
    }
