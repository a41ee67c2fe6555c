"""A paper as a PDF.

The compiler sees two things: the Typst files beside this one, and the paper as JSON text. What a customer or a member
wrote is never part of a source, and the folder that the compiler may read holds nothing but those files.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import typst

from doorstep.documents.renditions.logo import letterhead_logo
from doorstep.documents.renditions.printable import printable
from doorstep.lib.qr import drawing

type Template = Literal["invoice", "receipt"]

TEMPLATES: dict[str, str] = {"invoice": "invoice.typ", "receipt": "receipt.typ"}

_HERE = Path(__file__).parent
_ROOT = _HERE / "typst"
_FONTS = _HERE / "fonts"
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{2}))?(?![a-z])", re.IGNORECASE)
_compilers = threading.local()


def render(template: Template, paper: Mapping[str, Any], logo: bytes | None = None) -> bytes:
    """The paper as a tagged PDF with its fonts embedded: the same paper and logo always give the same bytes.

    `paper` is a `Paper` for "invoice" and a `Receipt` for "receipt"; `logo` is a PNG or JPEG.
    """
    if _first_process() != os.getpid():
        # The compiler's threads do not survive a fork; the call would wait for them for ever.
        raise RuntimeError(
            "this process was forked from one that has rendered; start a new one instead"
        )
    source = str(_ROOT / TEMPLATES[template])
    inputs = {"paper": json.dumps(_set(paper, logo), ensure_ascii=False)}
    made = datetime.fromisoformat(paper["pdf"]["date"]).replace(tzinfo=UTC)
    try:
        return _compile(source, inputs, made, accessible=True)
    except typst.TypstError as error:
        if not error.message.startswith("PDF/UA-1 error"):
            raise
    # A script that our own fonts lack is set in the machine's, when it has one that knows it. The file is tagged all
    # the same, but may not promise the accessibility standard: a letter that nothing can draw has no place in it.
    return _compile(source, inputs, made, accessible=False)


@cache
def _first_process() -> int:
    return os.getpid()


def _set(paper: Mapping[str, Any], logo: bytes | None) -> dict[str, Any]:
    """The paper as the templates read it."""
    language = _LANGUAGE.match(paper["language"])
    direction = "rtl" if paper["direction"] == "rtl" else "ltr"
    sender = dict(paper["sender"])
    initial = sender["name"].strip()[:1].upper()
    if sender["legal_name"].startswith(sender["name"]):
        sender |= {"name": sender["legal_name"], "legal_name": ""}
    brand = paper["brand"]
    authenticity = paper.get("authenticity")
    colored = _COLOR.fullmatch(brand["color"]) and _COLOR.fullmatch(brand["on_color"])
    return cast(dict[str, Any], printable({**paper, "sender": sender}, direction)) | {
        "lang": language[1].lower() if language else "en",
        "region": language[2] and language[2].upper() if language else None,
        "direction": direction,
        "brand": brand if colored else {"color": "#0f5c43", "on_color": "#ffffff"},
        "initial": initial,
        "logo": letterhead_logo(logo) if logo else None,
        "qr": drawing(authenticity["url"]) if authenticity else None,
    }


def _compile(source: str, inputs: dict[str, str], made: datetime, *, accessible: bool) -> bytes:
    compiler = _compiler(machine_fonts=not accessible)
    return cast(
        bytes,
        compiler.compile(
            input=source,
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=["ua-1"] if accessible else [],
            timestamp=made,
        ),
    )


def _compiler(*, machine_fonts: bool) -> typst.Compiler:
    """One for each thread, since a compiler serves one call at a time; the fonts are read once for all of them."""
    name = "with_machine_fonts" if machine_fonts else "own"
    if not hasattr(_compilers, name):
        fonts = _fonts(machine_fonts=machine_fonts)
        setattr(_compilers, name, typst.Compiler(root=str(_ROOT), font_paths=fonts))
    return cast(typst.Compiler, getattr(_compilers, name))


@cache
def _fonts(*, machine_fonts: bool) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=machine_fonts, include_embedded_fonts=False, font_paths=[str(_FONTS)]
    )
