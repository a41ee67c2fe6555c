"""Style sheets are written one file a component and served as one.

When static files are collected, the imports of `doorstep.css` are put in its place, without comments. Where nothing is
collected, in tests, the browser follows the imports and sees the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "doorstep/doorstep.css"
_IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class OneSheetStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Whitenoise's storage: compressed, named after the content; with one joined style sheet."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        if SHEET in paths and not dry_run:
            joined = join(lambda name: read(paths[name]))
            self.delete(SHEET)
            self._save(SHEET, ContentFile(joined))
            paths = {**paths, SHEET: (self, SHEET)}
        yield from super().post_process(paths, dry_run, **options)


def read(place: tuple[Any, str]) -> str:
    storage, path = place
    with storage.open(path) as file:
        return str(file.read().decode())


def join(source: Callable[[str], str]) -> str:
    """The sheet with its imports in their layers; `source` gives the text of a static file."""
    folder = SHEET.rpartition("/")[0]

    def put_in(found: re.Match[str]) -> str:
        return f"@layer {found[2]}{{{source(f'{folder}/{found[1]}')}}}"

    return shorten(_IMPORT.sub(put_in, source(SHEET)))


def shorten(sheet: str) -> str:
    sheet = re.sub(r"\s+", " ", _COMMENT.sub("", sheet))
    return re.sub(r"\s*([{};,])\s*|(:) ", r"\1\2", sheet).strip()
