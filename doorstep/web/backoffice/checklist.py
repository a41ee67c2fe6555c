"""What is still to be set up, each point derived from the facts."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from doorstep.contacts.models import Invitation
from doorstep.lib.counts import count_together
from doorstep.notifications.models import MailSettings
from doorstep.organizations.models import Organization


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    help: str
    act: str
    url: str
    done: bool


def steps(organization: Organization) -> list[Step]:
    """In the order in which one does them; one query."""
    there = count_together(
        mail=MailSettings.with_server(organization)[:1],
        contacts=organization.contacts.all()[:1],
        invitations=Invitation.of(organization)[:1],
    )
    payable = bool(organization.gateway or organization.bank_details)
    found = [
        (
            _("Your logo and colour"),
            _("Customers see on every page whose counter they stand at."),
            _("Add a logo"),
            "profile",
            organization.logo_id is not None,
        ),
        (
            _("Mail"),
            _("Until a mail server is set, mail is kept in the Outbox and reaches nobody."),
            _("Set up mail"),
            "mail_settings",
            bool(there["mail"]) and not organization.is_demo,
        ),
        (
            _("Payments"),
            _("Bank details for transfers, or test mode to try paying with play money."),
            _("Set up payments"),
            "payment_setup",
            payable,
        ),
        (
            _("Your customers and invoices"),
            _("Bring them from your old system. A dry run shows first what would happen."),
            _("Import"),
            "imports",
            bool(there["contacts"]),
        ),
        (
            _("The first invitation"),
            _("Nobody gets into the portal before you invite them."),
            _("Invite somebody"),
            "access",
            bool(there["invitations"]),
        ),
    ]
    return [
        Step(title, help_, act, url, done)
        for title, help_, act, name, done in found
        if (url := _address(name))
    ]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
