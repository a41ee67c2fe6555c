"""`doorstep serve`: the web server and the worker together, and a box that says how to get in."""

import http
import http.client
import json
import os
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import NoReturn, TypedDict

from doorstep.config import stamp
from doorstep.config.place import EVERYWHERE, CannotStart, Place
from doorstep.config.prepare import prepare
from doorstep.config.processes import Child, Family

COMMAND_LINE = (sys.executable, "-m", "doorstep.config.cli")
START_SECONDS = 60.0


class SignIn(TypedDict):
    """One of the people of the demo company, as `doorstep demo` notes them down."""

    name: str
    part: str
    email: str
    password: str


def serve(place: Place) -> int:
    """Prepare, start, say where, and wait for Ctrl-C. What is returned is the exit code."""
    place.check_port()
    place.announce()
    if not stamp.is_prepared(place):
        prepare(say=say)
        stamp.note(place)
    with Family() as family:
        for name in ("web", "worker"):
            family.children.append(
                Child.start(name, [*COMMAND_LINE, name], place.logs / f"{name}.log")
            )
        wait_until_it_answers(place, family)
        if not family.told_to_stop and not family.lost:
            print(box(welcome(place)), flush=True)
        while not family.told_to_stop and not family.lost:
            family.wait()
        lost = family.lost
        if lost is None or family.told_to_stop:
            say("Stopping")
            return 0
        print(lost.last_words(), file=sys.stderr)
        raise CannotStart(f"The {lost.name} process ended by itself. Its whole log is {lost.log}.")


def wait_until_it_answers(place: Place, family: Family) -> None:
    """Return once a request gets an answer, or when there is nothing to wait for any more."""
    give_up_at = time.monotonic() + START_SECONDS
    while not family.told_to_stop and not family.lost and not answers(place):
        if time.monotonic() > give_up_at:
            raise CannotStart(
                f"The web server does not answer. Its log is {place.logs / 'web.log'}."
            )
        family.wait(0.05)


def answers(place: Place) -> bool:
    """Whether the web server is there and well."""
    connection = http.client.HTTPConnection(EVERYWHERE.get(place.host, place.host), place.port)
    with closing(connection), suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    return False


def welcome(place: Place) -> list[str]:
    """What somebody needs to know who has just started Doorstep."""
    lines = [f"Doorstep is running at {place.base_url}", ""]
    people = demo_sign_ins(place.home)
    if people:
        lines += ["Demo sign-ins", *table(people), ""]
    lines.append(
        "Mail goes to the Outbox in the back office; nothing is sent until you set a mail server."
    )
    if token := set_up_token(place.home):
        lines += ["", f"Your own business: {place.base_url}/set-up/", f"Set-up token:      {token}"]
    return [*lines, "", "Ctrl-C ends it."]


def demo_sign_ins(home: Path) -> list[SignIn]:
    """The people of the demo company, when there is one."""
    path = home / "demo-sign-ins.json"
    sign_ins: list[SignIn] = json.loads(path.read_text()) if path.exists() else []
    return sign_ins


def set_up_token(home: Path) -> str:
    """What opens the set-up page; empty once a business has been set up."""
    path = home / "set-up-token"
    return path.read_text().strip() if path.exists() else ""


def table(people: list[SignIn]) -> list[str]:
    """One aligned line for each person."""
    rows = [
        (person["name"], person["part"], person["email"], person["password"]) for person in people
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def box(lines: list[str]) -> str:
    """Draw a frame around them."""
    width = max(map(len, lines))
    edge = "─" * (width + 2)
    return "\n".join([f"┌{edge}┐", *(f"│ {line:<{width}} │" for line in lines), f"└{edge}┘"])


def say(words: str) -> None:
    """One line for one step."""
    print(f"  {words}", flush=True)


def web(place: Place) -> NoReturn:
    """`doorstep web`: become the web server."""
    place.announce()
    embedded = not os.environ.get("DATABASE_URL") or os.environ["DATABASE_URL"].startswith("sqlite")
    arguments = {
        "--interface": "wsgi",
        "--host": place.host,
        "--port": str(place.port),
        "--workers": os.environ.get("DOORSTEP_WORKERS") or "2",
        # More threads than one only wait for each other's write lock on SQLite.
        "--blocking-threads": "1" if embedded else os.environ.get("DOORSTEP_THREADS") or "4",
        "--workers-kill-timeout": "5",
        "--log-level": "warning",
    }
    command = [
        sys.executable,
        "-m",
        "granian",
        *(word for pair in arguments.items() for word in pair),
    ]
    command += ["--no-ws", "--respawn-failed-workers", "doorstep.config.wsgi:application"]
    os.execv(sys.executable, command)
