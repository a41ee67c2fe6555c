"""The product's own settings, in a home that is thrown away, with what makes tests quick and strict."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="doorstep-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["DOORSTEP_HOME"] = _home
os.environ["BASE_URL"] = "http://testserver"
os.environ.pop("DOORSTEP_DEMO", None)

from doorstep.config.settings import *  # noqa: E402, F403

# Playwright keeps an event loop in the test's thread, and Django would refuse to touch the database beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as in production: threads and second processes then meet the same locks. It need not survive a crash.
    DATABASES["default"]["TEST"] = {"NAME": f"{_home}/tests.sqlite3"}  # noqa: F405
    _options = DATABASES["default"].setdefault("OPTIONS", {})  # noqa: F405
    _options["init_command"] = _options.get("init_command", "").replace("FULL", "OFF")

# Hashing a password is slow on purpose; tests sign in a thousand times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Pages name their styles without a manifest: nobody collects static files for a test.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
STATIC_ROOT.mkdir()  # noqa: F405
