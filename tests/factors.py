"""A person's phone in a test: shows the codes of the key that the page gave."""

from __future__ import annotations

import re
from datetime import datetime

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.test import Client

from doorstep.identity.factors.strength import METHODS, PROVEN_BY
from doorstep.lib import clock
from tests.cast import PASSWORD


def code_of(key: str, *, at: datetime | None = None) -> str:
    """What the app shows for this key."""
    moment = (at or clock.now()).timestamp()
    return format_hotp_value(hotp_value(key.replace(" ", ""), int(moment) // 30))


def key_on(page: HttpResponse) -> str:
    found = re.search(r'id="key">([A-Z2-7 ]+)<', page.content.decode())
    assert found, page.content.decode()
    return found[1].replace(" ", "")


def sign_in(
    door: str, email: str, *, client: Client | None = None, password: str = PASSWORD
) -> Client:
    """By password at this portal or office; half in when a second step is due."""
    client = client or Client()
    client.post(f"{door}sign-in/", {"login": email, "password": password})
    return client


def proven(client: Client) -> Client:
    """As if whoever is signed in had given their password a moment ago."""
    session = client.session
    session[PROVEN_BY] = session[SESSION_KEY]
    session[METHODS] = [{"method": "password", "at": clock.now().timestamp()}]
    session.save()
    return client


def enrol(client: Client, door: str, **more: str) -> str:
    """Connect an app; the answer is its key."""
    page = client.get(f"{door}security/app/")
    key = key_on(page)
    answer = client.post(f"{door}security/app/", {"code": code_of(key), **more})
    assert answer.status_code == 302, answer.content.decode()
    return key


def recovery_codes(client: Client, door: str) -> list[str]:
    page = client.get(f"{door}security/recovery-codes/").content.decode()
    return re.findall(r"<li>([a-z2-9-]{11})", page)
