"""The name that people see of a file that somebody sent: harmless in pages, headers, mails and folders."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
# Reserved by Windows, with any suffix.
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def shown_name(sent: str, suffix: str, was: str = "") -> str:
    """`page.html` that is a PDF is shown as `page.html.pdf`: the suffix says what it is (and not what it `was`).

    Folders, control characters, marks that turn the direction of writing, and what headers or shells would read are
    dropped. Never empty, never longer than 100 letters.
    """
    name = unicodedata.normalize("NFC", sent).replace("\\", "/").rpartition("/")[2]
    name = "".join(
        letter
        for letter in name
        if unicodedata.category(letter)[0] != "C" and letter not in '"<>:|?*%;`$'
    )
    stem = re.sub(r"\s+", " ", name).strip(" .-")
    for end in (f".{suffix}", f".{was}", ".jpeg"):
        if len(end) > 1 and stem.lower().endswith(end):
            stem = stem[: -len(end)].rstrip(" .")
            break
    if not stem or DEVICES.fullmatch(stem.partition(".")[0]):
        stem = f"file {stem}".strip()
    return f"{stem[: LONGEST - len(suffix) - 1].rstrip(' .')}.{suffix}"
