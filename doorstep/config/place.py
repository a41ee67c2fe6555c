"""Where Doorstep runs: its folder, its host and port. Read first, so that it may complain in plain words."""

import errno
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

# Who listens everywhere is reached, from here, at one of these.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


class CannotStart(Exception):
    """Something outside is not as it must be. The message is one line for the person at the terminal."""


@dataclass(frozen=True)
class Place:
    """The folder, the address that is listened on, and the address that people type."""

    home: Path
    host: str
    port: int
    base_url: str

    @classmethod
    def from_environment(cls) -> "Place":
        """Take everything from the environment; what is not said has a default."""
        host = os.environ.get("HOST") or "127.0.0.1"
        port = os.environ.get("PORT") or "8000"
        if not (port.isdecimal() and 0 < int(port) < 65536):
            raise CannotStart(f"PORT must be a number from 1 to 65535, not {port!r}.")
        near = EVERYWHERE.get(host, host)
        base_url = (
            os.environ.get("BASE_URL") or f"http://{f'[{near}]' if ':' in near else near}:{port}"
        )
        if not base_url.startswith(("http://", "https://")):
            raise CannotStart(f"BASE_URL must begin with http:// or https://, not {base_url!r}.")
        home = Path(os.environ.get("DOORSTEP_HOME") or "var").absolute()
        return cls(home, host, int(port), base_url.rstrip("/"))

    def announce(self) -> None:
        """Put it into the environment, so that each child process reads the same."""
        os.environ.update(
            DOORSTEP_HOME=str(self.home),
            HOST=self.host,
            PORT=str(self.port),
            BASE_URL=self.base_url,
        )

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    def check_home(self) -> None:
        """Make the folder, or say why that is not possible."""
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.logs.mkdir(exist_ok=True)
            probe = self.home / f".writable-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise CannotStart(
                f"The folder {self.home} cannot be written to ({error.strerror}). "
                "Choose another: DOORSTEP_HOME=/some/folder bin/run"
            ) from None

    def check_database(self) -> None:
        """See that a database server, where one is named, is named in a way that can be understood, and is there."""
        url = os.environ.get("DATABASE_URL") or "sqlite"
        if url.startswith("sqlite"):
            return
        try:
            parts = urlsplit(url)
            query, port = parse_qs(parts.query), parts.port or 5432
        except ValueError:
            parts, query, port = urlsplit(""), {}, 0
        if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
            raise CannotStart("DATABASE_URL must look like postgresql://user:password@host/name.")
        host = (query.get("host") or [parts.hostname or ""])[0]
        if not host or host.startswith("/"):
            return
        # The pool of connections would try for half a minute, and fill the terminal meanwhile.
        try:
            socket.create_connection((host, port), timeout=10).close()
        except OSError as error:
            raise CannotStart(
                f"No database answers at {host}:{port} ({error.strerror or error}), which DATABASE_URL names."
            ) from None

    def check_port(self) -> None:
        """See that nobody else listens there."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family) as trial:
            if sys.platform != "win32":
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((self.host, self.port))
                trial.listen(1)
            except OSError as error:
                raise CannotStart(self._why_not(error)) from None

    def _why_not(self, error: OSError) -> str:
        if error.errno == errno.EADDRINUSE:
            return (
                f"Port {self.port} is already in use. Choose another: PORT={self.port + 1} bin/run"
            )
        if error.errno == errno.EACCES:
            return f"Port {self.port} needs more rights than you have. Choose one above 1023: PORT=8000 bin/run"
        return f"Nothing can listen on {self.host}:{self.port} ({error.strerror}). HOST must be this machine's."
