"""Two web servers on one database, and a starting line."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from doorstep.config.processes import end_with_parent

CSRF = "a" * 32
START_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    body: str


@dataclass
class Stage:
    home: Path
    database_url: str
    ports: Sequence[int]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *words],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def ask(self, *words: str) -> Any:
        """A command of the scene."""
        done = self.run("tests.races.scene", *words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.strip().splitlines()[-1])

    def check_invariants(self) -> None:
        done = self.run("doorstep.config.cli", "check-invariants", "--quick")
        assert done.returncode == 0, done.stdout + done.stderr

    def environment(self, port: int | None = None) -> dict[str, str]:
        port = port or self.ports[0]
        ours = {
            "DOORSTEP_HOME": str(self.home),
            "DATABASE_URL": self.database_url,
            "DOORSTEP_DEMO": "0",
            "DOORSTEP_WORKERS": "1",
            "DJANGO_SETTINGS_MODULE": "doorstep.config.settings",
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "BASE_URL": f"http://127.0.0.1:{port}",
        }
        return os.environ | ours


@contextmanager
def stage(home: Path, database_url: str) -> Iterator[Stage]:
    """A prepared database behind two running servers, each a process tree of its own."""
    with ExitStack() as running:
        set_up = Stage(home, database_url, [free_port(), free_port()])
        prepared = set_up.run("doorstep.config.cli", "prepare")
        assert prepared.returncode == 0, prepared.stderr
        for port in set_up.ports:
            running.enter_context(server(set_up.environment(port), home / f"web-{port}.log"))
        for port in set_up.ports:
            wait_for(f"http://127.0.0.1:{port}/healthz")
        yield set_up


@contextmanager
def server(environment: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "doorstep.config.cli", "web"],
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
            # However the tests end, the servers end with them.
            preexec_fn=end_with_parent,  # noqa: PLW1509 - no thread of ours runs yet
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def database(home: Path) -> Iterator[str]:
    """A database for one stage: a file in its home, or one more on the server that the tests use."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield ""
        return
    import psycopg

    name = f"doorstep_race_{os.getpid()}_{home.name.replace('-', '_')}".lower()
    parts = urlsplit(address)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
        yield urlunsplit(parts._replace(path=f"/{name}")).replace(
            "postgresql:/doorstep", "postgresql:///doorstep"
        )
        connection.execute(f'drop database "{name}" with (force)')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            assert time.monotonic() < give_up_at, f"{address} does not answer"
            time.sleep(0.1)


def form(path: str, fields: dict[str, str], cookies: dict[str, str]) -> bytes:
    """A POST as a browser sends it, with the CSRF token of `cookies`."""
    body = urlencode({**fields, "csrfmiddlewaretoken": CSRF}).encode()
    return request(path, body, "application/x-www-form-urlencoded", cookies=cookies)


def request(
    path: str,
    body: bytes,
    content_type: str,
    *,
    cookies: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Connection: close",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        "Cookie: " + "; ".join(f"{name}={value}" for name, value in (cookies or {}).items()),
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def race(ports: Sequence[int], requests: Sequence[bytes]) -> list[Answer]:
    """Send all but the last byte of each, wait until everybody has, then let the last bytes go at once."""
    line = Barrier(len(requests))
    answers: list[Answer | None] = [None] * len(requests)

    def run(place: int) -> None:
        with socket.create_connection(
            ("127.0.0.1", ports[place % len(ports)]), timeout=90
        ) as runner:
            runner.sendall(requests[place][:-1])
            line.wait()
            runner.sendall(requests[place][-1:])
            answers[place] = read(runner)

    together([lambda place=place: run(place) for place in range(len(requests))])
    assert all(answers)
    return [answer for answer in answers if answer]


def together(acts: Sequence[Callable[[], None]]) -> None:
    runners = [Thread(target=act) for act in acts]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()


def read(runner: socket.socket) -> Answer:
    said = b""
    while piece := runner.recv(65536):
        said += piece
    head, _blank, body = said.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = {
        name.lower(): value.strip()
        for name, _colon, value in (line.partition(":") for line in rest)
    }
    return Answer(
        int(first.split(" ")[1]), headers.get("location", ""), body.decode(errors="replace")
    )
