"""T83: a worker is killed while it sends; nothing is lost, and nothing doubled outside the one window."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from doorstep.notifications.models import MailSettings, Message, MessageState
from doorstep.notifications.tests.server import MailServer, Postman
from tests.cast import NOON, Cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MAILS = 200
KILLS = 4
SECONDS = 60.0


@pytest.fixture
def postman(mail_server: MailSettings) -> Iterator[Postman]:
    postman = Postman()
    server = MailServer(postman)
    server.start()
    MailSettings.objects.update(port=server.port)
    yield postman
    server.stop()


def database_url() -> str:
    """The test's own database, as another process opens it."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}".replace("////", "///")
    user, password = quote(at["USER"] or ""), quote(at["PASSWORD"] or "")
    host = f"?host={quote(at['HOST'], safe='')}" if str(at["HOST"]).startswith("/") else ""
    place = "" if host else f"{at['HOST']}:{at['PORT'] or 5432}"
    return f"postgresql://{user}:{password}@{place}/{at['NAME']}{host}"


def worker(minutes: int) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "doorstep.config.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }
    command = [sys.executable, "-m", "doorstep.notifications.tests.worker", str(minutes)]
    return subprocess.Popen(command, env=environment)


def until(said: object, process: subprocess.Popen[bytes]) -> None:
    """Wait until it is so or the process has ended."""
    patience = time.monotonic() + SECONDS
    while not said() and process.poll() is None and time.monotonic() < patience:  # type: ignore[operator]
        time.sleep(0.002)


def test_t83_a_worker_is_killed_while_it_sends_two_hundred_mails(cast: Cast, postman: Postman):
    Message.objects.bulk_create(
        Message(
            organization=cast.acme.organization,
            kind="note",
            person=cast.wanda,
            recipient=cast.wanda.email,
            subject=f"Mail {number}",
            text="Words.\n",
            message_id=f"<{number}@doorstep.example>",
            created_at=NOON,
            next_attempt_at=NOON,
        )
        for number in range(MAILS)
    )
    chance = random.Random(20261120)
    for life in range(KILLS):
        running = worker(life * 11)
        enough = len(postman.taken) + chance.randrange(5, 25)
        until(lambda enough=enough: len(postman.taken) >= enough, running)
        assert running.poll() is None, "it ended before it was killed"
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    assert worker(KILLS * 11).wait(SECONDS) == 0

    assert len(postman.counts) == MAILS
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}
    doubled = [number for number, times in postman.counts.items() if times > 1]
    assert len(doubled) <= KILLS
    assert max(postman.counts.values()) == 2 if doubled else True
