"""Sets the scene at the door: people half signed in. `python -m tests.races.door COMMAND` prints JSON."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

HALF_IN = 12


def gather_people() -> dict[str, Any]:
    """Wile with an app and recovery codes; twelve browsers in which his password was right."""
    from django.conf import settings
    from django.test import Client

    from tests.cast import gather
    from tests.factors import enrol, recovery_codes, sign_in

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    cast = gather()
    client = sign_in("/portal/acme/", "wile@coyote.example")
    key = enrol(client, "/portal/acme/")
    return {
        "key": key,
        "recovery": recovery_codes(client, "/portal/acme/"),
        "owner": cast.olivia.account.email,
        "cookie": settings.SESSION_COOKIE_NAME,
        "csrf": settings.CSRF_COOKIE_NAME,
    } | half_in(Client)


def half_in(client: Any = None) -> dict[str, Any]:
    from django.conf import settings
    from django.test import Client

    from doorstep.identity.models import Limit
    from tests.factors import sign_in

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    Limit.objects.all().delete()
    browsers = [
        sign_in("/portal/acme/", "wile@coyote.example", client=Client()) for _n in range(HALF_IN)
    ]
    Limit.objects.all().delete()
    return {"sessions": [one.cookies[settings.SESSION_COOKIE_NAME].value for one in browsers]}


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doorstep.config.settings")
    django.setup()
    command = {"people": gather_people, "half_in": half_in}[sys.argv[1]]
    print(json.dumps(command()))


if __name__ == "__main__":
    main()
