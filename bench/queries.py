"""Counts the database queries of each measured page: `python -m bench.queries FACTS`."""

from __future__ import annotations

import json
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "doorstep.config.settings"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.run import pages  # noqa: E402

if __name__ == "__main__":
    settings.ALLOWED_HOSTS.append("testserver")
    facts = json.loads(sys.argv[1])
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
