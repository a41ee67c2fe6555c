"""One field for everything: contacts, papers by number, settings by label."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from doorstep.contacts.models import ContactPerson
from doorstep.lib import clock
from doorstep.organizations.models import PortalPreferences
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice import invoice_rows, payment_rows
from doorstep.web.backoffice.forms.preferences import SETTINGS
from doorstep.web.backoffice.rights import needs
from doorstep.web.backoffice.shell import settings_groups

MOST = 8


@require_GET
@needs("papers.view")
def search(request: OfficeRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip().replace("\0", "")[:100]
    context: dict[str, Any] = {"search_query": words, "words": words}
    if words:
        context |= _found(request, words)
    return render(request, "backoffice/search.html", context)


def _found(request: OfficeRequest, words: str) -> dict[str, Any]:
    organization = request.organization
    today = organization.today(clock.now())
    invoices = Invoice.of(organization).filter(number__istartswith=words).newest_first()
    payments = Payment.of(organization).filter(number__istartswith=words).newest_first()
    people = ContactPerson.of(organization).matching(words).select_related("contact")
    found = {
        "contacts": list(organization.contacts.matching(words).order_by("name", "pk")[:MOST]),
        "people": list(people.order_by("name", "pk")[:MOST]),
        "invoices": invoice_rows.rows_of(invoices[:MOST], today),
        "payments": payment_rows.rows_of(payments[:MOST]),
        "settings": _settings(words),
    }
    return found | {"nothing": not any(found.values())}


def _settings(words: str) -> list[tuple[str, str]]:
    wanted = words.casefold()
    pages = [(name, label) for _group, pages in settings_groups() for name, label, _icon in pages]
    hits = [(_address(name), label) for name, label in pages if wanted in label.casefold()]
    for name in SETTINGS:
        field: Any = PortalPreferences._meta.get_field(name)
        if wanted in f"{field.verbose_name} {field.help_text} {name}".casefold():
            hits.append((f"{reverse('preferences')}#{name}", str(field.verbose_name)))
    return [(url, label) for url, label in hits if url][:MOST]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
