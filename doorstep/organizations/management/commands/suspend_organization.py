"""`bin/doorstep suspend-organization PORTAL-NAME [--end]`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from doorstep.activity.models import System
from doorstep.lib import clock
from doorstep.organizations.models import Organization


class Command(BaseCommand):
    help = "Shut portal, office, links and mail of an organisation at once; --end opens them again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("portal_name", metavar="PORTAL-NAME")
        parser.add_argument("--end", action="store_true", help="open everything again")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["portal_name"]
        organization = Organization.objects.filter(preferences__portal_name=name).first()
        if organization is None:
            raise CommandError(f"There is no organisation at /portal/{name}/.")
        if options["end"]:
            organization.resume(by=System(), at=clock.now())
            self.stdout.write(f"{organization.name} is open again.")
        else:
            organization.suspend(by=System(), at=clock.now())
            self.stdout.write(f"{organization.name} is suspended; --end opens it again.")
