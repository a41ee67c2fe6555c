"""The outbox: every mail, where it is on its way, and what is in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from doorstep.lib import clock
from doorstep.lib.words import moment
from doorstep.notifications.envelope import paper_names, papers_of
from doorstep.notifications.models import MailSettings, Message, MessageState, SmsSettings
from doorstep.notifications.models.message import leaves
from doorstep.notifications.models.outbox import MessageQuerySet
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice.rights import needs
from doorstep.web.ui.paging import Page, turn_to
from doorstep.web.ui.spreadsheet import csv_file

# A mail is shown as it looks, but to this page it is a stranger: no scripts, no frames, no requests.
STRANGER = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
BADGES = {
    MessageState.QUEUED: "progress",
    MessageState.KEPT: "plain",
    MessageState.SENT: "paid",
    MessageState.FAILED: "refused",
    MessageState.CANCELLED: "void",
}


@needs("outbox.view")
def outbox(request: OfficeRequest) -> HttpResponse:
    context = {
        "segments": _segments(request),
        "chosen": request.GET.get("state", ""),
        "words": request.GET.get("q", "").strip(),
        "kept": Message.of(request.organization).kept().count(),
        "sends": MailSettings.of(request.organization).sends,
        "may_send": request.member.may("outbox.send"),
        "may_set": request.member.may("settings.view"),
        "may_export": request.member.may("exports.run"),
        "page": _rows(request, turn_to(_wanted(request), request.GET, *COLUMNS, by="id")),
    }
    return render(request, "backoffice/outbox.html", context)


@require_GET
@needs("exports.run")
def outbox_csv(request: OfficeRequest) -> StreamingHttpResponse:
    """The list as it is filtered: who was written to, and what became of it. No mail's words are in it."""
    request.member.require("outbox.view")
    columns = "created_at state kind recipient recipient_name subject sent_at error".split()
    rows = _wanted(request).order_by("-pk").values_list(*columns)
    return csv_file("outbox.csv", columns, rows.iterator(chunk_size=500))


@needs("outbox.view", to_act="outbox.send")
def message(request: OfficeRequest, pk: int) -> HttpResponse:
    """One mail; POST sends it, tries it again or discards it."""
    found = _find(request, pk)
    if request.method == "POST":
        act, words = _act(request)
        act(found, by=request.member, at=clock.now())
        messages.success(request, str(words))
        return redirect("message", pk)
    return render(request, "backoffice/message.html", _page(request, found))


@needs("outbox.view")
def message_link(request: OfficeRequest, pk: int) -> HttpResponse:
    """POST: the link in this mail, shown once and put on record."""
    found = _find(request, pk)
    if request.method != "POST":
        return redirect("message", pk)
    link = found.reveal(by=request.member, at=clock.now())
    return render(request, "backoffice/message.html", {**_page(request, found), "link": link})


@needs("outbox.view")
def message_html(request: OfficeRequest, pk: int) -> HttpResponse:
    """The mail as it looks, in a tab of its own that may do nothing."""
    found = _find(request, pk)
    if not found.html:
        raise Http404
    return HttpResponse(found.html, headers={"Content-Security-Policy": STRANGER})


@needs("outbox.view")
def message_paper(request: OfficeRequest, pk: int, place: int) -> HttpResponse:
    """One of the papers that go along, as it is now."""
    papers = papers_of(_find(request, pk), at=clock.now())
    if place >= len(papers):
        raise Http404
    name, pdf = papers[place]
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


ACTS: dict[str, tuple[Callable[..., object], Promise | str]] = {
    "send": (Message.queue, gettext_lazy("It is on its way.")),
    "again": (Message.send_again, gettext_lazy("A second copy is on its way.")),
    "discard": (Message.discard, gettext_lazy("It was discarded and will not be sent.")),
}
COLUMNS = ("state", "by_text", "recipient", "recipient_name", "subject", "created_at", "error")


def _act(request: OfficeRequest) -> tuple[Callable[..., object], Promise | str]:
    """What the button says. Raises Http404 for one that is not on the page."""
    wanted = request.POST.get("act", "")
    if wanted not in ACTS:
        raise Http404
    return ACTS[wanted]


def _wanted(request: OfficeRequest) -> MessageQuerySet:
    """What the filters of the list show."""
    found = Message.of(request.organization)
    if (state := request.GET.get("state", "")) in MessageState.values:
        found = found.filter(state=state)
    if words := request.GET.get("q", "").strip().replace("\0", ""):
        found = found.matching(words)
    return found


def _find(request: OfficeRequest, pk: int) -> Message:
    messages = Message.of(request.organization).select_related("person__contact", "organization")
    return get_object_or_404(messages, pk=pk)


def _segments(request: OfficeRequest) -> list[dict[str, Any]]:
    refused = Message.of(request.organization).failed()[:1000].count()
    kinds = [("", _("All"), 0)]
    kinds += [
        (str(value), str(label), refused if value == MessageState.FAILED else 0)
        for value, label in MessageState.choices
    ]
    return [{"value": value, "label": label, "count": count} for value, label, count in kinds]


def _rows(request: OfficeRequest, page: Page) -> Page:
    locale, zone = get_language() or "en", request.organization.time_zone
    rows = [
        {
            "pk": row.pk,
            "badge": BADGES[row.state],
            "state": MessageState(row.state).label,
            "subject": row.subject,
            "to": row.recipient_name or row.recipient,
            "address": row.recipient,
            "by_text": row.by_text,
            "when": moment(row.created_at, locale, zone),
            "error": row.error,
        }
        for row in page.rows
    ]
    return Page(rows, page.newer, page.older)


def _page(request: OfficeRequest, found: Message) -> dict[str, Any]:
    locale, zone = get_language() or "en", request.organization.time_zone
    settings = MailSettings.of(request.organization)
    sends = leaves(request.organization, by_text=found.by_text)
    text_sender = SmsSettings.of(request.organization).sender if found.by_text else ""
    may_send = request.member.may("outbox.send")
    times = {
        "written": found.created_at,
        "sent": found.sent_at,
        "next_try": found.next_attempt_at if found.state == MessageState.QUEUED else None,
    }
    return {
        "mail": found,
        "badge": BADGES[MessageState(found.state)],
        "text": found.text.replace(Message.SECRET_LINK, _("[the link in this mail]")),
        "times": {name: moment(at, locale, zone) for name, at in times.items() if at},
        "sender": settings.from_name or request.organization.name,
        "from_address": text_sender if found.by_text else settings.from_address,
        "papers": list(enumerate(paper_names(found))),
        "may_queue": may_send and sends and found.state in (MessageState.KEPT, MessageState.FAILED),
        "may_send_again": may_send and sends and found.may_be_sent_again,
        "may_discard": may_send
        and found.state in (MessageState.KEPT, MessageState.FAILED, MessageState.QUEUED),
        "may_reveal": bool(found.sealed_secret) and found.may_be_revealed_to(request.member),
    }
