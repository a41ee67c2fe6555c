"""What each role of the staff may do: one table, read by rules and shown on its own page."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class MemberRole(models.TextChoices):
    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    ACCOUNTANT = "accountant", _("Accountant")
    SALES = "sales", _("Sales")
    READ_ONLY = "readonly", _("Read only")


OWNER, ADMIN, ACCOUNTANT = MemberRole.OWNER, MemberRole.ADMIN, MemberRole.ACCOUNTANT
SALES, READ_ONLY = MemberRole.SALES, MemberRole.READ_ONLY

RIGHTS: dict[str, tuple[str | Promise, frozenset[str]]] = {
    # right: (what it lets you do, who has it)
    "papers.view": (
        _("See contacts, invoices and payments"),
        frozenset({OWNER, ADMIN, ACCOUNTANT, SALES, READ_ONLY}),
    ),
    "contacts.edit": (_("Create and edit contacts"), frozenset({OWNER, ADMIN, ACCOUNTANT, SALES})),
    "invoices.edit": (
        _("Write, send and void invoices"),
        frozenset({OWNER, ADMIN, ACCOUNTANT, SALES}),
    ),
    "payments.record": (
        _("Record payments received"),
        frozenset({OWNER, ADMIN, ACCOUNTANT}),
    ),
    "access.manage": (
        _("Invite customers and vendors, and take access away"),
        frozenset({OWNER, ADMIN, ACCOUNTANT, SALES}),
    ),
    "factors.reset": (
        _("Reset the second sign-in step of customers and vendors"),
        frozenset({OWNER, ADMIN}),
    ),
    "customers.view_as": (
        _("View the portal as a customer"),
        frozenset({OWNER, ADMIN, ACCOUNTANT, SALES}),
    ),
    "outbox.view": (_("Read the mail outbox"), frozenset({OWNER, ADMIN, ACCOUNTANT})),
    "outbox.send": (_("Send, retry or discard mail"), frozenset({OWNER, ADMIN})),
    "imports.run": (_("Import from other systems"), frozenset({OWNER, ADMIN, ACCOUNTANT})),
    "exports.run": (
        _("Download lists as CSV"),
        frozenset({OWNER, ADMIN, ACCOUNTANT, SALES}),
    ),
    "settings.view": (
        _("See the settings"),
        frozenset({OWNER, ADMIN, ACCOUNTANT, SALES, READ_ONLY}),
    ),
    "settings.edit": (_("Change the settings"), frozenset({OWNER, ADMIN})),
    "members.manage": (_("Add, change and remove members"), frozenset({OWNER, ADMIN})),
}


def may(role: str, right: str) -> bool:
    """Whether the role has the right. Raises KeyError for a right that does not exist."""
    return role in RIGHTS[right][1]
