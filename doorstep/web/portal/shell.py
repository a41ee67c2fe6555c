"""What every portal page shows around its content: menu, person, hats."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.contacts.models import PortalAccess
from doorstep.lib import clock
from doorstep.web.askers import Asker, Customer


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of `ui/portal.html`; empty on other faces and before sign-in."""
    asker: Asker | None = getattr(request, "asker", None)
    if asker is None:
        return {}
    return {
        "nav": _menu(request, asker),
        "person": {"name": asker.person.name, "line": asker.contact.name, "email": asker.person.email},
        "hats": [_hat(request, hat, asker) for hat in asker.hats],
        "menu_links": [],
        "viewing": asker.viewing,
    }


def _menu(request: HttpRequest, asker: Asker) -> list[dict[str, Any]]:
    items = [("home", _("Home"), "house", 0)]
    if isinstance(asker, Customer):
        today = asker.organization.today(clock.now())
        overdue = asker.invoices.overdue(on=today).count()
        items += [
            ("invoices", _("Invoices"), "receipt", overdue),
            ("payments", _("Payments"), "credit-card", 0),
        ]
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


def _hat(request: HttpRequest, hat: PortalAccess, asker: Asker) -> dict[str, Any]:
    return {
        "url": f"/portal/{asker.organization.portal_name}/as/{hat.pk}/",
        "label": hat.contact_person.contact.name,
        "line": hat.contact_person.name,
        "current": hat.contact_person == asker.person,
    }
