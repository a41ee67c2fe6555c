"""Share a paper by a link, and the register of the links that there are."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import qrcode
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from qrcode.image.svg import SvgPathImage

from doorstep.lib import clock
from doorstep.lib.words import long_date, moment
from doorstep.notifications.models import SmsSettings
from doorstep.sales.models import Invoice
from doorstep.sharing.models import Link, Opening
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice.forms.sharing import ShareForm
from doorstep.web.backoffice.rights import needs


@needs("papers.view", to_act="invoices.edit")
def invoice_links(request: OfficeRequest, pk: int) -> HttpResponse:
    invoice = _find(request, pk)
    texts = SmsSettings.of(request.organization).is_offered
    form = ShareForm(request.POST or None, contact=invoice.contact, texts=texts)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        link, token = form.share(invoice, by=request.member, at=clock.now())
        if link.channel in ("mail", "sms"):
            words = _("The link is mailed to %(name)s.")
            if link.channel == "sms":
                words = _("The link goes to %(name)s by SMS.")
            messages.success(request, words % {"name": link.person})
            return redirect("invoice_links", pk)
        context["fresh"] = _ways_on(invoice, f"{settings.BASE_URL}/s/{token}")
        form = ShareForm(contact=invoice.contact, texts=texts)
    context |= {
        "invoice": invoice,
        "form": form,
        "rows": _rows(request, invoice),
        "may_share": request.member.may("invoices.edit") and invoice.is_visible,
        "nobody_provable": form.nobody_provable,
        "verifies": request.organization.preferences.verifies_links(invoice.kind),
    }
    status = 422 if form.errors else 200
    return render(request, "backoffice/invoices/links.html", context, status=status)


@require_POST
@needs("invoices.edit")
def revocation(request: OfficeRequest, pk: int, link: int) -> HttpResponse:
    found = get_object_or_404(Link.register_of(_find(request, pk)), pk=link)
    found.revoke(by=request.member, at=clock.now())
    messages.success(request, _("The link opens nothing any more."))
    return redirect("invoice_links", pk)


def _find(request: OfficeRequest, pk: int) -> Invoice:
    invoices = Invoice.of(request.organization).select_related("contact")
    found: Invoice = get_object_or_404(invoices, pk=pk)
    found.organization = request.organization
    return found


def _rows(request: OfficeRequest, invoice: Invoice) -> list[dict[str, Any]]:
    links = list(Link.register_of(invoice)[:100])
    openings = Opening.latest_of(links)
    return [_row(request, link, openings.get(link.pk, [])) for link in links]


def _row(request: OfficeRequest, link: Any, openings: list[Opening]) -> dict[str, Any]:
    now, zone = clock.now(), request.organization.time_zone
    locale = request.member.account.language or request.organization.language
    state = "revoked" if link.revoked_at else "expired" if link.expires_at <= now else "live"
    return {
        "pk": link.pk,
        "who": _for_whom(link),
        "passed_on": link.parent_id is not None,
        "how": link.get_channel_display(),
        "right": link.get_right_display(),
        "by": link.shared_by_name,
        "shared": moment(link.created_at, locale, zone),
        "until": long_date(request.organization.today(link.expires_at), locale),
        "opened": moment(link.opened_at, locale, zone) if link.opened_at else "",
        "openings": [
            {
                "when": moment(opening.at, locale, zone),
                "what": words_for(opening.what),
                "who": _opener(opening),
                "by_scanner": opening.by_scanner,
            }
            for opening in openings
        ],
        "state": state,
    }


def _for_whom(link: Link) -> str:
    if link.addressee:
        return link.addressee
    return link.person.name if link.person else _("Whoever has it")


def words_for(what: str) -> str:
    """How far somebody came."""
    words = {
        "landed": _("Opened"),
        "viewed": _("Looked at"),
        "downloaded": _("Downloaded"),
        "paid": _("Paid"),
    }
    return words.get(what, what)


def _opener(opening: Opening) -> str:
    if opening.by_scanner:
        return _("a mail scanner")
    return opening.person_name or opening.browser


def _ways_on(invoice: Invoice, address: str) -> dict[str, Any]:
    """The link itself, this once: to copy, to scan, to send by WhatsApp."""
    words = _("Invoice %(number)s from %(name)s: %(link)s") % {
        "number": invoice.number,
        "name": invoice.organization.name,
        "link": address,
    }
    picture = qrcode.make(address, image_factory=SvgPathImage, border=2).to_string(
        encoding="unicode"
    )
    return {
        "address": address,
        "whatsapp": f"https://wa.me/?text={quote(words)}",
        "picture": mark_safe(picture),  # noqa: S308 - drawn by the library from our own address
    }
