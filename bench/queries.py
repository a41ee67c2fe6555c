"""Counts the database queries of each measured page: `python -m bench.queries FACTS`."""

from __future__ import annotations

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "doorstep.config.settings"

import django

django.setup()

from allauth.account.internal.flows.login import (  # noqa: E402
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as PROVEN_BY,
)
from allauth.account.internal.flows.login import (  # noqa: E402
    AUTHENTICATION_METHODS_SESSION_KEY as METHODS,
)
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.run import pages  # noqa: E402
from doorstep.identity.models import Account  # noqa: E402
from doorstep.identity.sessions import SessionStore  # noqa: E402
from doorstep.lib import clock  # noqa: E402
from doorstep.organizations.models import Consent, Organization  # noqa: E402


def close_gates(facts: dict[str, object]) -> None:
    """The business asks for the second step and for its terms; whoever is measured has given both."""
    organization = Organization.objects.with_preferences().get()
    preferences = organization.preferences
    preferences.mfa_required = True
    preferences.save()
    organization.terms_url = organization.privacy_url = "https://bench.example/terms"
    organization.terms_version = "1"
    organization.save()
    store = SessionStore(str(facts["portal_session"]).split(";")[0].partition("=")[2])
    account = Account.objects.get(email="payer@bench.example")
    store[METHODS] = [{"method": "mfa", "type": "totp", "at": clock.now().timestamp()}]
    store[PROVEN_BY] = str(account.pk)
    store.save()
    Consent.objects.create(
        organization=organization, account=account, name="Pay Er", email=account.email, version="1",
        at=clock.now(), how="visit", place="",
    )  # fmt: skip


if __name__ == "__main__":
    settings.ALLOWED_HOSTS.append("testserver")
    facts = json.loads(sys.argv[1])
    if facts.get("gates"):
        close_gates(facts)
    counted = {}
    for name, ask in pages(facts).items():
        client = Client(headers={"Cookie": ask.cookie})
        client.get(ask.path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(ask.path)
        counted[name] = len(queries)
    print(json.dumps(counted))
