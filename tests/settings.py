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
