"""Signing in as people do: by password and authenticator app, and by a mailed code. `python -m bench.doors EMAIL`
prints the code that was mailed to an address."""

from __future__ import annotations

import base64
import hmac
import http.client
import re
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.load import cpu_of

ROOT = Path(__file__).resolve().parent.parent
DOOR = "/portal/bench/sign-in/"
PASSWORD = "correct horse battery"


class Browser:
    """One person's cookies and connection; `spent` is how long answers took, in seconds."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.spent, self.page = 0.0, ""

    def ask(self, path: str, form: dict[str, str] | None = None) -> int:
        """Get the page, or send its form; the answer's status."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
            body = urlencode({**form, "csrfmiddlewaretoken": token[1] if token else ""})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.connection.request("GET" if form is None else "POST", path, body, headers)
        answer = self.connection.getresponse()
        self.page = answer.read().decode()
        self.spent += time.perf_counter() - began
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _equals, rest = value.partition("=")
                self.cookies[cookie] = rest.partition(";")[0]
        return answer.status


def measure_sign_in_by_app(port: int, family: list[int], people: list[list[str]]) -> dict[str, Any]:
    """Password, then the six digits of an app: both forms with their pages."""

    def sign_in(browser: Browser, email: str, key: str) -> bool:
        browser.ask(DOOR)
        halfway = browser.ask(DOOR, {"login": email, "password": PASSWORD})
        browser.ask(f"{DOOR}second-step/")
        code = {"code": shown_by_app(key)}
        return halfway == 302 and browser.ask(f"{DOOR}second-step/", code) == 302

    return _measure(port, family, people, sign_in)


def measure_sign_in_by_code(
    port: int, family: list[int], people: list[list[str]], said: dict[str, str]
) -> dict[str, Any]:
    """The address, the mailed code, and the code again: without the way of the mail."""

    def sign_in(browser: Browser, email: str, key: str) -> bool:
        browser.ask(f"{DOOR}code/")
        asked = browser.ask(f"{DOOR}code/", {"email": email})
        browser.ask(f"{DOOR}code/enter/")
        command = [sys.executable, "-m", "bench.doors", email]
        done = subprocess.run(
            command, env=said, cwd=ROOT, capture_output=True, text=True, check=True
        )
        return (
            asked == 302 and browser.ask(f"{DOOR}code/enter/", {"code": done.stdout.strip()}) == 302
        )

    return _measure(port, family, people, sign_in)


def _measure(port: int, family: list[int], people: list[list[str]], sign_in: Any) -> dict[str, Any]:
    browsers: list[Browser] = []
    taken, before = [], cpu_of(family)
    for email, key in people:
        browser = Browser(port)
        done = sign_in(browser, email, key)
        taken.append(browser.spent * 1000)
        browsers.append(browser)
        if not done:
            return {"p50_ms": None, "cpu_ms": None}
    cpu = (cpu_of(family) - before) / len(people) * 1000
    if not all(browser.ask("/portal/bench/") == 200 for browser in browsers):
        return {"p50_ms": None, "cpu_ms": None}
    return {"p50_ms": round(sorted(taken)[len(taken) // 2], 1), "cpu_ms": round(cpu, 1)}


def shown_by_app(key: str) -> str:
    """RFC 6238, as every app does it: this process has no Django."""
    padded = key + "=" * (-len(key) % 8)
    moment = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(padded), moment, "sha1").digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def mailed_code(email: str) -> str:
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "doorstep.config.settings"
    import django

    django.setup()
    from doorstep.lib.secrets import unseal
    from doorstep.notifications.models import Message

    mail = Message.objects.filter(recipient=email).latest("pk")
    found = re.search(r"[A-Z0-9]{3,}-?[A-Z0-9]{3,}|\d{6}", unseal(mail.sealed_secret))
    assert found, mail.text
    return found[0]


if __name__ == "__main__":
    print(mailed_code(sys.argv[1]))
