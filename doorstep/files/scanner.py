"""The antivirus hook: ClamAV's daemon, asked over its own protocol (clamd(8), INSTREAM), when one is set."""

from __future__ import annotations

import enum
import socket
import struct
from collections.abc import Iterator
from contextlib import closing

from django.conf import settings

PIECE = 64 * 1024
PATIENCE = 20.0  # seconds for each answer


class Verdict(enum.Enum):
    CLEAN = "clean"
    INFECTED = "infected"
    UNKNOWN = (
        "unknown"  # the scanner is down or answers nonsense: nobody may say that the file is clean
    )


def is_set() -> bool:
    return bool(settings.CLAMD)


def scan(content: bytes) -> Verdict:
    """What the scanner says. A scanner that cannot be reached is no error: the file waits."""
    if not is_set():
        return Verdict.CLEAN
    try:
        answer = _ask(settings.CLAMD, content)
    except OSError:
        return Verdict.UNKNOWN
    if answer.endswith("OK"):
        return Verdict.CLEAN
    return Verdict.INFECTED if answer.endswith("FOUND") else Verdict.UNKNOWN


def _ask(address: str, content: bytes) -> str:
    with closing(_connect(address)) as connection:
        connection.sendall(b"zINSTREAM\0")
        for piece in _pieces(content):
            connection.sendall(struct.pack("!I", len(piece)) + piece)
        connection.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and (more := connection.recv(4096)):
            answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connect(address: str) -> socket.socket:
    """`unix:/run/clamav/clamd.ctl`, or `host:3310`."""
    if address.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(PATIENCE)
        connection.connect(address.removeprefix("unix:"))
        return connection
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), PIECE):
        yield content[start : start + PIECE]
