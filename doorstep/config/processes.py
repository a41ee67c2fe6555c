"""Child processes that are started together, watched together and end together."""

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# A request or a job in progress may take this long to finish once we are told to stop.
GRACE_SECONDS = 10.0
LOG_BYTES = 5_000_000


def end_with_parent() -> None:
    """Be told to stop when the parent dies, however it dies. Without this a `kill -9` would leave orphans."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


@dataclass
class Child:
    """One process, and the file that holds what it says."""

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, name: str, command: Sequence[str], log: Path) -> "Child":
        """Start it apart from the terminal, so that Ctrl-C reaches only us and each child hears of it once."""
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".old.log"))
        environment = os.environ | {"PYTHONUNBUFFERED": "1", "DOORSTEP_END_WITH_PARENT": "1"}
        with log.open("ab") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment,
                start_new_session=True,
            )
        return cls(name, log, process)

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def signal(self, number: signal.Signals) -> None:
        """Tell it and all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def ask_to_stop(self) -> None:
        """Tell only the process itself; it knows how to end what it started."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)

    def last_words(self, lines: int = 15) -> str:
        """The end of its log."""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 20_000))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])


class Family:
    """All children. Leaving the `with` block ends every one of them, whatever happened inside."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self._stop_signals_heard = 0

    def __enter__(self) -> "Family":
        # Signals become bytes in a pipe that `wait` looks at: no polling, and a child's end wakes it too.
        self._bell, bell_rope = os.pipe()
        os.set_blocking(self._bell, False)
        os.set_blocking(bell_rope, False)
        signal.set_wakeup_fd(bell_rope)
        hearers = {signal.SIGCHLD: lambda *_: None} | dict.fromkeys(STOP_SIGNALS, self._hear)
        self._before = {number: signal.signal(number, hear) for number, hear in hearers.items()}
        return self

    def __exit__(self, *_: object) -> None:
        self._end_all()
        for number, hearer in self._before.items():
            signal.signal(number, hearer)
        os.close(signal.set_wakeup_fd(-1))
        os.close(self._bell)

    @property
    def told_to_stop(self) -> bool:
        return self._stop_signals_heard > 0

    @property
    def lost(self) -> Child | None:
        """A child that ended by itself."""
        return next((child for child in self.children if child.ended), None)

    def wait(self, seconds: float | None = None) -> None:
        """Sleep until a signal arrives or the time is over."""
        if select.select([self._bell], [], [], seconds)[0]:
            os.read(self._bell, 4096)

    def _hear(self, *_: object) -> None:
        self._stop_signals_heard += 1

    def _end_all(self) -> None:
        heard = self._stop_signals_heard
        for child in self.children:
            child.ask_to_stop()
        patience_ends = time.monotonic() + GRACE_SECONDS
        while any(not child.ended for child in self.children):
            # Whoever presses Ctrl-C a second time does not want to wait.
            if self._stop_signals_heard > max(heard, 1) or time.monotonic() > patience_ends:
                break
            self.wait(0.1)
        for child in self.children:
            child.signal(signal.SIGKILL)
            child.process.wait()
