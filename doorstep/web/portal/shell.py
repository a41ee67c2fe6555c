"""What every portal page shows around its content: menu, person, hats."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.contacts.hats import hats_of
from doorstep.contacts.models import PortalAccess
from doorstep.lib import clock
from doorstep.lib.statements import Given, Statement
from doorstep.organizations.models import Member
from doorstep.sales.models import Invoice
from doorstep.web.askers import Asker, Customer
from doorstep.web.tenancy import hat_links, path_in


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of `ui/portal.html`; empty on other faces and before sign-in."""
    asker: Asker | None = getattr(request, "asker", None)
    if asker is None:
        return {}
    return {
        "nav": _menu(request, asker),
        "person": {
            "name": asker.person.name,
            "line": asker.contact.name,
            "email": asker.person.email,
        },
        "hats": _hats(asker),
        "menu_links": [_colleagues(), *([] if asker.viewing else [_security()])],
        "viewing": asker.viewing is not None,
        "leave_viewing": _way_back(asker),
    }


def business_contact(asker: Asker) -> Member | None:
    """Who looks after this customer or vendor, while they work there."""
    manager = asker.contact.account_manager
    return manager if manager is not None and manager.left_at is None else None


def _menu(request: HttpRequest, asker: Asker) -> list[dict[str, Any]]:
    items = [("home", _("Home"), "house", 0)]
    if isinstance(asker, Customer):
        items += [
            ("invoices", _("Invoices"), "receipt-text", _overdue(request, asker)),
            ("payments", _("Payments"), "credit-card", 0),
        ]
    items.append(("documents", _("Documents"), "folder", 0))
    items.append(("details", _("My details"), "user", 0))
    return [
        {
            "url": (url := reverse(name)),
            "label": label,
            "icon": icon,
            "count": count,
            "alert": bool(count),
            "current": request.path == url or (name != "home" and request.path.startswith(url)),
        }
        for name, label, icon, count in items
    ]


def _overdue(request: HttpRequest, customer: Customer) -> int:
    """Pages that have counted already leave the number on the request."""
    counted: int | None = getattr(request, "overdue_count", None)
    if counted is not None:
        return counted
    today = customer.organization.today(clock.now())
    return OVERDUE.first(**customer.given, on=today) or 0


def _colleagues() -> dict[str, Any]:
    return {"url": reverse("colleagues"), "label": _("Colleagues"), "icon": "users"}


def _security() -> dict[str, Any]:
    return {"url": reverse("security"), "label": _("Sign-in and security"), "icon": "shield-check"}


def _hats(asker: Asker) -> list[dict[str, Any]]:
    """Nothing to switch to for most; whoever has hats elsewhere costs one more query."""
    if any(hat.wears_more for hat in asker.hats):
        worn = asker.person.access.pk
        return hat_links(hats_of(asker.person.access.account_id), worn=worn)
    if len(asker.hats) < 2:
        return []
    return [_hat(hat, asker) for hat in asker.hats]


def _hat(hat: PortalAccess, asker: Asker) -> dict[str, Any]:
    name = asker.organization.portal_name
    return {
        "url": path_in("portal", name, "home", hat=f"/as/{hat.pk}"),
        "label": hat.contact_person.contact.name,
        "line": hat.contact_person.name,
        "current": hat.contact_person_id == asker.person.pk,
    }


def _way_back(asker: Asker) -> str:
    if asker.viewing is None or asker.viewing.trying_on:
        return ""
    return path_in("office", asker.organization.portal_name, "contact", asker.contact.pk)


def _count_overdue() -> QuerySet[Invoice, int]:
    late = Invoice.given().overdue(on=Given("on")).order_by()  # type: ignore[arg-type]
    return late.values("contact").annotate(count=Count("pk")).values_list("count", flat=True)


OVERDUE = Statement(_count_overdue)
