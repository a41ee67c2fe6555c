"""What saving a changed setting means for people, in words beside the form."""

from __future__ import annotations

from django.utils.translation import gettext as _


def consequences(name: str, affects: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """(field, its new value or "" for any, icon, what changes for people)."""
    words = {
        "portal_name": [
            (
                "",
                "link",
                _("Everybody's address changes. The old one leads on for 90 days, for reading."),
            )
        ],
        "banner_message": [
            (
                "",
                "megaphone",
                _("The new banner shows on every home page: %s.") % affects["banner_message"],
            )
        ],
        "vendor_banner_message": [("", "megaphone", _("Vendors read their own banner."))],
        "mfa_required": [
            (
                "true",
                "shield-check",
                _("At their next click they set up a second step: %s.") % affects["mfa_required"],
            ),
            (
                "false",
                "shield-off",
                _("One factor is enough again. Whoever has a second one keeps it."),
            ),
        ],
        "mfa_remember_days": [
            ("", "monitor-smartphone", _("Browsers are remembered for that long from now on."))
        ],
        "staff_mfa_required": [
            (
                "true",
                "users",
                _("Your own team sets up a second step too: %s.") % affects["notify_activity"],
            ),
            ("false", "users", _("Your own team needs no second step.")),
        ],
        "verify_identity_on_links": [
            (
                "true",
                "lock",
                _("Links show only the number and the balance before a mailed code is entered."),
            ),
            ("false", "lock-open", _("Whoever has a link sees the whole paper.")),
        ],
        "prevent_duplicate_payments": [
            (
                "true",
                "shield-check",
                _("While a bank transfer is in progress, nobody pays the same invoice again."),
            ),
            (
                "false",
                "shield-off",
                _(
                    "A second payment for the same invoice becomes possible. A surplus becomes credit."
                ),
            ),
        ],
        "allow_sign_up": [
            (
                "true",
                "user-plus",
                _("Public links offer a portal account: %s.") % affects["allow_sign_up"],
            ),
            (
                "false",
                "user-x",
                _("Access is by invitation only. Whoever signed up already stays in."),
            ),
        ],
        "sign_up_admission": [
            ("none", "lock", _("Only addresses that you have on file come in.")),
            (
                "same_domain",
                "users",
                _("Whoever proves an address of the customer's own domain comes in at once."),
            ),
            (
                "held",
                "user-check",
                _("Everybody else waits on the page Portal access until one of you decides."),
            ),
        ],
        "notify_activity": [
            ("true", "bell", _("You are told again: %s.") % affects["notify_activity"]),
            (
                "false",
                "bell-off",
                _("Nobody of you is told of portal activity. The history still has it."),
            ),
        ],
        "notify_by_email": [
            ("true", "mail", _("You get mail about payments and what else you chose.")),
            ("false", "mail-x", _("You get no mail about portal activity.")),
        ],
        "notify_in_app": [
            ("true", "bell", _("The bell shows portal activity.")),
            ("false", "bell-off", _("The bell stays silent.")),
        ],
        "allow_uploads_and_edits": [
            (
                "true",
                "upload",
                _("People upload documents and change their details: %s.")
                % affects["allow_uploads_and_edits"],
            ),
            (
                "false",
                "lock",
                _("Details are read only, and nobody uploads. What was shared stays readable."),
            ),
        ],
        "allow_bulk_payment": [
            (
                "true",
                "list-checks",
                _("Several invoices can be paid at once: %s.") % affects["allow_bulk_payment"],
            ),
            (
                "false",
                "receipt-text",
                _("Invoices are paid one at a time: %s.") % affects["allow_bulk_payment"],
            ),
        ],
    }
    return [(name, *line) for line in words.get(name, [])]
