"""What is not a page asked again and again: sign-in, PDF, import, queries a page."""

from __future__ import annotations

import csv
import http.client
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.load import cpu_of

ROOT = Path(__file__).resolve().parent.parent


def measure_sign_in(port: int, family: list[int], times: int) -> dict[str, Any]:
    """The whole form, from the empty page to the redirect home, password check included."""
    taken = []
    before = cpu_of(family)
    for _n in range(times):
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        path = "/portal/bench/sign-in/"
        connection.request("GET", path)
        answer = connection.getresponse()
        page = answer.read().decode()
        cookies = "; ".join(
            v.split(";")[0] for k, v in answer.getheaders() if k.lower() == "set-cookie"
        )
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if token is None:
            return {"p50_ms": None, "cpu_ms": None}
        form = f"csrfmiddlewaretoken={token[1]}&login=payer%40bench.example&password=correct+horse+battery"
        connection.request(
            "POST",
            path,
            form,
            {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"},
        )
        answer = connection.getresponse()
        answer.read()
        if answer.status != 302:
            return {"p50_ms": None, "cpu_ms": None}
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    cpu = (cpu_of(family) - before) / times * 1000
    return {"p50_ms": round(taken[times // 2], 1), "cpu_ms": round(cpu, 1)}


def measure_pdf(port: int, facts: dict[str, Any], family: list[int]) -> dict[str, Any]:
    """First of the process, the next new ones, and the same one again from the store."""

    def fetch(number: str) -> float:
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(
            "GET",
            f"/portal/bench/invoices/{number}/pdf/",
            headers={"Cookie": facts["portal_session"]},
        )
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200 or not body.startswith(b"%PDF"):
            return float("nan")
        return (time.perf_counter() - began) * 1000

    first = fetch("INV-000000")
    warm = sorted(fetch(f"INV-{n:06d}") for n in range(1, 31))[15]
    again = sorted(fetch(f"INV-{n:06d}") for n in range(1, 31))[15]
    return {"first_ms": round(first, 1), "warm_ms": round(warm, 1), "again_ms": round(again, 1)}


def measure_gates(said: dict[str, str], facts: dict[str, Any], free: dict[str, int]) -> str:
    """What the gates cost each page: queries more than where a business asks for none of them."""
    gated = measure_queries(said, {**facts, "gates": True})
    return ", ".join(f"{name} {gated[name] - free[name]:+d} queries" for name in free)


def measure_queries(said: dict[str, str], facts: dict[str, Any]) -> dict[str, int]:
    """Database queries of each page, counted by Django's test client in a process of its own."""
    out = subprocess.run(
        [sys.executable, "-m", "bench.queries", json.dumps(facts)],
        env=said, cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    counted: dict[str, int] = json.loads(out.stdout.splitlines()[-1])
    return counted


def measure_import(home: Path, invoices: int) -> dict[str, Any]:
    """Contacts and invoices of two lines each through `bin/doorstep import`."""
    home.mkdir(parents=True)
    said = {**os.environ, "DOORSTEP_HOME": str(home), "DOORSTEP_DEMO": "0"}
    command = [sys.executable, "-m", "doorstep.config.cli"]
    for words in (
        ["prepare"],
        ["create-organization", "bench", "--name", "Bench", "--currency", "USD"],
    ):
        subprocess.run([*command, *words], env=said, cwd=ROOT, check=True, capture_output=True)
    contacts, papers = home / "Contacts.csv", home / "Invoice.csv"
    _write_contacts(contacts)
    _write_invoices(papers, invoices)
    began = time.perf_counter()
    with subprocess.Popen(
        [*command, "import", "--organization", "bench", str(contacts), str(papers)],
        env=said, cwd=ROOT, stdout=subprocess.DEVNULL,
    ) as importing:  # fmt: skip
        peak = 0
        while importing.poll() is None:
            peak = max(peak, own_memory(importing.pid))
            time.sleep(0.2)
    if importing.returncode:
        raise RuntimeError("The import did not go through.")
    seconds = time.perf_counter() - began
    rows = 400 + 2 * invoices
    return {
        "rows": rows,
        "seconds": round(seconds, 1),
        "rows_per_second": round(rows / seconds),
        "peak_memory_mb": peak,
    }


def own_memory(pid: int) -> int:
    """MB that are the process's own; the database file is mapped besides, and is the system's to keep or drop."""
    try:
        said = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0
    found = re.search(r"RssAnon:\s+(\d+) kB", said)
    return int(found[1]) // 1024 if found else 0


def _write_contacts(path: Path) -> None:
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Contact ID", "Display Name", "First Name", "Last Name", "EmailID", "Contact Type",
                         "Currency Code", "Payment Terms", "Status"])  # fmt: skip
        for n in range(400):
            writer.writerow([f"C-{n}", f"Customer {n}", "Cus", f"Tomer {n}", f"c{n}@example.com", "customer",
                             "USD", "30", "Active"])  # fmt: skip


def _write_invoices(path: Path, count: int) -> None:
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Invoice Date", "Invoice ID", "Invoice Number", "Invoice Status", "Customer Name",
                         "Customer ID", "Due Date", "Currency Code", "Item Name", "Quantity", "Item Price",
                         "Item Total", "SubTotal", "Total", "Balance"])  # fmt: skip
        for n in range(count):
            for item in ("Anvil", "Rope"):
                writer.writerow(["2026-01-15", f"I-{n}", f"B-{n:06d}", "Overdue", f"Customer {n % 400}",
                                 f"C-{n % 400}", "2026-02-14", "USD", item, "2", "10.00", "20.00", "40.00",
                                 "40.00", "40.00"])  # fmt: skip
