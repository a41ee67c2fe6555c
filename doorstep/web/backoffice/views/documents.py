"""A contact's documents: shared, uploaded, asked for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from doorstep.documents.models import Attachment, FileRequest
from doorstep.lib import clock
from doorstep.lib.errors import Refused
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice import document_rows
from doorstep.web.backoffice.forms.documents import AskForm, NewVersionForm, SendBackForm, ShareForm
from doorstep.web.backoffice.rights import needs
from doorstep.web.backoffice.views.contacts import about_contact, find_contact, find_counted
from doorstep.web.ui.downloads import download


@require_http_methods(["GET", "HEAD", "POST"])
@needs("papers.view")
def documents(request: OfficeRequest, pk: int) -> HttpResponse:
    """The tab; POST shares files."""
    contact = find_counted(request, pk)
    form = ShareForm(request.POST, request.FILES) if request.method == "POST" else ShareForm()
    if request.method == "POST":
        request.member.require("contacts.edit")
        if form.is_valid() and _share(request, contact, form):
            return redirect("contact_documents", pk)
    today = request.organization.today(clock.now())
    context: dict[str, Any] = about_contact(request, contact, "documents") | {
        "page": document_rows.page_of(contact, request.GET),
        "asked": document_rows.requests_of(contact, today),
        "form": form,
        "ask": AskForm(prefix="ask"),
        "uploads": request.organization.preferences.allows_uploads_and_edits(),
    }
    return render(request, "backoffice/contacts/documents.html", context)


@require_POST
@needs("contacts.edit")
def file_request(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ask for a document."""
    contact = find_contact(request, pk)
    form = AskForm(request.POST, prefix="ask")
    if form.is_valid():
        FileRequest.ask(contact, by=request.member, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("%(name)s is asked for it.") % {"name": contact.name})
    else:
        messages.error(request, _("Say which document you need."))
    return redirect("contact_documents", pk)


@require_GET
@needs("papers.view")
def document_file(request: OfficeRequest, pk: int) -> FileResponse:
    return download(_find(request, pk).file)


@require_POST
@needs("contacts.edit")
def document_visibility(request: OfficeRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    found.set_visible(request.POST.get("visible") == "1", by=request.member, at=clock.now())
    return redirect("contact_documents", found.contact_id)


@require_POST
@needs("contacts.edit")
def document_version(request: OfficeRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    form = NewVersionForm(request.POST, request.FILES)
    if form.is_valid():
        found.replace(form.cleaned_data["sent"][0], by=request.member, at=clock.now())
        messages.success(request, _("The new version took its place."))
    else:
        messages.error(request, _("Choose a file first."))
    return redirect("contact_documents", found.contact_id)


@require_POST
@needs("contacts.edit")
def document_removal(request: OfficeRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    found.remove(by=request.member, at=clock.now())
    messages.success(request, _("%(name)s was removed.") % {"name": found.name})
    return redirect("contact_documents", found.contact_id)


@require_POST
@needs("contacts.edit")
def file_request_decision(request: OfficeRequest, pk: int, decision: str) -> HttpResponse:
    """Accept what came, or say that it is no longer needed."""
    found = _request(request, pk)
    decide = {"acceptance": found.accept, "cancellation": found.cancel}[decision]
    decide(by=request.member, at=clock.now())
    return redirect("contact_documents", found.contact_id)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("contacts.edit")
def file_request_return(request: OfficeRequest, pk: int) -> HttpResponse:
    """Send back what came, with the reason."""
    found = _request(request, pk)
    form = SendBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found.send_back(form.cleaned_data["reason"], by=request.member, at=clock.now())
        return redirect("contact_documents", found.contact_id)
    context = {"form": form, "asked": found}
    return render(request, "backoffice/contacts/send_back.html", context)


def _share(request: OfficeRequest, contact: Any, form: ShareForm) -> bool:
    files, visible = form.cleaned_data["sent"], form.cleaned_data["visible"]
    try:
        Attachment.share(contact, files, by=request.member, at=clock.now(), visible=visible)
    except Refused as refusal:
        form.add_error("sent", str(refusal))
        return False
    words = ngettext("%(n)d file was added.", "%(n)d files were added.", len(files))
    messages.success(request, words % {"n": len(files)})
    return True


def _find(request: OfficeRequest, pk: int) -> Attachment:
    mine = Attachment.of(request.organization).there().select_related("file", "contact")
    return get_object_or_404(mine, pk=pk)


def _request(request: OfficeRequest, pk: int) -> FileRequest:
    mine = FileRequest.of(request.organization).select_related("contact")
    found = get_object_or_404(mine, pk=pk)
    found.contact.organization = request.organization
    return found
