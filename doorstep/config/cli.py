"""`bin/doorstep`: everything that is done from a terminal.

`serve`, `web`, `worker` and `prepare` are handled here; every other word is a Django management command, written with
hyphens.
"""

import os
import sys
from collections.abc import Sequence

from doorstep.config.place import CannotStart, Place
from doorstep.config.processes import end_with_parent

OWN_COMMANDS = {
    "serve": "Prepare the database, then run the web server and the worker until Ctrl-C.",
    "web": "Run the web server alone.",
    "worker": "Run the worker alone: mail, imports, everything that happens in the background.",
    "prepare": "Bring the database up to date; with DOORSTEP_DEMO=1 fill an empty one with the demo company.",
}


def main(arguments: Sequence[str]) -> int:
    """Do what the first word says. What is returned is the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "doorstep.config.settings")
    command, *rest = arguments or ["--help"]
    try:
        place = Place.from_environment()
        if command in ("--help", "-h", "help") and not rest:
            place.announce()
            return show_commands()
        place.check_home()
        place.check_database()
        return run(command, rest, place)
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(command: str, rest: list[str], place: Place) -> int:
    """Hand over to whoever knows how. Imports are here because each command should load only what it needs."""
    if command in ("serve", "web", "prepare") and rest:
        raise CannotStart(
            f"`{command}` takes no arguments: it reads PORT, HOST, BASE_URL and DOORSTEP_HOME."
        )
    if os.environ.get("DOORSTEP_END_WITH_PARENT"):
        end_with_parent()
    if command == "serve":
        from doorstep.config.serve import serve

        return serve(place)
    if command == "web":
        from doorstep.config.serve import web

        place.check_port()
        web(place)
    place.announce()
    if command == "prepare":
        from doorstep.config.prepare import prepare

        prepare(say=print)
        return 0
    if command == "worker":
        # Two at a time, so that a long import does not keep mail waiting.
        usual = ["--verbosity", "0", "--interval", "0.5", "--concurrency", "2"]
        return django_command("ox_worker", [*usual, *rest])
    return django_command(command.replace("-", "_"), rest)


def django_command(name: str, rest: list[str]) -> int:
    """Run a management command as if by its own name."""
    from django.core.management import execute_from_command_line

    execute_from_command_line(["doorstep", name, *rest])
    return 0


def show_commands() -> int:
    """List our commands, and not the forty that Django brings along."""
    import django
    from django.core.management import get_commands, load_command_class

    django.setup()
    lines = dict(OWN_COMMANDS)
    for name, app in sorted(get_commands().items()):
        if app.startswith("doorstep."):
            lines[name.replace("_", "-")] = (
                load_command_class(app, name).help.strip().split("\n")[0]
            )
    width = max(map(len, lines))
    print("Usage: bin/doorstep COMMAND [--help]\n")
    for name, words in lines.items():
        print(f"  {name:<{width}}  {words}")
    print("\nDjango's own commands (migrate, shell, …) work too.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
