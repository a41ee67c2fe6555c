"""Every setting, from the environment, with defaults that are right for one machine."""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

PROJECT = Path(__file__).resolve().parent.parent.parent
HOME = Path(os.environ.get("DOORSTEP_HOME") or "var").absolute()
HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = int(os.environ.get("PORT") or 8000)
BASE_URL = (os.environ.get("BASE_URL") or f"http://{HOST}:{PORT}").rstrip("/")
DEMO = os.environ.get("DOORSTEP_DEMO", "0") not in ("", "0", "no", "false")
VERSION = "0.1.0"


def _secret_key() -> str:
    """From the environment, else one of its own per home, made once."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    kept = HOME / "secret-key"
    if not kept.exists():
        HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
        drawn = HOME / f".secret-key-{os.getpid()}"
        drawn.write_text(secrets.token_urlsafe(48))
        drawn.chmod(0o600)
        # Two processes may start at once: the first to link wins, both read the same.
        try:
            os.link(drawn, kept)
        except FileExistsError:
            pass
        drawn.unlink()
    return kept.read_text()


def _database(url: str) -> dict[str, Any]:
    """SQLite in the home folder, or what DATABASE_URL says (postgresql://user:secret@host:port/name)."""
    if not url or url.startswith("sqlite"):
        path = unquote(urlsplit(url).path) if url else str(HOME / "doorstep.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
                    "PRAGMA cache_size=-16000;PRAGMA mmap_size=268435456;PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    threads = int(os.environ.get("DOORSTEP_THREADS") or 4)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": threads + 2}, **query},
    }


SECRET_KEY = _secret_key()
# Earlier keys, newest first: what they signed and sealed is still read, nothing new is made with them.
SECRET_KEY_FALLBACKS = os.environ.get("SECRET_KEY_FALLBACKS", "").split()
DEBUG = False
_base = urlsplit(BASE_URL)
SECURE = _base.scheme == "https"
# The first middleware answers unknown hosts itself, with a page that names the right one.
ALLOWED_HOSTS = sorted(
    {_base.hostname or "127.0.0.1", "127.0.0.1", "localhost", "[::1]"}
    | set(filter(None, os.environ.get("ALLOWED_HOSTS", "").split(",")))
)
CSRF_TRUSTED_ORIGINS = [BASE_URL] if SECURE else []
# How many proxies of ours stand in front; their X-Forwarded-For is believed that far and no further.
# A MaxMind file of cities (.mmdb): lists of browsers then say the place too.
PLACES_FILE = os.environ.get("DOORSTEP_PLACES_FILE", "")
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES") or 0)
if os.environ.get("TRUST_PROXY_TLS") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

INSTALLED_APPS = [
    "doorstep.activity",
    "doorstep.identity",
    "doorstep.organizations",
    "doorstep.contacts",
    "doorstep.files",
    "doorstep.documents",
    "doorstep.sales",
    "doorstep.sharing",
    "doorstep.payments",
    "doorstep.notifications",
    "doorstep.imports",
    "doorstep.exports",
    "doorstep.demo",
    "doorstep.web.ui",
    "doorstep.web.account",
    "doorstep.web.portal",
    "doorstep.web.backoffice",
    "doorstep.web.public",
    "django_ox",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "doorstep.web.headers.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "doorstep.web.tenancy.tenancy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "doorstep.identity.known.KnownAccount",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "doorstep.web.askers.AskerMiddleware",
    "doorstep.web.ui.refusals.refusals",
]
ROOT_URLCONF = "doorstep.config.urls"
WSGI_APPLICATION = "doorstep.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "doorstep.web.portal.shell.shell",
                "doorstep.web.backoffice.shell.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "doorstep.web.ui.templatetags.ui",
            ],
        },
    }
]

DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}
# What runs by the clock: name, task, seconds. Each slot runs once, however many workers there are. A job whose module
# has a `<job>_is_needed()` is left out while that says no, so that it may run every second and cost nothing.
SCHEDULES = {
    "tell": {"task": "doorstep.notifications.tasks.tell", "every": 1},
    "invite": {"task": "doorstep.contacts.tasks.invite", "every": 1},
    "scan-held-files": {"task": "doorstep.files.tasks.scan_held", "every": 60},
    "expire-abandoned": {"task": "doorstep.payments.tasks.expire_abandoned", "every": 60},
    "reconcile": {"task": "doorstep.payments.tasks.reconcile", "every": 300},
    "check-invariants": {"task": "doorstep.activity.tasks.check_invariants", "every": 3600},
    "sandbox-notices": {
        "task": "doorstep.payments.gateways.sandbox.tasks.deliver_notices",
        "every": 5,
    },
    "sandbox-orphans": {
        "task": "doorstep.payments.gateways.sandbox.tasks.close_orphans",
        "every": 3600,
    },
    "forget-what-is-over": {
        "task": "doorstep.identity.tasks.forget_what_is_over",
        "cron": "47 * * * *",
    },
    "forget-mail-to-nobody": {
        "task": "doorstep.notifications.tasks.forget_mail_to_nobody",
        "cron": "37 * * * *",
    },
    "forget-exports": {
        "task": "doorstep.exports.tasks.forget_exports",
        "cron": "27 * * * *",
    },
    "forget-old-jobs": {"task": "doorstep.config.tasks.forget_old_jobs", "cron": "17 3 * * *"},
}
TASKS = {
    "default": {
        "BACKEND": "django_ox.backend.OxBackend",
        "QUEUES": [],
        "OPTIONS": {
            "MAX_ATTEMPTS": 5,
            # A worker renews its locks while it works; after a crash its jobs are taken over this much later.
            "LOCK_TIMEOUT": 60,
            "SCHEDULES": SCHEDULES,
            "SCHEDULE_SOURCE": "doorstep.config.schedules.OnlyWhenNeeded",
        },
    }
}

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "doorstep.identity.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = False
# For an address that nobody has, the adapter does the same work and keeps no mail.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_FORMS = {
    "login": "doorstep.identity.forms.SignInForm",
    "reset_password": "doorstep.identity.forms.ForgottenForm",
    "reset_password_from_key": "doorstep.identity.forms.NewPasswordForm",
    "change_password": "doorstep.identity.forms.ChangePasswordForm",
    "reauthenticate": "doorstep.identity.forms.ReauthenticateForm",
    "request_login_code": "doorstep.identity.forms.AskForCodeForm",
    "confirm_login_code": "doorstep.identity.forms.EnterCodeForm",
}
# Our own counters are exact over all processes (identity/guards.py); the library's live in a cache.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "doorstep.identity.reset_tokens.ResetTokens"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
MFA_ADAPTER = "doorstep.identity.factors.adapter.FactorsAdapter"
MFA_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Phones are seldom right to the second: the code before and the one after count too.
MFA_TOTP_TOLERANCE = 1
MFA_TRUST_COOKIE_AGE = timedelta(days=90)
MFA_TRUST_COOKIE_NAME = "__Host-remembered" if SECURE else "remembered"
MFA_FORMS = {
    "activate_totp": "doorstep.identity.factors.forms.ActivateForm",
    "authenticate": "doorstep.identity.factors.forms.CodeForm",
    "reauthenticate": "doorstep.identity.factors.forms.ConfirmByCodeForm",
    "add_webauthn": "doorstep.identity.factors.forms.AddPasskeyForm",
    "edit_webauthn": "doorstep.identity.factors.forms.RenamePasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "doorstep.identity.federation.adapter.FederationAdapter"
# It leads to somebody else's page, which `form-action` would not let a form do; nothing happens before that page.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
# An operator whose customers' identity providers live in the same private network says so.
PRIVATE_PROVIDERS = os.environ.get("DOORSTEP_PRIVATE_PROVIDERS") == "1"
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60

SESSION_ENGINE = "doorstep.identity.sessions"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_HSTS_SECONDS = 63072000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
# Loopback calls of the health check and the worker are http; the proxy redirects people.
SECURE_SSL_REDIRECT = False
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # doorstep.web.headers sends X-Frame-Options
    "security.W008",  # see SECURE_SSL_REDIRECT
    "security.W021",  # the preload list is the domain owner's decision
]
CONTENT_SECURITY_POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-src": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# The operator's own mail server, for what concerns people's accounts: "smtp://name:secret@host:587", "smtps://…:465".
SMTP_URL = os.environ.get("DOORSTEP_SMTP_URL", "")
SMTP_FROM = os.environ.get("DOORSTEP_SMTP_FROM", "")
MAILERS = {"default": {"BACKEND": "doorstep.notifications.backend.OutboxBackend"}}
DEFAULT_FROM_EMAIL = f"doorstep@{_base.hostname or 'localhost'}"

# Only for trying: whoever answers here plays Twilio.
TWILIO_API_BASE = os.environ.get("TWILIO_API_BASE") or "https://api.twilio.com"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [PROJECT / "doorstep" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "files"
# ClamAV's daemon, which looks at what people send: unix:/run/clamav/clamd.ctl or host:3310.
CLAMD = os.environ.get("DOORSTEP_CLAMD", "")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "doorstep.web.ui.sheet.OneSheetStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "doorstep.web.ui.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}, "django.tasks": {"level": "WARNING"}},
}

# How the layers below the web write whole addresses: (face, portal_name, view, *args) -> str.
LINKS = "doorstep.web.tenancy.link_to"
