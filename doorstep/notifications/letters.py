"""What a mail says: subject, text and HTML, in the recipient's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils import translation
from django.utils.module_loading import import_string

from doorstep.lib.languages import supported
from doorstep.lib.secrets import SECRET_LINK
from doorstep.notifications.audiences import Recipient
from doorstep.notifications.letterhead import letterhead_of
from doorstep.notifications.occasions import Occasion
from doorstep.notifications.rules import RULES, Channel


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What one kind of letter adds: its subject, what its templates need, papers, a secret link."""

    subject: str
    context: dict[str, Any] = field(default_factory=dict)
    papers: list[dict[str, Any]] = field(default_factory=list)
    secret: str = ""
    void: str = ""
    """Why the mail must not leave although it was promised; empty when it may."""


@dataclass(frozen=True, slots=True)
class Letter:
    language: str
    subject: str
    text: str
    html: str
    papers: list[dict[str, Any]]
    reply_to: str
    secret: str
    void: str


type Writer = Callable[[Occasion, Recipient, str], Enclosure]


def write(name: str, occasion: Occasion, recipient: Recipient, *, by_text: bool = False) -> Letter:
    """The letter `mail/<name>`, or the message `text/<name>`, about this occasion, for this recipient."""
    language = supported(recipient.locale)
    with translation.override(language):
        # Amounts and dates follow the person's region only where the words are in their language too.
        same = recipient.locale.split("-")[0] == language.split("-")[0]
        locale = recipient.locale if same else language
        contact = occasion.contact if occasion.event.contact_id else None
        letterhead = letterhead_of(occasion.organization, contact)
        enclosure = _writer(name)(occasion, recipient, locale)
        context = {
            "letterhead": letterhead,
            "recipient": recipient,
            "organization": occasion.organization,
            "contact": contact,
            "subject": one_line(enclosure.subject),
            "secret_link": SECRET_LINK,
            "for_member": recipient.member is not None,
            "choose": link("office", occasion, "notice_settings") if recipient.member else "",
            **enclosure.context,
        }
        return Letter(
            language=language,
            subject=one_line(enclosure.subject),
            text=tidy(render_to_string(f"{'text' if by_text else 'mail'}/{name}.txt", context)),
            html="" if by_text else render_to_string(f"mail/{name}.html", context),
            papers=enclosure.papers,
            reply_to="" if recipient.member else letterhead.reply_to,
            secret=enclosure.secret,
            void=enclosure.void,
        )


@cache
def get_ready() -> None:
    """Load templates and addresses now, so that no transaction waits while the first letter is written."""
    for rule in RULES:
        if rule.channel is Channel.BELL:
            continue
        _writer(rule.letter)
        if rule.channel is Channel.TEXT:
            get_template(f"text/{rule.letter}.txt")
        else:
            get_template(f"mail/{rule.letter}.html")
            get_template(f"mail/{rule.letter}.txt")
    for face in ("portal", "office"):
        import_string(settings.LINKS)(face, "any", "home")


def one_line(words: str, *, longest: int = 200) -> str:
    """Fit for a header: no line ends, no control characters, not too long."""
    plain = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+", " ", words)
    # What looks like an encoded word would be decoded on the way, into whatever is hidden in it.
    plain = re.sub(r" {2,}", " ", plain).strip().replace("=?", "= ?")
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"


def tidy(text: str) -> str:
    """A text twin without the gaps that template tags leave."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def link(face: str, occasion: Occasion, view: str, *args: object, hat: str = "") -> str:
    """The whole address of a page; the web above registers who knows addresses."""
    address: str = import_string(settings.LINKS)(
        face, occasion.organization.portal_name, view, *args, hat=hat
    )
    return address


def _writer(name: str) -> Writer:
    from doorstep.notifications import enclosures

    writer: Writer = getattr(enclosures, name)
    return writer
