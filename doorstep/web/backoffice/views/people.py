"""The people at a customer or vendor, and their way into the portal."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doorstep.contacts.models import Contact, ContactPerson, Invitation
from doorstep.lib import clock
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice import contact_rows, stuck
from doorstep.web.backoffice.forms.contacts import PersonForm
from doorstep.web.backoffice.rights import needs
from doorstep.web.tenancy import link_to


@needs("contacts.edit")
def person_new(request: OfficeRequest, pk: int) -> HttpResponse:
    """Somebody new at the contact; the short form of the page adds and invites in one go."""
    contact = _contact(request, pk)
    person = ContactPerson(contact=contact, organization=request.organization)
    prefix = "new" if "new-name" in request.POST else None
    form = PersonForm(request.POST or None, instance=person, prefix=prefix)
    if request.method == "POST" and form.is_valid():
        _add(request, contact, form)
        return redirect("contact_people", pk)
    return render(request, "backoffice/contacts/person.html", {"form": form, "contact": contact})


@needs("papers.view", to_act="contacts.edit")
def person(request: OfficeRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    form = PersonForm(request.POST or None, instance=_find(request, pk))
    if request.method == "POST" and form.is_valid():
        _save(request, found, form)
        return redirect("contact_people", found.contact_id)
    context = {
        "form": form,
        "contact": found.contact,
        "who": contact_rows.with_signs([found], request.organization)[0],
        "may_edit": request.member.may("contacts.edit"),
        "may_invite": request.member.may("access.manage"),
        "factors": _factors(found) if request.member.may("factors.reset") else set(),
    }
    return render(request, "backoffice/contacts/person.html", context)


@require_POST
@needs("access.manage")
def invitation(request: OfficeRequest, pk: int) -> HttpResponse:
    """Invite, or invite again: the earlier invitation dies."""
    found = _find(request, pk)
    found.invite(by=request.member, at=clock.now())
    messages.success(request, _("%(name)s is invited at %(email)s.") % _names(found))
    if (kind := request.POST.get("stuck", "")) in stuck.KINDS:
        return redirect("stuck", kind)
    return redirect("contact_people", found.contact_id)


@require_POST
@needs("access.manage")
def invitation_link(request: OfficeRequest, pk: int) -> HttpResponse:
    """A link to pass on another way, shown this once; the earlier invitation dies."""
    found = _find(request, pk)
    _handed, token = Invitation.hand_out(found, by=request.member, at=clock.now())
    address = link_to("portal", request.organization.portal_name, "invitation", token)
    context = {"person": found, "contact": found.contact, "address": address}
    return render(request, "backoffice/contacts/person_link.html", context)


@require_POST
@needs("access.manage")
def revocation(request: OfficeRequest, pk: int) -> HttpResponse:
    """Take access away, and the open invitation with it."""
    found = _find(request, pk)
    found.revoke(by=request.member, at=clock.now())
    messages.success(request, _("%(name)s no longer gets into the portal.") % _names(found))
    return redirect("contact_people", found.contact_id)


@require_POST
@needs("factors.reset", dangerous=True)
def second_factor(request: OfficeRequest, pk: int) -> HttpResponse:
    """Reset it for a person who lost their device."""
    found = _find(request, pk)
    access = getattr(found, "access", None)
    if access is None or not found.is_active_person:
        raise Http404
    said = (
        _("The second step of %(name)s is reset.")
        if access.reset_second_factor(by=request.member, at=clock.now())
        else _(
            "%(name)s also uses this account elsewhere, and confirms it by a mailed code from tomorrow on."
        )
    )
    messages.success(request, said % _names(found))
    return redirect("person", pk)


def _save(request: OfficeRequest, found: ContactPerson, form: PersonForm) -> None:
    at, member = clock.now(), request.member
    with transaction.atomic():
        found.set_rights(by=member, at=at, **form.rights)
        found.change(by=member, at=at, **form.details)
    messages.success(request, _("Saved."))


def _add(request: OfficeRequest, contact: Contact, form: PersonForm) -> None:
    at, member = clock.now(), request.member
    details = {n: v for n, v in form.details.items() if n != "is_primary"}
    with transaction.atomic():
        added = ContactPerson.add(contact, by=member, at=at, **details)
        added.set_rights(by=member, at=at, **form.rights)
        if form.cleaned_data["is_primary"] and not added.is_primary:
            added.change(by=member, at=at, is_primary=True)
        if "invite" in request.POST:
            added.invite(by=member, at=at)
    said = (
        _("%(name)s is invited at %(email)s.")
        if "invite" in request.POST
        else _("%(name)s was added.")
    )
    messages.success(request, said % _names(added))


def _contact(request: OfficeRequest, pk: int) -> Contact:
    found = get_object_or_404(request.organization.contacts.all(), pk=pk)
    found.organization = request.organization
    return found


def _find(request: OfficeRequest, pk: int) -> ContactPerson:
    people = ContactPerson.of(request.organization).with_state().select_related("contact", "access")
    found = get_object_or_404(people, pk=pk)
    found.organization = found.contact.organization = request.organization
    return found


def _factors(person: ContactPerson) -> set[str]:
    access = getattr(person, "access", None)
    return access.account.second_factors() if access else set()


def _names(person: ContactPerson) -> dict[str, str]:
    return {"name": person.name, "email": person.email}
