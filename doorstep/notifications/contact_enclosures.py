"""News for the people of a customer or vendor, in one sentence: documents and details."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from doorstep.contacts.events import DETAIL_APPROVED, DETAIL_DECLINED
from doorstep.contacts.models import PortalAccess
from doorstep.contacts.models.details import label_of
from doorstep.documents.events import FILE_ASKED, FILE_SENT_BACK, FILE_SHARED, FILE_SHOWN
from doorstep.documents.models import FileRequest
from doorstep.lib.words import long_date
from doorstep.notifications.audiences import Recipient
from doorstep.notifications.letters import Enclosure, link
from doorstep.notifications.occasions import Occasion

SAID = {
    FILE_SHARED: lambda: _("%(business)s has shared %(what)s with you"),
    FILE_SHOWN: lambda: _("%(business)s has shared %(what)s with you"),
    FILE_ASKED: lambda: _("%(business)s asks you for a document: %(what)s"),
    FILE_SENT_BACK: lambda: _("%(business)s sent %(what)s back"),
    DETAIL_APPROVED: lambda: _("%(business)s has taken over your new %(field)s"),
    DETAIL_DECLINED: lambda: _("%(business)s left your %(field)s as it was"),
}


def contact_news(occasion: Occasion, recipient: Recipient, locale: str) -> Enclosure:
    """What happened, and the way to the page that shows it, for who has access to it."""
    event = occasion.event
    words = SAID[event.kind]() % {
        "business": occasion.organization.name,
        "what": _what(occasion),
        "field": _field(event.data.get("field", "")),
    }
    page = "details" if event.kind in (DETAIL_APPROVED, DETAIL_DECLINED) else "documents"
    asked = _asked(occasion)
    return Enclosure(
        words,
        {
            "note": event.data.get("reason", "") or (asked.note if asked else ""),
            "due": _by(asked.due_on, locale) if asked else "",
            "link": _way(occasion, recipient, page),
        },
    )


def _what(occasion: Occasion) -> str:
    files = occasion.event.data.get("files", ())
    if len(files) > 1:
        return _("%(n)d files") % {"n": len(files)}
    return occasion.event.subject_label


def _asked(occasion: Occasion) -> FileRequest | None:
    if occasion.event.kind not in (FILE_ASKED, FILE_SENT_BACK):
        return None
    return FileRequest.of(occasion.contact).filter(pk=occasion.event.subject_id).first()


def _by(day: date | None, locale: str) -> str:
    return _("Needed by %(day)s.") % {"day": long_date(day, locale)} if day else ""


def _field(name: str) -> str:
    return label_of(name) if name else ""


def _way(occasion: Occasion, recipient: Recipient, page: str) -> str:
    """Empty for somebody without access."""
    access: PortalAccess | None = getattr(recipient.person, "access", None)
    if access is None or access.revoked_at is not None:
        return ""
    several = len(PortalAccess.objects.of(access.account_id, occasion.organization)) > 1
    return link("portal", occasion, page, hat=f"/as/{access.pk}" if several else "")
