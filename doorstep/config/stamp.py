"""What was prepared last, so that the next start need not look again.

Loading Django only to find that there is nothing to do takes a third of a start. What decides is known without it:
this program's own files, the installed packages, the database file, and whether a demo company is wanted.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from doorstep.config.place import Place

PROGRAM = Path(__file__).resolve().parent.parent


def is_prepared(place: Place) -> bool:
    """Whether nothing has changed since `note`. A database server is always asked itself."""
    kept = _stamp(place)
    return _is_embedded() and kept.exists() and kept.read_text() == _fingerprint(place)


def note(place: Place) -> None:
    """To be called once everything is prepared."""
    if _is_embedded():
        _stamp(place).write_text(_fingerprint(place))


def _stamp(place: Place) -> Path:
    return place.home / ".prepared"


def _is_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


def _fingerprint(place: Place) -> str:
    facts = [
        sys.version,
        os.environ.get("DOORSTEP_DEMO", ""),
        _file(place.home / "doorstep.sqlite3"),
    ]
    facts.append(str((place.home / "static" / ".collected").exists()))
    facts += sorted(_packages())
    facts += sorted(_of_files())
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _file(path: Path) -> str:
    """Which file it is: one that was put in its place, by a restore say, is another."""
    return str(path.stat().st_ino) if path.exists() else "none"


def _packages() -> Iterator[str]:
    """`Django-6.1.dist-info` and so on."""
    for folder in sys.path:
        if folder.endswith("site-packages"):
            yield from (found.name for found in Path(folder).glob("*.dist-info"))


def _of_files() -> Iterator[str]:
    """Migrations and static files, by name and time."""
    for pattern in ("**/migrations/*.py", "**/static/**/*.*"):
        for path in PROGRAM.glob(pattern):
            yield f"{path} {path.stat().st_mtime_ns}"
