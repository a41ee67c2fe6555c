"""`doorstep prepare`: bring the database up to date; fill an empty one with the demo company if that is wanted."""

import os
import secrets
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from doorstep.config.place import CannotStart


def prepare(say: Callable[[str], None]) -> None:
    """Do what is needed, and nothing when nothing is."""
    import django
    from django.db import OperationalError, connections

    django.setup()
    try:
        migrate(say)
        collect_static_files(say)
        fill_with_demo(say)
        keep_set_up_token()
    except OperationalError as error:
        raise CannotStart(
            f"The database cannot be used: {str(error).strip().splitlines()[0]}"
        ) from None
    finally:
        connections.close_all()


def migrate(say: Callable[[str], None]) -> None:
    """Apply what is missing."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Preparing the database")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)


def collect_static_files(say: Callable[[str], None]) -> None:
    """Put them where the web server finds them, compressed and named after their content, when one has changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    found = [
        (name, storage.path(name)) for finder in get_finders() for name, storage in finder.list([])
    ]
    listing = "".join(f"{name} {Path(path).stat().st_mtime_ns}\n" for name, path in sorted(found))
    fingerprint = Path(settings.STATIC_ROOT) / ".collected"
    if not fingerprint.exists() or fingerprint.read_text() != listing:
        say("Preparing styles, scripts and pictures")
        call_command("collectstatic", interactive=False, verbosity=0)
        fingerprint.write_text(listing)


def fill_with_demo(say: Callable[[str], None]) -> None:
    """Only when it was asked for, and only when nobody lives here yet."""
    from django.core.management import call_command, get_commands

    from doorstep.organizations.models import Organization

    wanted = os.environ.get("DOORSTEP_DEMO", "0") not in ("", "0")
    if wanted and "demo" in get_commands() and not Organization.objects.exists():
        say("Making the demo company")
        # The box names the sign-ins, once.
        call_command("demo", verbosity=0, stdout=StringIO())


def keep_set_up_token() -> None:
    """A token for the set-up page, until a business that is not the demo has been set up."""
    from django.conf import settings

    from doorstep.organizations.models import Organization

    path = Path(settings.HOME) / "set-up-token"
    if Organization.objects.filter(is_demo=False).exists():
        path.unlink(missing_ok=True)
    elif not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(15) + "\n")
