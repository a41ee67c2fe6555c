"""What every page of the back office shows around its content."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.notifications.models import Notice


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of `ui/office.html`; empty on other faces and before sign-in."""
    member = getattr(request, "member", None)
    if member is None:
        return {}
    unread = Notice.objects.filter(member=member).unread()[:100].count()
    return {
        "nav": _menu(request),
        "member": member,
        "person": {"name": member.actor_name, "email": member.account.email, "line": member.get_role_display()},
        "unread": unread,
    }


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    items = [
        ("home", _("Home"), "house"),
        ("contacts", _("Contacts"), "users"),
        ("invoices", _("Invoices"), "receipt"),
        ("payments", _("Payments"), "credit-card"),
    ]
    return [
        {
            "url": (url := reverse(name)),
            "label": label,
            "icon": icon,
            "current": request.path == url or (name != "home" and request.path.startswith(url)),
        }
        for name, label, icon in items
    ]
