"""`bin/doorstep demo`: fill an empty installation with the demo company."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from doorstep.demo.people import CAST
from doorstep.demo.story import Story
from doorstep.lib import clock
from doorstep.organizations.models import Organization


class Command(BaseCommand):
    help = "Make the demo company with five people to be; passwords are drawn anew for each home."

    def handle(self, *args: Any, **options: Any) -> None:
        if Organization.objects.filter(is_demo=True).exists():
            raise CommandError("There is a demo company here already.")
        passwords = {part.key: _password() for part in CAST}
        Story(now=clock.now(), passwords=passwords).tell()
        _note_down(passwords)
        for part in CAST:
            self.stdout.write(f"{part.name:<14} {part.email:<26} {passwords[part.key]}")


def _password() -> str:
    """Easy to type, hard to guess: 4 groups of 4 out of 31 letters and digits (79 bits)."""
    letters = "abcdefghijkmnpqrstuvwxyz2345679"
    return "-".join("".join(secrets.choice(letters) for _n in range(4)) for _group in range(4))


def _note_down(passwords: dict[str, str]) -> None:
    """For the box that `bin/run` prints; readable by the owner of the home only."""
    path = Path(settings.HOME) / "demo-sign-ins.json"
    path.touch(mode=0o600)
    path.write_text(
        json.dumps(
            [
                {"name": p.name, "part": p.part, "email": p.email, "password": passwords[p.key]}
                for p in CAST
            ],
            indent=1,
        )
    )
    path.chmod(0o600)
