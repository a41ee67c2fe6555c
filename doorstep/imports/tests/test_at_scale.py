"""Killed at any moment, short of patience with others, and never larger than at the start."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from doorstep.imports.models import ImportBatch, ImportFile, Mode
from doorstep.imports.pace import LIMIT
from doorstep.imports.running import run
from doorstep.imports.tests.generated import write_export
from doorstep.lib.checkpoints import watch
from tests.cast import NOON, Cast

INVOICES = 240


class Installation:
    """A Doorstep of its own, in processes of its own."""

    def __init__(self, home: Path, database: str) -> None:
        self.environment = os.environ | {"DOORSTEP_HOME": str(home), "DATABASE_URL": database}
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.do("prepare")
        self.do("create-organization", "acme", "--name", "Acme", "--currency", "USD")

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "doorstep.config.cli", *words]

    def do(self, *words: str) -> str:
        done = subprocess.run(
            self.command(*words),
            env=self.environment,
            cwd=settings.PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def kill_when(self, said: str, files: list[str]) -> bool:
        """Import, and SIGKILL a moment after it says this; False when it came to its end before."""
        process = subprocess.Popen(
            self.command("import", "--organization", "acme", *files),
            env=self.environment | {"PYTHONUNBUFFERED": "1"},
            cwd=settings.PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        for line in process.stdout:
            if line.startswith(said):
                time.sleep(random.uniform(0, 0.15))
                process.send_signal(signal.SIGKILL)
                break
        process.stdout.close()
        return process.wait() == -signal.SIGKILL


@pytest.fixture
def database(db: None) -> Iterator[str]:
    """Of the same kind as that of this run, empty, and only for this test."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"kill_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", url, count=1)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.slow
@pytest.mark.django_db
def test_killed_again_and_again_it_ends_as_if_nothing_had_happened(tmp_path: Path, database: str):
    files = [str(path) for path in write_export(tmp_path, invoices=INVOICES)]
    here = Installation(tmp_path / "home", database)

    steps = ("Reading", "Importing inv", "Importing pay", "Writing")
    killed = sum(here.kill_when(step, files) for step in steps)
    report = here.do("import", "--organization", "acme", *files)

    assert killed >= 3
    now = " ".join(report[report.index("Acme now") :].split())
    paid = sum(1 for number in range(INVOICES) if number % 3 != 2)
    assert (
        f"Customers 50 Vendors 0 Invoices {INVOICES} (Sent {INVOICES - paid}, Paid {paid})" in now
    )
    assert f"Invoice lines {INVOICES * 3:,} Payments {paid} Received ${paid * 57:,}.00" in now
    assert json.loads(here.do("check-invariants", "--json"))["holds"]
    assert "Nothing has changed" in here.do("import", "--organization", "acme", *files)


def an_import(cast: Cast, files: list[Path]) -> ImportBatch:
    read = []
    for path in files:
        with path.open("rb") as source:
            read.append(ImportFile.read(source, path.name, cast.acme.organization.pk))
    return ImportBatch.begin(
        cast.acme.organization,
        read,
        by=cast.olivia,
        mode=Mode.ALL_OR_NOTHING,
        dry_run=False,
        at=NOON,
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_transaction_holds_the_lock_for_long(tmp_path: Path, cast: Cast):
    held: list[float] = []
    worked: list[float] = []

    def note(reached: str) -> None:
        if reached.startswith("import.transaction"):
            held.append(float(reached.split()[1]))
            worked.append(float(reached.split()[2]))

    batch = an_import(cast, write_export(tmp_path, invoices=700))
    watch(note)
    try:
        run(batch, at=NOON)
    finally:
        watch(None)

    assert batch.state == "complete"
    # The machine that tests may let us wait, or go slower for a moment; a step that is too long is so again and again.
    for measured in (sorted(worked), sorted(held)):
        assert measured[int(len(measured) * 0.95)] < LIMIT, measured[-10:]


MEASURE = """
import resource, sys
import django
django.setup()
from pathlib import Path
from doorstep.imports.models import BatchState, ImportBatch, ImportFile, Mode
from doorstep.imports.running import run
from doorstep.lib import clock
from doorstep.organizations.models import Organization

organization = Organization.objects.get()
files = []
for path in sys.argv[1:]:
    with open(path, "rb") as source:
        files.append(ImportFile.read(source, Path(path).name, organization.pk))
batch = ImportBatch.begin(organization, files, by=None, mode=Mode.ALL_OR_NOTHING, dry_run=False, at=clock.now())
run(batch, at=clock.now())
assert batch.state == BatchState.COMPLETE, batch.failure
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.slow
@pytest.mark.django_db
def test_ten_times_the_rows_need_no_more_memory(tmp_path: Path, database: str):
    peaks = []
    for name, invoices in (("small", 300), ("large", 3000)):
        folder = tmp_path / name
        folder.mkdir()
        here = Installation(folder / "home", database if name == "small" else "")
        files = write_export(folder, invoices=invoices, lines=3)
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, *map(str, files)],
            env=here.environment | {"DJANGO_SETTINGS_MODULE": "doorstep.config.settings"},
            cwd=settings.PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        peaks.append(int(done.stdout.split()[-1]))
    small, large = peaks
    # What a database keeps in its cache, and nothing that grows with the file.
    assert large - small < 40, peaks
