"""bin/bench: Doorstep and the reference programs under the same server, the same load, in the same run."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.doors import measure_sign_in_by_app, measure_sign_in_by_code
from bench.load import Ask, Figures, drive, family_of, peak_memory
from bench.other import (
    measure_gates,
    measure_import,
    measure_pdf,
    measure_queries,
    measure_sign_in,
)

ROOT = Path(__file__).resolve().parent.parent
HERE = "127.0.0.1"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/bench")
    parser.add_argument(
        "--quick", action="store_true", help="shorter rounds, 1,000 and 20,000 invoices"
    )
    parser.add_argument("--sizes", type=int, nargs="*")
    parser.add_argument(
        "--import-only",
        type=int,
        metavar="INVOICES",
        help="only an import of so many, two rows each",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results")
    wish = parser.parse_args()
    if wish.import_only:
        with tempfile.TemporaryDirectory(prefix="doorstep-bench-") as folder:
            print(imported(measure_import(Path(folder) / "import", wish.import_only)))
        return 0
    seconds = 2.0 if wish.quick else 6.0
    sizes = wish.sizes or ([1_000, 20_000] if wish.quick else [1_000, 100_000])
    levels = [1, 8] if wish.quick else [1, 8, 32]
    results: dict[str, Any] = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "runs": {},
    }
    with tempfile.TemporaryDirectory(prefix="doorstep-bench-") as folder:
        results["runs"]["hello"] = measure_hello(seconds, levels)
        for size in sizes:
            home = Path(folder) / str(size)
            results["runs"][str(size)] = measure_size(home, size, seconds, levels)
        if (ROOT / "doorstep" / "imports" / "management").exists():
            results["import"] = measure_import(
                Path(folder) / "import", 2_000 if wish.quick else 20_000
            )
    results["failures"] = [
        f"{run} {page} at {level}: {words}"
        for run, pages in results["runs"].items()
        for page, by_level in pages.get("pages", {}).items()
        for level, figures in by_level.items()
        for words in figures["failures"]
    ]
    wish.out.mkdir(parents=True, exist_ok=True)
    name = "quick" if wish.quick else "latest"
    (wish.out / f"{name}.json").write_text(json.dumps(results, indent=1) + "\n")
    text = table(results, sizes, levels)
    (wish.out / f"{name}.md").write_text(text)
    print(text)
    return 1 if results["failures"] else 0


def machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
    }


def measure_hello(seconds: float, levels: list[int]) -> dict[str, Any]:
    with serving("bench.reference.hello:application", {}) as (port, pid):
        return {"pages": {"hello": rounds(port, Ask("/", expect=b"Hello"), seconds, levels, pid)}}


def measure_size(home: Path, size: int, seconds: float, levels: list[int]) -> dict[str, Any]:
    """Every page at this many invoices, with the bare Django page beside it on the same database."""
    said = environment(home)
    began = time.perf_counter()
    facts = json.loads(run("bench.seed", str(size), said).splitlines()[-1])
    found: dict[str, Any] = {"seeding_s": round(time.perf_counter() - began, 1), "pages": {}}
    with serving("bench.reference.bare.wsgi:application", said) as (port, pid):
        ask = Ask("/", facts["bare_session"], b"INV-")
        found["pages"]["bare Django page"] = rounds(port, ask, seconds, levels, pid)
    began = time.perf_counter()
    with serving("doorstep.config.wsgi:application", said) as (port, pid):
        found["first_answer_s"] = round(time.perf_counter() - began, 2)
        for name, ask in pages(facts).items():
            found["pages"][name] = rounds(port, ask, seconds, levels, pid)
        found["sign_in"] = measure_sign_in(port, family_of(pid), 10)
        found["sign_in_app"] = measure_sign_in_by_app(port, family_of(pid), facts["with_app"])
        by_code = [[email, ""] for email in facts["with_code"]]
        found["sign_in_code"] = measure_sign_in_by_code(port, family_of(pid), by_code, said)
        found["pdf"] = measure_pdf(port, facts, family_of(pid))
        found["peak_memory_mb"] = {"web": sorted(peak_memory(family_of(pid)).values())}
    found["queries"] = measure_queries(said, facts)
    found["gates"] = measure_gates(said, facts, found["queries"])
    return found


def pages(facts: dict[str, Any]) -> dict[str, Ask]:
    """What is measured. Each must hold a word that only the right page holds."""
    cookie, number = facts["portal_session"], facts["number"]
    link = facts["link"]
    wanted = "&".join(f"invoice={one}" for one in facts["numbers"])
    return {
        "home": Ask("/portal/bench/", cookie, b"INV-"),
        "list of 25": Ask("/portal/bench/invoices/?show=all", cookie, b"INV-"),
        "one invoice": Ask(f"/portal/bench/invoices/{number}/", cookie, number.encode()),
        "payment page": Ask(f"/portal/bench/pay/?{wanted}", cookie, number.encode()),
        "link, before the code": Ask(link["path"], link["before"], b"First, is it you"),
        "link, the paper": Ask(link["path"], link["after"], b"paper-lines"),
        "is it from us": Ask(f"/v/{link['code']}", expect=number.encode()),
    }


def rounds(port: int, ask: Ask, seconds: float, levels: list[int], pid: int) -> dict[str, Any]:
    family = family_of(pid)
    drive(port, ask, connections=4, seconds=min(1.0, seconds), family=family)  # warm
    return {
        str(level): shown(drive(port, ask, connections=level, seconds=seconds, family=family))
        for level in levels
    }


def shown(figures: Figures) -> dict[str, Any]:
    return {
        "requests": figures.requests,
        "per_second": round(figures.per_second, 1),
        "p50_ms": round(figures.p50, 2),
        "p99_ms": round(figures.p99, 2),
        "cpu_ms": round(figures.cpu, 3),
        "bytes": figures.bytes,
        "failures": figures.failures,
    }


def environment(home: Path) -> dict[str, str]:
    home.mkdir(parents=True, exist_ok=True)
    said = {"DOORSTEP_HOME": str(home), "DOORSTEP_DEMO": "0", "BASE_URL": "http://127.0.0.1"}
    return {**os.environ, **said}


def run(module: str, argument: str, said: dict[str, str]) -> str:
    command = [sys.executable, "-m", module, argument]
    return subprocess.run(
        command, env=said, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


@contextlib.contextmanager
def serving(application: str, said: dict[str, str]) -> Iterator[tuple[int, int]]:
    """The shipped server with 2 workers, exactly as `doorstep web` starts it; yields port and process."""
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HERE, "--port", str(port),
        "--workers", "2", "--blocking-threads", "1", "--log-level", "warning", "--no-ws", application,
    ]  # fmt: skip
    server = subprocess.Popen(command, env={**os.environ, **said}, cwd=ROOT, start_new_session=True)
    try:
        wait_for(port)
        yield port, server.pid
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


def wait_for(port: int) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        with (
            contextlib.suppress(OSError),
            socket.create_connection((HERE, port), timeout=60) as sock,
        ):
            sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            if sock.recv(12).startswith(b"HTTP/1.1 "):
                return
        time.sleep(0.02)
    raise TimeoutError(f"Nothing answers at port {port}.")


def table(results: dict[str, Any], sizes: list[int], levels: list[int]) -> str:
    """Markdown: what a page costs, and how that compares with the bare Django page beside it."""
    lines = [
        f"Measured {results['when'][:10]} on {results['machine']['cores']} cores, Python "
        f"{results['machine']['python']}, SQLite, 2 workers. CPU is of all serving processes, per request; "
        "*ratio* is CPU against the bare Django page of the same run.",
        "",
    ]
    for size in sizes:
        found = results["runs"][str(size)]
        bare = found["pages"]["bare Django page"]
        lines += [
            f"**{size:,} invoices**, first answer after {found['first_answer_s']} s, peak memory of the web "
            f"processes {', '.join(map(str, found['peak_memory_mb']['web']))} MB",
            "",
            "| page | queries | CPU ms | ratio | "
            + " | ".join(f"p50 / p99 ms, {n} conn. | req/s" for n in levels)
            + " |",
            "|---|---|---|---|" + "---|---|" * len(levels),
        ]
        hello = {"hello": results["runs"]["hello"]["pages"]["hello"]}
        for name, by_level in {**hello, **found["pages"]}.items():
            cpu = sum(f["cpu_ms"] for f in by_level.values()) / len(by_level)
            base = sum(f["cpu_ms"] for f in bare.values()) / len(bare)
            cells = " | ".join(
                f"{by_level[str(n)]['p50_ms']} / {by_level[str(n)]['p99_ms']} | {by_level[str(n)]['per_second']:.0f}"
                for n in levels
            )
            queries = found["queries"].get(name, "")
            lines.append(f"| {name} | {queries} | {cpu:.2f} | {cpu / base:.2f} | {cells} |")
        lines += [
            "",
            f"Sign-in by password {found['sign_in']['p50_ms']} ms (CPU {found['sign_in']['cpu_ms']} ms), "
            f"with app {found['sign_in_app']['p50_ms']} ms (CPU {found['sign_in_app']['cpu_ms']} ms), "
            f"by mailed code {found['sign_in_code']['p50_ms']} ms (CPU {found['sign_in_code']['cpu_ms']} ms). "
            f"Every gate passed (second step, terms): {found['gates']}. "
            f"PDF first {found['pdf']['first_ms']} ms, warm {found['pdf']['warm_ms']} ms, "
            f"again from store {found['pdf']['again_ms']} ms.",
            "",
        ]
    small, large = (results["runs"][str(size)]["pages"] for size in (sizes[0], sizes[-1]))
    growth = ", ".join(
        f"{name} {large[name]['1']['p50_ms'] / small[name]['1']['p50_ms']:.2f}" for name in small
    )
    lines += [f"p50 at {sizes[-1]:,} against {sizes[0]:,} invoices: {growth}.", ""]
    if "import" in results:
        lines += [imported(results["import"]), ""]
    if results["failures"]:
        lines += ["**Failed answers:**", *results["failures"], ""]
    return "\n".join(lines)


def imported(told: dict[str, Any]) -> str:
    return (
        f"Import: {told['rows']:,} rows in {told['seconds']} s, {told['rows_per_second']:,} rows a "
        f"second, at most {told['peak_memory_mb']} MB of own memory."
    )


if __name__ == "__main__":
    shutil.rmtree(ROOT / "bench" / "results" / "tmp", ignore_errors=True)
    sys.exit(main())
