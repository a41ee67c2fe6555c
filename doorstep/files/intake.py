"""The one way in for files that people send: looked through, drawn anew, counted, scanned, then kept."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.files import scanner
from doorstep.files.kinds import FileKind, NotTaken, kind_of
from doorstep.files.models import FileState, Room, StoredFile
from doorstep.files.naming import shown_name
from doorstep.files.pictures import redrawn
from doorstep.files.scanner import Verdict
from doorstep.lib.errors import Refused

MOST_AT_ONCE = 10
MOST_BYTES = 10 * 1024 * 1024
STATES = {
    Verdict.CLEAN: FileState.READY,
    Verdict.UNKNOWN: FileState.HELD,
    Verdict.INFECTED: FileState.REFUSED,
}


class TooMuch(Refused):
    """More or larger files than one step takes."""


def take_in(sent: Sequence[File[bytes]], *, organization_id: int, owner: int) -> list[StoredFile]:
    """All of them or none, each with its own name; `owner` is a contact's id, or 0 for the business.

    Raises `TooMuch`, `NotTaken`, `NotAPicture` or `NoRoom` with the name of the file in its words. A file in which
    the scanner finds something is not kept; one that it cannot look at now is kept and held until it has.
    """
    if not sent:
        raise TooMuch(_("Choose a file first."))
    if len(sent) > MOST_AT_ONCE:
        raise TooMuch(_("At most %(n)d files at once.") % {"n": MOST_AT_ONCE})
    kept: list[StoredFile] = []
    try:
        for file in sent:
            looked = _look_through(file)
            with transaction.atomic():
                kept.append(_keep(*looked, organization_id=organization_id, owner=owner))
    except BaseException:
        for stored in kept:
            stored.drop()
        raise
    return kept


def _look_through(file: File[bytes]) -> tuple[str, FileKind, bytes, FileState]:
    said = str(file.name or "")
    if not file.size:
        raise NotTaken(_("%(name)s is empty.") % {"name": said})
    if file.size > MOST_BYTES:
        raise TooMuch(_("%(name)s is larger than 10 MB.") % {"name": said})
    content = file.read()
    try:
        kind = kind_of(said, content)
        was = kind.suffix
        if kind.is_picture:
            kind, content = redrawn(kind, content)
    except Refused as refusal:
        raise type(refusal)(f"{said}: {refusal}") from refusal
    verdict = scanner.scan(content)
    if verdict is Verdict.INFECTED:
        raise NotTaken(
            _("%(name)s was not taken: the virus scanner found something in it.") % {"name": said}
        )
    return shown_name(said, kind.suffix, was), kind, content, STATES[verdict]


def _keep(
    name: str, kind: FileKind, content: bytes, state: FileState, *, organization_id: int, owner: int
) -> StoredFile:
    Room.take(organization_id, owner, size=len(content))
    return StoredFile.keep(
        organization_id,
        name=name,
        content_type=kind.content_type,
        content=content,
        owner=owner,
        state=state,
    )
