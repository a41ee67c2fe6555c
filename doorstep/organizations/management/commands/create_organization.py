"""`bin/doorstep create-organization PORTAL-NAME --name NAME --currency CODE [--owner MAIL]`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from doorstep.activity.models import System
from doorstep.identity.invitations import password_link
from doorstep.identity.models import Account, canonical_address
from doorstep.lib import clock
from doorstep.organizations.models import Member, Organization


class Command(BaseCommand):
    help = "Create an organisation, and its owner when an address is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("portal_name", metavar="PORTAL-NAME")
        parser.add_argument("--name", required=True)
        parser.add_argument("--currency", required=True, help="three letters, like USD")
        parser.add_argument("--owner", metavar="MAIL", default="")
        parser.add_argument("--time-zone", default="UTC")
        parser.add_argument("--language", default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        try:
            with transaction.atomic():
                organization = Organization.create(
                    name=options["name"],
                    currency=options["currency"].upper(),
                    portal_name=options["portal_name"],
                    time_zone=options["time_zone"],
                    language=options["language"],
                    at=at,
                    by=System(),
                )
                owner = (
                    self._owner(organization, options["owner"], at) if options["owner"] else None
                )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{organization.name} is at /office/{organization.portal_name}/")
        if owner is None:
            self.stdout.write(
                "It has no owner yet: run again with another name, or use the set-up page."
            )
        elif not owner.has_usable_password():
            self.stdout.write(
                f"{owner.email} chooses a password here: {password_link(owner, organization.portal_name)}"
            )

    def _owner(self, organization: Organization, email: str, at: Any) -> Account:
        address = canonical_address(email)
        account = Account.objects.filter(email=address).first()
        account = account or Account.objects.create_account(address)
        account.full_clean(exclude=["password"])
        Member.add(organization, account, "owner", by=System(), at=at)
        return account
