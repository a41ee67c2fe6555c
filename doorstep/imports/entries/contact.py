"""A customer or vendor as the export has it, with its primary person."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from doorstep.contacts.models import Contact, ContactPerson, ContactRole
from doorstep.imports.cells import BadCell, Cells
from doorstep.imports.entries.entry import LONGEST_KEY, Flaw, Flaws
from doorstep.organizations.models import Curtain, Organization

_PARTS = {
    "city": ("City", 100),
    "region": ("State", 100),
    "postal_code": ("Code", 20),
    "country": ("Country", 100),
}
_LONGEST_TERMS = 3650


@dataclass(frozen=True, slots=True)
class ContactEntry:
    role: str
    foreign_id: str
    details: dict[str, Any]
    person: dict[str, str] | None

    @classmethod
    def read(
        cls, rows: Sequence[Cells], *, key: str, role: str, organization: Organization
    ) -> tuple[ContactEntry | None, list[Flaw]]:
        flaws = Flaws()
        cells = rows[0]
        for other in rows[1:]:
            flaws.found.append(
                Flaw(
                    other.line,
                    key,
                    _("Stands in the file twice, first on line %(line)d.") % {"line": cells.line},
                )
            )
        entry = None
        with flaws.at(cells):
            entry = cls(
                role=role,
                foreign_id=cells.required(key, LONGEST_KEY),
                details=_details(cells, organization),
                person=_person(cells),
            )
        return entry, flaws.found

    @property
    def digest(self) -> str:
        """Changes exactly when the export says something else."""
        said = json.dumps([self.details, self.person], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()

    def contact(self, organization: Organization, *, at: datetime, curtain: Curtain) -> Contact:
        return Contact(
            organization=organization,
            role=self.role,
            foreign_id=self.foreign_id,
            created_at=at,
            curtain=curtain,
            **self.details,
        )

    def primary(self, contact: Contact) -> ContactPerson | None:
        """The person, not invited; None when the export names nobody."""
        if self.person is None:
            return None
        return ContactPerson(
            organization_id=contact.organization_id,
            contact=contact,
            is_primary=True,
            created_at=contact.created_at,
            curtain=contact.curtain,
            **self.person,
        )


def role_of(cells: Cells, file_is_vendors: bool) -> str:
    """What the row says, else what the file is."""
    said = cells.raw("Contact Type").strip().casefold()
    if said in (ContactRole.VENDOR, ContactRole.CUSTOMER):
        return said
    return ContactRole.VENDOR if file_is_vendors else ContactRole.CUSTOMER


def _details(cells: Cells, organization: Organization) -> dict[str, Any]:
    return {
        "name": cells.required("Display Name", 200),
        "company_name": cells.text("Company Name", 200),
        "email": cells.email("EmailID"),
        "phone": cells.text("Phone", 60) or cells.text("MobilePhone", 60),
        "currency": cells.currency("Currency Code", organization.currency),
        "payment_terms_days": _terms(cells, organization),
        "tax_number": cells.text("Tax ID", 40),
        "is_active": cells.raw("Status").strip().casefold() != "inactive",
        **_address(cells, "billing"),
        **_address(cells, "shipping"),
    }


def _address(cells: Cells, which: str) -> dict[str, str]:
    title = which.title()
    lines = (cells.text(f"{title} {part}", 200) for part in ("Address", "Street2"))
    street = ", ".join(" ".join(line.split()) for line in lines if line)
    if len(street) > 200:
        raise BadCell(
            f"{title} Address", _("Longer than %(longest)d characters.") % {"longest": 200}
        )
    parts = {
        f"{which}_{name}": cells.text(f"{title} {column}", longest)
        for name, (column, longest) in _PARTS.items()
    }
    return {f"{which}_street": street, **parts}


def _person(cells: Cells) -> dict[str, str] | None:
    name = " ".join(filter(None, (cells.text("First Name", 100), cells.text("Last Name", 99))))
    email = cells.email("EmailID")
    if not name and not email:
        return None
    return {
        "name": name or cells.required("Display Name", 200),
        "email": email,
        "phone": cells.text("Phone", 60),
        "designation": cells.text("Designation", 100),
    }


def _terms(cells: Cells, organization: Organization) -> int:
    """Days: "30", "Net 30", "Due on Receipt"."""
    said = cells.text("Payment Terms", 60) or cells.text("Payment Terms Label", 60)
    if not said:
        return organization.payment_terms_days
    days = re.search(r"\d+", said, re.ASCII)
    if days and int(days[0]) > _LONGEST_TERMS:
        raise BadCell("Payment Terms", _("“%(text)s” is too large.") % {"text": said[:40]})
    return int(days[0]) if days else 0
