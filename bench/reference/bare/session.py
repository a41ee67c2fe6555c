"""Makes the bare page's session table and one session in it; prints the cookie."""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.reference.bare.settings"

import django

django.setup()

from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402

call_command("migrate", "sessions", interactive=False, verbosity=0)
store = SessionStore()
store["organization"], store["contact"] = int(sys.argv[1]), int(sys.argv[2])
store.create()
print(f"sessionid={store.session_key}")
