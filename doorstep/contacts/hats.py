"""Everything that one account may be: customer or vendor of several businesses, and member of some."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import CharField, QuerySet, Value

from doorstep.contacts.models import PortalAccess
from doorstep.lib.statements import Given, Statement
from doorstep.organizations.models import Member


class Hat(NamedTuple):
    """`contact` is empty for a member of the business; `number` names the hat in the portal's address."""

    number: int
    business: str
    portal_name: str
    contact: str

    @property
    def is_office(self) -> bool:
        return not self.contact


def hats_of(account_id: int) -> list[Hat]:
    """By business, its office first; one query."""
    rows = [Hat(*row) for row in _HATS.all(account=account_id)]
    return sorted(rows, key=lambda hat: (hat.business, not hat.is_office, hat.number))


def _hats() -> QuerySet[Any, Any]:
    business = ("organization__name", "organization__preferences__portal_name")
    mine = {"account": Given("account"), "organization__suspended_at": None}
    portals = PortalAccess.objects.live().filter(**mine).order_by()
    offices = Member.objects.active().filter(**mine).order_by()
    nobody = Value("", output_field=CharField())
    return portals.values_list("pk", *business, "contact_person__contact__name").union(
        offices.annotate(contact=nobody).values_list("pk", *business, "contact"), all=True
    )


_HATS = Statement(_hats)
