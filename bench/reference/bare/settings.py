"""A bare Django: database session, one query, 25 rows. Its database is Doorstep's own seeded one."""

import os

from doorstep.config.settings import DATABASES

__all__ = ["DATABASES"]

SECRET_KEY = "a reference program guards nothing"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "bench.reference.bare.urls"
INSTALLED_APPS = ["django.contrib.sessions"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [os.path.dirname(__file__)],
    }
]
USE_TZ = True
