"""`bin/doorstep check-invariants`: prove that the books and the papers agree with themselves."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from doorstep.lib import clock
from doorstep.lib.invariants import Look, Verdict, check_all


class Command(BaseCommand):
    help = "Check that money, papers, files and mail agree with themselves; exit code 1 when they do not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Answer as JSON.")
        parser.add_argument("--quick", action="store_true", help="Do not read every stored file.")
        parser.add_argument(
            "--only", nargs="+", default=[], metavar="NUMBER", help="Such as M4 D1."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        look = Look(at=clock.now(), deep=not options["quick"])
        verdicts = list(check_all(look, only=options["only"]))
        if options["json"]:
            self._print_json(verdicts)
        else:
            self._print_lines(verdicts)
        if any(verdict.broken for verdict in verdicts):
            raise SystemExit(1)

    def _print_json(self, verdicts: list[Verdict]) -> None:
        answer = {
            "holds": not any(verdict.broken for verdict in verdicts),
            "checks": [asdict(verdict) for verdict in verdicts],
        }
        self.stdout.write(json.dumps(answer, default=str, indent=2))

    def _print_lines(self, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            mark = "BROKEN" if verdict.broken else "holds "
            self.stdout.write(f"{mark} {verdict.number:<4}{verdict.promise}")
            for broken in verdict.broken:
                rows = ", ".join(map(str, broken.rows))
                self.stdout.write(f"         {broken.what}: {rows} ({broken.count} in all)")
