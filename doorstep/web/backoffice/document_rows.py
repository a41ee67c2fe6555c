"""A contact's documents as rows: formatted once, placed by the templates."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from doorstep.contacts.models import Contact
from doorstep.documents.models import Asked, Attachment, FileRequest, Side
from doorstep.files.models import FileState
from doorstep.lib.words import file_size, plain_date
from doorstep.web.ui.paging import Page, turn_to

COLUMNS = (
    "name",
    "side",
    "visible",
    "version",
    "added_by_name",
    "added_at",
    "file__size",
    "file__state",
    "document__number",
    "request__title",
)
LOOKS = {
    Asked.OPEN: "progress",
    Asked.DELIVERED: "answer",
    Asked.ACCEPTED: "settled",
    Asked.CANCELLED: "void",
}


def page_of(contact: Contact, query: QueryDict) -> Page:
    page = turn_to(Attachment.of(contact).there(), query, *COLUMNS, by="id")
    return Page([_row(row, contact) for row in page.rows], page.newer, page.older)


def requests_of(contact: Contact, today: date) -> list[dict[str, Any]]:
    """The latest, open ones among them."""
    locale = get_language() or "en"
    return [
        {
            "pk": row.pk,
            "title": row.title,
            "badge": LOOKS[Asked(row.state)],
            "said": row.get_state_display(),
            "due": plain_date(row.due_on, locale) if row.due_on else "",
            "late": row.state == Asked.OPEN and row.due_on is not None and row.due_on < today,
            "is_open": row.state == Asked.OPEN,
            "is_delivered": row.state == Asked.DELIVERED,
            "by": row.asked_by_name,
            "reason": row.reason if row.state == Asked.OPEN else "",
        }
        for row in FileRequest.of(contact).latest_first()[:20]
    ]


def _row(row: Any, contact: Contact) -> dict[str, Any]:
    locale = get_language() or "en"
    day = row.added_at.astimezone(ZoneInfo(contact.organization.time_zone)).date()
    return {
        "pk": row.pk,
        "name": row.name,
        "ours": row.side == Side.BUSINESS,
        "visible": row.visible,
        "hint": [
            row.added_by_name,
            plain_date(day, locale),
            file_size(row.file__size or 0, locale),
            _("Version %(n)d") % {"n": row.version} if row.version > 1 else "",
            row.document__number or "",
            row.request__title or "",
        ],
        "ready": row.file__state == FileState.READY,
        "held": row.file__state == FileState.HELD,
    }
