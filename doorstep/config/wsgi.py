"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from doorstep.config.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doorstep.config.settings")

if os.environ.get("DOORSTEP_END_WITH_PARENT"):
    end_with_parent()

application = get_wsgi_application()
