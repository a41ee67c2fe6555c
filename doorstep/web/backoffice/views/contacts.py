"""Customers and vendors."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import IntegerField
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from doorstep.activity.models import Event
from doorstep.contacts.models import Contact, ContactPerson, ContactRole, Viewing
from doorstep.lib import clock
from doorstep.lib.counts import CountOf, count_together
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice import contact_rows, invoice_rows, payment_rows
from doorstep.web.backoffice.adoption import adoption
from doorstep.web.backoffice.forms.contacts import (
    ContactForm,
    NewContactForm,
    QuickPersonForm,
    ViewAsForm,
)
from doorstep.web.backoffice.history import tell
from doorstep.web.backoffice.rights import needs
from doorstep.web.backoffice.views.account_managers import is_mine, managers
from doorstep.web.tenancy import path_in
from doorstep.web.ui.spreadsheet import csv_file

MANY = 1000
RECENT = 8


@require_GET
@needs("papers.view")
def contacts(request: OfficeRequest) -> HttpResponse:
    today = request.organization.today(clock.now())
    page = contact_rows.page_of(_wanted(request), request.GET, request.organization, today)
    context = {
        "page": page,
        "segments": _segments(request),
        "words": request.GET.get("q", ""),
        "role": request.GET.get("role", ""),
        "mine": is_mine(request),
        "managers": managers(request),
        "may_edit": request.member.may("contacts.edit"),
        "may_export": request.member.may("exports.run"),
    }
    return render(request, "backoffice/contacts/list.html", context)


@require_GET
@needs("exports.run")
def contacts_csv(request: OfficeRequest) -> StreamingHttpResponse:
    columns = (
        "name company_name role email phone currency payment_terms_days language tax_number".split()
    )
    columns += [
        f"billing_{part}" for part in ("street", "postal_code", "city", "region", "country")
    ]
    rows = _wanted(request).order_by("name", "pk").values_list(*columns)
    return csv_file("contacts.csv", columns, rows.iterator(chunk_size=500))


@needs("papers.view")
def contact(request: OfficeRequest, pk: int) -> HttpResponse:
    found = find_counted(request, pk)
    today = request.organization.today(clock.now())
    context = about_contact(request, found, "overview") | {
        "open": invoice_rows.rows_of(Invoice.of(found).open().by_due_date()[:6], today),
        "people": contact_rows.people_of(found, request.organization)[:5],
    }
    return render(request, "backoffice/contacts/overview.html", context)


@needs("papers.view")
def contact_papers(request: OfficeRequest, pk: int) -> HttpResponse:
    found = find_counted(request, pk)
    today = request.organization.today(clock.now())
    context = about_contact(request, found, "papers") | {
        "page": invoice_rows.page_of(Invoice.of(found), request.GET, today),
        "payments": payment_rows.rows_of(Payment.of(found).worth_showing().newest_first()[:10]),
    }
    return render(request, "backoffice/contacts/papers.html", context)


@needs("papers.view")
def people(request: OfficeRequest, pk: int) -> HttpResponse:
    found = find_counted(request, pk)
    rows = contact_rows.people_of(found, request.organization)
    context = about_contact(request, found, "people") | {
        "people": rows,
        "summary": _summary(rows),
        "refused": [row for row in rows if row["is_refused"]],
        "quick": QuickPersonForm(prefix="new"),
        "adoption": adoption(found, at=clock.now()),
    }
    return render(request, "backoffice/contacts/people.html", context)


@needs("contacts.edit")
def contact_new(request: OfficeRequest) -> HttpResponse:
    form = NewContactForm(
        request.POST or None,
        member=request.member,
        initial={"role": request.GET.get("role", "customer")},
    )
    if request.method == "POST" and form.is_valid():
        return redirect("contact", _create(request, form).pk)
    return render(request, "backoffice/contacts/form.html", {"form": form})


@needs("contacts.edit")
def contact_edit(request: OfficeRequest, pk: int) -> HttpResponse:
    found = find_contact(request, pk)
    form = ContactForm(request.POST or None, member=request.member, instance=found)
    if request.method == "POST" and form.is_valid():
        find_contact(request, pk).change(by=request.member, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("contact", pk)
    return render(request, "backoffice/contacts/form.html", {"form": form, "contact": found})


@needs("customers.view_as")
def view_as(request: OfficeRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then look at the portal through a person's eyes."""
    found = find_contact(request, pk)
    form = ViewAsForm(request.POST or None, contact=found)
    if request.method == "POST" and form.is_valid():
        person, reason = form.cleaned_data["person"], form.cleaned_data["reason"]
        viewing = Viewing.start(person, by=request.member, reason=reason, at=clock.now())
        return HttpResponseRedirect(_seen_through(request, found, viewing))
    return render(request, "backoffice/contacts/view_as.html", {"form": form, "contact": found})


def _seen_through(request: OfficeRequest, found: Contact, viewing: Viewing) -> str:
    """The portal's home under this viewing, or the invoice that one came from."""
    name, hat = request.organization.portal_name, f"/viewing/{viewing.pk}"
    number = request.GET.get("invoice", "")
    if number and Invoice.of(found).visible().filter(number=number).exists():
        return path_in("portal", name, "invoice", number, hat=hat)
    return path_in("portal", name, "home", hat=hat)


def find_contact(request: OfficeRequest, pk: int) -> Contact:
    found = get_object_or_404(request.organization.contacts.all(), pk=pk)
    found.organization = request.organization
    return found


def find_counted(request: OfficeRequest, pk: int) -> Contact:
    """The contact with how many papers and people it has, for its tabs."""
    papers = Invoice.of(request.organization).filter(contact=pk).order_by().values("pk")[:MANY]
    people = ContactPerson.of(request.organization).filter(contact=pk).order_by().values("pk")
    found = get_object_or_404(
        request.organization.contacts.annotate(
            paper_count=CountOf(papers, output_field=IntegerField()),
            people_count=CountOf(people[:MANY], output_field=IntegerField()),
        ),
        pk=pk,
    )
    found.organization = request.organization
    return found


def _wanted(request: OfficeRequest) -> Any:
    rows = request.organization.contacts.all()
    if (role := request.GET.get("role")) in ContactRole.values:
        rows = rows.filter(role=role)
    if is_mine(request):
        rows = rows.looked_after_by(request.member)
    if words := request.GET.get("q", "").strip().replace("\0", ""):
        rows = rows.matching(words)
    return rows


def _segments(request: OfficeRequest) -> list[dict[str, Any]]:
    everybody = request.organization.contacts.all()
    kinds = [
        ("", _("All"), everybody),
        ("customer", _("Customers"), everybody.customers()),
        ("vendor", _("Vendors"), everybody.vendors()),
    ]
    counts = count_together(**{value or "all": rows[:MANY] for value, _label, rows in kinds})
    return [
        {"value": value, "label": label, "count": _bounded(counts[value or "all"])}
        for value, label, _rows in kinds
    ]


def _bounded(count: int) -> str:
    return f"{MANY}+" if count == MANY else str(count)


def about_contact(request: OfficeRequest, found: Any, tab: str) -> dict[str, Any]:
    """What every tab of a contact shows above and beside its content."""
    at, member = clock.now(), request.member
    events = Event.of(request.organization.pk).filter(contact_id=found.pk)[: RECENT * 2]
    return {
        "contact": found,
        "tab": tab,
        "figures": contact_rows.figures(found, request.organization, at=at),
        "paper_count": _bounded(found.paper_count),
        "people_count": found.people_count,
        "recent": tell(events, request.organization)[:RECENT],
        "may_edit": member.may("contacts.edit"),
        "may_invite": member.may("access.manage"),
        "may_view_as": member.may("customers.view_as"),
        "may_write": member.may("invoices.edit"),
        "may_record": member.may("payments.record"),
    }


def _summary(rows: list[dict[str, Any]]) -> str:
    active = sum(row["state"] == "active" for row in rows)
    invited = sum(row["state"] == "invited" for row in rows)
    parts = [ngettext("%d active", "%d active", active) % active] if active else []
    parts += [ngettext("%d invited", "%d invited", invited) % invited] if invited else []
    return ", ".join(parts)


def _create(request: OfficeRequest, form: NewContactForm) -> Contact:
    at, member = clock.now(), request.member
    with transaction.atomic():
        made = Contact.create(request.organization, by=member, at=at, **form.details)
        if form.cleaned_data["person_name"]:
            person = ContactPerson.add(
                made,
                name=form.cleaned_data["person_name"],
                email=form.cleaned_data["person_email"],
                by=member,
                at=at,
            )
            if form.cleaned_data["invite"]:
                person.invite(by=member, at=at)
    messages.success(request, _("%(name)s was added.") % {"name": made.name})
    return made
