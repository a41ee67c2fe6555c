"""What every paper of one organisation shares: letterhead, colours, page size, stamps, and the store of PDFs."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from django.utils.translation import get_language_info, gettext

from doorstep.documents import authenticity, renditions
from doorstep.documents.models import Document, Rendition
from doorstep.documents.renditions.compiler import Template
from doorstep.documents.renditions.paper import (
    Authenticity,
    Brand,
    Direction,
    PageSize,
    Sender,
    Stamp,
    Tone,
)
from doorstep.lib.brand import derive
from doorstep.organizations.models import Organization

_LETTER_COUNTRIES = frozenset(
    "us usa united-states united-states-of-america ca canada mx mexico pr puerto-rico".split()
)
_LETTER_CURRENCIES = frozenset({"USD", "CAD", "MXN"})


class Signed(Protocol):
    """What a code is bound to: one paper of one business, under its number."""

    @property
    def pk(self) -> int: ...
    @property
    def organization_id(self) -> int: ...
    @property
    def number(self) -> str: ...


def direction_of(language: str) -> Direction:
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"


def page_size_of(organization: Organization) -> PageSize:
    """Letter where people print on it, A4 everywhere else."""
    country = re.sub(r"[^a-z]+", "-", organization.country.casefold()).strip("-")
    if country:
        return "us-letter" if country in _LETTER_COUNTRIES else "a4"
    return "us-letter" if organization.currency in _LETTER_CURRENCIES else "a4"


def brand_of(organization: Organization) -> Brand:
    colors = derive(organization.brand_color)
    return {"color": colors.mark, "on_color": colors.on_mark}


def sender_from(details: Mapping[str, Any]) -> Sender:
    """The letterhead from what a paper has frozen about its sender."""
    tax_number = details.get("tax_number", "")
    return {
        "name": details["name"],
        "legal_name": details["legal_name"],
        "address_lines": list(details["lines"]),
        "email": details["email"],
        "phone": details["phone"],
        "website": details["website"],
        "tax_number": tax_line(tax_number),
    }


def sender_of(organization: Organization) -> Sender:
    """The letterhead as it is today."""
    return {
        "name": organization.name,
        "legal_name": organization.legal_name,
        "address_lines": organization.address_lines,
        "email": organization.email,
        "phone": organization.phone,
        "website": organization.website,
        "tax_number": tax_line(organization.tax_number),
    }


def tax_line(number: str) -> str:
    return gettext("Tax number %(number)s") % {"number": number} if number else ""


def footer_of(sender: Sender) -> str:
    """One line: who it is from and how to reach them."""
    name = sender["legal_name"] or sender["name"]
    return " · ".join(part for part in (name, sender["email"], sender["phone"]) if part)


def authenticity_of(sheet: authenticity.Sheet, paper: Signed) -> Authenticity | None:
    """Where to ask whether the paper is real. A draft has no number yet, and nothing to confirm."""
    if not paper.number:
        return None
    return {
        "title": gettext("Is this really from us?"),
        "text": gettext("Scan this or open the address, and compare number, amount and account."),
        "url": where_to_check(sheet, paper),
    }


def where_to_check(sheet: authenticity.Sheet, paper: Signed) -> str:
    """The address that confirms this one paper."""
    code = authenticity.code_of(sheet, paper.organization_id, paper.pk, paper.number)
    return authenticity.address_of(code)


def stamp_of(organization: Organization, word: str, tone: Tone) -> Stamp | None:
    """The state's stamp; in test organisations TEST stands before it on every paper."""
    if organization.is_test:
        test = gettext("TEST")
        return {"text": f"{test} · {word}" if word else test, "tone": "warn"}
    return {"text": word, "tone": tone} if word else None


def drawn(
    template: Template,
    paper: Mapping[str, Any],
    *,
    organization: Organization,
    document: Document | None,
    name: str,
) -> bytes:
    """The PDF of this paper: from the store when the same one was drawn before, else drawn and stored."""
    logo = organization.logo.read() if organization.logo else None
    key = _key(template, paper, logo)
    stored = Rendition.find(organization.pk, key)
    if stored is not None:
        return stored
    content = renditions.render(template, paper, logo)
    Rendition.keep(organization.pk, key=key, document=document, name=name, content=content)
    return content


def file_name(organization: Organization, *parts: str) -> str:
    """`Acme-INV-000123.pdf`: ASCII letters, digits and hyphens, so that it fits any header and disk."""
    words = [organization.name.split(" ")[0], *parts]
    return "-".join(word for word in map(_plain, words) if word)[:120] + ".pdf"


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", letters).strip("-")


def _key(template: str, paper: Mapping[str, Any], logo: bytes | None) -> str:
    content = json.dumps(paper, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(f"{template}\0{_drawn_by()}\0{content}".encode())
    digest.update(logo or b"")
    return digest.hexdigest()


@cache
def _drawn_by() -> str:
    """Changes when a template or the code that fills it changes: what it drew before is then drawn anew."""
    folder = Path(renditions.__file__).parent
    sources = sorted([*folder.glob("*.py"), *folder.glob("typst/*.typ")])
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()
