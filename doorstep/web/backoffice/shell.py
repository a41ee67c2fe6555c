"""What every page of the back office shows around its content."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from doorstep.contacts.hats import hats_of
from doorstep.organizations.models import Member
from doorstep.web.askers import OfficeRequest
from doorstep.web.tenancy import hat_links


def shell(request: Any) -> dict[str, Any]:
    """The context of `ui/office.html`; empty on other faces and before sign-in."""
    if not hasattr(request, "member"):
        return {}
    member = request.member
    return {
        "nav": _items(request, _pages()),
        "settings_nav": settings_nav(request) if _is_settings_page(request) else [],
        "member": member,
        "may_edit_settings": member.may("settings.edit"),
        "person": {
            "name": member.actor_name,
            "email": member.account.email,
            "line": member.get_role_display(),
        },
        "menu_links": [
            {"url": reverse("notice_settings"), "label": _("My notices"), "icon": "bell"},
            {
                "url": reverse("security"),
                "label": _("Sign-in and security"),
                "icon": "shield-check",
            },
        ],
        "hats": _hats(member),
        "unread": request.unread,
    }


def _hats(member: Member) -> list[dict[str, Any]]:
    """Whoever has no other hat is spared the question."""
    if not member.wears_more:
        return []
    return hat_links(hats_of(member.account_id), office=member.organization.portal_name)


def settings_nav(request: HttpRequest) -> list[dict[str, Any]]:
    """The settings in their groups, without those that do not exist."""
    groups = [
        {"label": label, "items": _items(request, pages)} for label, pages in settings_groups()
    ]
    return [group for group in groups if group["items"]]


def settings_groups() -> list[tuple[str, list[tuple[str, str, str]]]]:
    return [
        (
            _("Organization Settings"),
            [("profile", _("Profile"), ""), ("members", _("Members and roles"), "")],
        ),
        (
            _("Setup and Configurations"),
            [
                ("numbering", _("Numbering"), ""),
                ("mail_settings", _("Mail"), ""),
                ("sms_settings", _("SMS"), ""),
                ("sign_in_settings", _("Sign-in"), ""),
                ("notice_settings", _("My notices"), ""),
                ("payment_setup", _("Payments"), ""),
                ("imports", _("Import"), ""),
                ("preferences", _("Customer Portal"), ""),
            ],
        ),
    ]


def _pages() -> list[tuple[str, str, str]]:
    return [
        ("home", _("Home"), "house"),
        ("contacts", _("Contacts"), "users"),
        ("invoices", _("Invoices"), "receipt-text"),
        ("payments", _("Payments"), "credit-card"),
        ("access", _("Portal access"), "key-round"),
        ("outbox", _("Outbox"), "mail"),
    ]


def _items(request: HttpRequest, pages: list[tuple[str, str, str]]) -> list[dict[str, Any]]:
    items = []
    for name, label, icon in pages:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        current = request.path == url or (name != "home" and request.path.startswith(url))
        items.append({"url": url, "label": label, "icon": icon, "current": current})
    return items


def _is_settings_page(request: OfficeRequest | HttpRequest) -> bool:
    return request.path_info.startswith("/settings/")
