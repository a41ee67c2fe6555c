"""Fails when a text that people read has no translation. Works on a copy, so that nothing here changes."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Each language that has a folder must be complete."""
    languages = sorted(path.name for path in (ROOT / "doorstep/locale").glob("*") if path.is_dir())
    if not languages:
        print("No translations yet.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "doorstep"
        shutil.copytree(
            ROOT / "doorstep", copy, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "tests")
        )
        for language in languages:
            extract(copy, language)
        missing = [words for language in languages for words in untranslated(copy, language)]
    print("\n".join(missing))
    return 1 if missing else 0


def extract(copy: Path, language: str) -> None:
    """Bring the copy's catalogue in step with the copy's source."""
    command = [
        sys.executable,
        "-m",
        "django",
        "makemessages",
        "--locale",
        language,
        "--no-wrap",
        "--verbosity",
        "0",
    ]
    # The settings are not asked for, and could not be found from where the copy stands.
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=copy, check=True, env=environment)


def untranslated(copy: Path, language: str) -> list[str]:
    """Every text without a translation, or with one that was only guessed."""
    path = copy / "locale" / language / "LC_MESSAGES/django.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return [
        f"{language}: {place(message.locations)}: {message.id!r}"
        for message in catalogue
        if message.id and (message.fuzzy or not all(words(message.string)))
    ]


def words(string: str | list[str] | tuple[str, ...]) -> list[str]:
    """A translation is one text, or one for each plural."""
    return [string] if isinstance(string, str) else list(string)


def place(locations: list[tuple[str, int]]) -> str:
    """Where the text stands."""
    return f"{locations[0][0]}:{locations[0][1]}" if locations else "?"


if __name__ == "__main__":
    sys.exit(main())
