"""Promises about stored bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db.models import CharField, Count, F, Sum, Value
from django.db.models.functions import Cast, Concat

from doorstep.files.models import Room, StoredFile
from doorstep.lib.invariants import SHOWN, Broken, Look, invariant

PIECE = 1024 * 1024
ROWS_AT_ONCE = 500


@invariant
def d2_files_stay_under_their_tenant(look: Look) -> Iterator[Broken]:
    """No file lies outside the folder of its organisation."""
    folder = Concat(Cast("organization_id", CharField()), Value("/"))
    strays = StoredFile.objects.annotate(folder=folder).exclude(path__startswith=F("folder"))
    yield from Broken.rows_of("files in another tenant's folder", strays)


@invariant
def d2_each_row_has_its_file(look: Look) -> Iterator[Broken]:
    """Each row has its file with its size, and on a deep look its hash."""
    rows = StoredFile.objects.values_list("pk", "path", "size", "sha256")
    wrong = [
        pk
        for pk, path, size, sha256 in rows.iterator(chunk_size=ROWS_AT_ONCE)
        if not _is_there(path, size) or (look.deep and _hash(path) != sha256)
    ]
    if wrong:
        yield Broken("rows whose file is lost or changed", tuple(wrong[:SHOWN]), len(wrong))


@invariant
def d2_each_file_has_its_row(look: Look) -> Iterator[Broken]:
    """Each file has exactly one row; asked only on a deep look."""
    if not look.deep:
        return
    orphans = [path for piece in _pieces() for path in _without_row(piece)]
    if orphans:
        yield Broken("files without a row", tuple(orphans[:SHOWN]), len(orphans))


def _is_there(path: str, size: int) -> bool:
    try:
        return default_storage.size(path) == size
    except FileNotFoundError:
        return False


def _hash(path: str) -> str:
    total = hashlib.sha256()
    with default_storage.open(path) as stored:
        while piece := stored.read(PIECE):
            total.update(piece)
    return total.hexdigest()


def _pieces() -> Iterator[list[str]]:
    """The paths in the store, some hundred at a time."""
    piece: list[str] = []
    for path in _walk(""):
        piece.append(path)
        if len(piece) == ROWS_AT_ONCE:
            yield piece
            piece = []
    yield piece


def _walk(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in files)
    for name in folders:
        yield from _walk(f"{folder}{name}/")


def _without_row(paths: list[str]) -> list[str]:
    known = set(StoredFile.objects.filter(path__in=paths).values_list("path", flat=True))
    return [path for path in paths if path not in known]


@invariant
def d2_room_is_what_files_take(look: Look) -> Iterator[Broken]:
    """Each room counts exactly the files that it is taken by."""
    taken = {
        (organization, owner): (files, size)
        for organization, owner, files, size in StoredFile.objects.filter(owner__isnull=False)
        .values_list("organization", "owner")
        .annotate(Count("pk"), Sum("size"))
        .order_by()
    }
    wrong = [
        pk
        for pk, organization, owner, files, size in Room.objects.values_list(
            "pk", "organization", "owner", "files", "size"
        )
        if taken.pop((organization, owner), (0, 0)) != (files, size)
    ]
    if wrong or taken:
        yield Broken("rooms that count wrongly", tuple(wrong[:SHOWN]), len(wrong) + len(taken))
