"""A load of keep-alive connections that checks every answer, and what the servers spent on it."""

from __future__ import annotations

import os
import selectors
import socket
import time
from dataclasses import dataclass, field

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Ask:
    """One request, sent again and again; an answer without `expect` or with another status is a failure."""

    path: str
    cookie: str = ""
    expect: bytes = b""
    status: int = 200
    accept: str = "text/html"

    def as_bytes(self, host: str) -> bytes:
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        return f"GET {self.path} HTTP/1.1\r\nHost: {host}\r\n{cookie}Accept: {self.accept}\r\n\r\n".encode()


@dataclass
class Figures:
    """Milliseconds; `cpu` is of every process that serves, per request."""

    requests: int
    per_second: float
    p50: float
    p99: float
    cpu: float
    bytes: int
    failures: list[str] = field(default_factory=list)


@dataclass
class _Connection:
    sock: socket.socket
    began: float = 0.0
    got: bytearray = field(default_factory=bytearray)


def drive(port: int, ask: Ask, *, connections: int, seconds: float, family: list[int]) -> Figures:
    """Keep `connections` requests under way for about `seconds`."""
    wire = ask.as_bytes(f"127.0.0.1:{port}")
    times: list[float] = []
    failures: list[str] = []
    size = 0
    picker = selectors.DefaultSelector()
    for _n in range(connections):
        sock = socket.create_connection(("127.0.0.1", port), timeout=60)
        picker.register(sock, selectors.EVENT_READ, _Connection(sock))
    before, start = cpu_of(family), time.perf_counter()
    for key in list(picker.get_map().values()):
        key.data.began = time.perf_counter()
        key.data.sock.sendall(wire)
    waiting = connections
    while waiting:
        for key, _events in picker.select(timeout=60):
            connection = key.data
            chunk = connection.sock.recv(262144)
            connection.got += chunk
            whole = _length(connection.got)
            if chunk and (whole is None or len(connection.got) < whole):
                continue
            now = time.perf_counter()
            times.append((now - connection.began) * 1000)
            size = len(connection.got)
            if problem := _check(bytes(connection.got), ask):
                failures.append(problem)
            connection.got.clear()
            if chunk and now - start < seconds and len(failures) < 5:
                connection.began = now
                connection.sock.sendall(wire)
            else:
                waiting -= 1
                picker.unregister(connection.sock)
                connection.sock.close()
    spent = time.perf_counter() - start
    cpu = (cpu_of(family) - before) / len(times) * 1000
    times.sort()
    return Figures(
        requests=len(times),
        per_second=len(times) / spent,
        p50=times[len(times) // 2],
        p99=times[min(len(times) - 1, int(len(times) * 0.99))],
        cpu=cpu,
        bytes=size,
        failures=failures,
    )


def _length(got: bytearray) -> int | None:
    """Bytes of head and body, once the head is there. Doorstep always says its Content-Length."""
    end = got.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(got[:end]).lower()
    at = head.find(b"content-length:")
    if at < 0:
        return end + 4 if b" 304 " in head[:20] or b" 302 " in head[:20] else 10**12
    return end + 4 + int(head[at + 15 :].split(b"\r\n", 1)[0])


def _check(answer: bytes, ask: Ask) -> str:
    line = answer.split(b"\r\n", 1)[0]
    if f" {ask.status} ".encode() not in line + b" ":
        return line.decode(errors="replace")
    return "" if ask.expect in answer else f"{ask.expect!r} is not in the answer"


def family_of(pid: int) -> list[int]:
    """The process and all its descendants."""
    found = [pid]
    for one in found:
        try:
            with open(f"/proc/{one}/task/{one}/children") as children:
                found += [int(child) for child in children.read().split()]
        except FileNotFoundError:
            continue
    return found


def cpu_of(pids: list[int]) -> float:
    """Seconds of processor time that these processes have used, user and system."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat") as stat:
                fields = stat.read().rpartition(") ")[2].split()
        except FileNotFoundError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / _TICK


def peak_memory(pids: list[int]) -> dict[int, int]:
    """Highest resident memory in MB, by process."""
    peaks = {}
    for pid in pids:
        with open(f"/proc/{pid}/status") as status:
            line = next((line for line in status if line.startswith("VmHWM")), "VmHWM: 0 kB")
        peaks[pid] = int(line.split()[1]) // 1024
    return peaks
