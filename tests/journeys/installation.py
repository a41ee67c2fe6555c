"""An installation of its own for a story: an empty home, the demo company, web and worker, one port."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Installation:
    base: str
    home: Path
    environment: dict[str, str]

    @property
    def set_up_token(self) -> str:
        return (self.home / "set-up-token").read_text().strip()

    def password_of(self, name: str) -> str:
        people = json.loads((self.home / "demo-sign-ins.json").read_text())
        return next(str(one["password"]) for one in people if one["name"].startswith(name))

    def run(self, *words: str) -> str:
        """`bin/doorstep …` in this installation."""
        command = [sys.executable, "-m", "doorstep.config.cli", *words]
        done = subprocess.run(
            command,
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@contextlib.contextmanager
def installed(home: Path, *, demo: bool = True) -> Iterator[Installation]:
    """Start `doorstep serve` and wait until it answers; end it with one Ctrl-C."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    with _database(home.name) as url:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "doorstep.config.settings",
            "DOORSTEP_HOME": str(home),
            "DOORSTEP_DEMO": "1" if demo else "0",
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "BASE_URL": base,
            "DATABASE_URL": url,
        }
        command = [sys.executable, "-m", "doorstep.config.cli", "serve"]
        with (home / "serve.log").open("w") as log:
            server = subprocess.Popen(
                command, env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
            try:
                _wait(base, server, home / "serve.log")
                yield Installation(base, home, environment)
            finally:
                server.send_signal(signal.SIGINT)
                server.wait(30)


@contextlib.contextmanager
def _database(name: str) -> Iterator[str]:
    """On PostgreSQL a database of its own beside the tests' one; on SQLite the file in the home."""
    url = os.environ.get("DATABASE_URL", "")
    if not url or url.startswith("sqlite"):
        yield ""
        return
    import psycopg

    # Two workers may play the same story at once, each in a folder of the same name.
    own = f"journey_{os.getpid()}_" + "".join(c if c.isalnum() else "_" for c in name)[-30:].lower()
    parts = urlsplit(url)
    admin = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')  # type: ignore[arg-type]
        connection.execute(f'CREATE DATABASE "{own}"')  # type: ignore[arg-type]
        try:
            yield urlunsplit(parts._replace(path=f"/{own}"))
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')  # type: ignore[arg-type]


def _wait(base: str, server: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + 90
    while time.monotonic() < give_up:
        if server.poll() is not None:
            break
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{base}/readyz", timeout=5).read()
            return
        time.sleep(0.1)
    raise RuntimeError(f"The installation did not start:\n{log.read_text()}")
