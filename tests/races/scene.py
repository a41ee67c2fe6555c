"""Sets the scene for a race and tells how it ended, in a process with the product's own settings.

`python -m tests.races.scene COMMAND …` prints JSON. The race itself knows the product only through HTTP.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

PEOPLE = 50


def crowd() -> dict[str, Any]:
    """Fifty people of one customer, each signed in."""
    from django.conf import settings
    from django.test import Client

    from doorstep.identity.models import Account
    from tests.cast import a_person, gather

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cast = gather()
    sessions = []
    for number in range(PEOPLE):
        a_person(cast.coyote, f"Payer {number}", f"payer{number}@coyote.example")
        client = Client()
        client.force_login(
            Account.objects.get(email=f"payer{number}@coyote.example"),
            backend=settings.AUTHENTICATION_BACKENDS[0],
        )
        sessions.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return {
        "sessions": sessions,
        "cookie": settings.SESSION_COOKIE_NAME,
        "csrf": settings.CSRF_COOKIE_NAME,
    }


def invoice() -> dict[str, Any]:
    """One more invoice that everybody owes."""
    from doorstep.contacts.models import Contact
    from doorstep.organizations.models import Member
    from tests.cast import an_invoice

    owner = Member.objects.get(account__email="olivia@acme.example")
    made = an_invoice(Contact.objects.get(name="Coyote Ltd"), "100.00", by=owner)
    return {"number": made.number, "balance": made.balance}


def prevent_duplicates(on: str) -> dict[str, Any]:
    from doorstep.organizations.models import PortalPreferences

    PortalPreferences.objects.filter(portal_name="acme").update(
        prevent_duplicate_payments=on == "on"
    )
    return {}


def outcome(number: str) -> dict[str, Any]:
    """What became of an invoice."""
    from doorstep.payments.models import Payment, SandboxSession
    from doorstep.sales.models import Invoice

    paper = Invoice.objects.get(number=number)
    payments = Payment.objects.filter(allocations__document=paper.pk)
    keys = payments.values("attempt")
    return {
        "balance": paper.balance,
        "settlements": paper.settlements.count(),
        "states": [payment.state for payment in payments],
        "sessions": SandboxSession.objects.filter(key__in=keys).count(),
    }


def deliver() -> dict[str, Any]:
    """The bank sends what it owes, over HTTP to one of the servers."""
    from doorstep.lib import clock
    from doorstep.payments.gateways.sandbox.notices import deliver_due

    return {"taken": deliver_due(at=clock.now())}


def notice(reference: str) -> dict[str, Any]:
    """The payer pays by card; the notice that the bank then owes, signed."""
    from doorstep.lib import clock
    from doorstep.payments.gateways.sandbox.notices import SIGNATURE, sign
    from doorstep.payments.models import SandboxSession

    session = SandboxSession.objects.get(reference=reference)
    session.pay_by_card(at=clock.now())
    body = json.dumps(session.notices.latest("pk").body)
    return {"body": body, "header": SIGNATURE, "signature": sign(body.encode(), at=clock.now())}


COMMANDS: dict[str, Callable[..., dict[str, Any]]] = {
    "crowd": crowd,
    "invoice": invoice,
    "prevent_duplicates": prevent_duplicates,
    "outcome": outcome,
    "notice": notice,
    "deliver": deliver,
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doorstep.config.settings")
    import django

    django.setup()
    print(json.dumps(COMMANDS[sys.argv[1]](*sys.argv[2:])))
