"""Documents as rows: formatted once, placed by the templates."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.documents.models import Attachment, FileRequest, Side
from doorstep.files.models import FileState
from doorstep.lib.words import file_size, plain_date
from doorstep.web.askers import Asker
from doorstep.web.ui.paging import Page, turn_to
from doorstep.web.ui.templatetags.ui import badge

COLUMNS = (
    "name",
    "side",
    "version",
    "added_by_name",
    "added_at",
    "file__size",
    "file__state",
    "document__number",
)


def page_of(asker: Asker, query: QueryDict, today: date) -> Page:
    """One page of what both sides see, newest first."""
    page = turn_to(Attachment.of(asker.contact).seen_by_contact(), query, *COLUMNS, by="id")
    return Page([_row(row, asker) for row in page.rows], page.newer, page.older)


def asked_of(asker: Asker, today: date) -> list[dict[str, Any]]:
    """What the business asks for and has not got yet; few."""
    rows = FileRequest.of(asker.contact).open().order_by("pk")[:50]
    return [
        {
            "pk": row.pk,
            "title": row.title,
            "note": row.note,
            "reason": row.reason,
            "due": _due(row, asker, today),
            "late": row.due_on is not None and row.due_on < today,
        }
        for row in rows
    ]


def may_upload(asker: Asker) -> bool:
    """Whether to offer it: switched on, allowed to this person, and not only looked at."""
    return (
        asker.viewing is None
        and asker.preferences.allows_uploads_and_edits()
        and asker.person.may("edit_details")
    )


def _due(row: FileRequest, asker: Asker, today: date) -> str:
    if row.due_on is None:
        return ""
    words = _("was needed by %(day)s") if row.due_on < today else _("needed by %(day)s")
    return words % {"day": plain_date(row.due_on, asker.locale)}


def _row(row: Any, asker: Asker) -> dict[str, Any]:
    day = row.added_at.astimezone(ZoneInfo(asker.organization.time_zone)).date()
    mine = row.side == Side.CONTACT
    return {
        "url": reverse("document", args=[row.pk]),
        "pk": row.pk,
        "name": row.name,
        "from": row.added_by_name if mine else asker.organization.name,
        "mine": mine,
        "day": plain_date(day, asker.locale),
        "size": file_size(row.file__size or 0, asker.locale),
        "paper": row.document__number or "",
        "version": _("Version %(n)d") % {"n": row.version} if row.version > 1 else "",
        "ready": row.file__state == FileState.READY,
        "badge": _state(row.file__state),
    }


def _state(state: str) -> str:
    if state == FileState.HELD:
        return badge("progress", _("Being checked for viruses"))
    if state == FileState.REFUSED:
        return badge("refused", _("Refused by the virus scanner"))
    return ""
