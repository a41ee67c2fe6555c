"""What a person at a customer or vendor may do: one table, read by rules and shown where rights are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Holder(Protocol):
    """The person, as far as the table needs to know them."""

    @property
    def is_primary(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class PersonRight:
    """`column` is the field of `ContactPerson`; without one everybody has the right. An empty field
    is a yes for the primary contact alone. `does` says it in a list. `given` is false while there is
    nothing to do with the right: no switch without effect."""

    label: str | Promise
    does: str | Promise
    column: str = ""
    help: str | Promise = ""
    for_vendors: bool = True
    given: bool = False

    def held_by(self, person: Holder) -> bool:
        said = getattr(person, self.column) if self.column else True
        return bool(person.is_primary if said is None else said)


RIGHTS: dict[str, PersonRight] = {
    "see": PersonRight(_("See all papers"), _("sees papers")),
    "pay": PersonRight(
        _("May pay"),
        _("pays"),
        "may_pay",
        _("Without it the person sees papers but does not pay them."),
        for_vendors=False,
        given=True,
    ),
    "comment": PersonRight(_("May comment"), _("comments"), "may_comment"),
    "accept": PersonRight(
        _("May accept and decline estimates"), _("accepts"), "may_accept", for_vendors=False
    ),
    "edit_details": PersonRight(
        _("May upload documents and edit the details"),
        _("sends documents and edits details"),
        "may_edit_details",
        _("As far as the business lets customers and vendors do so at all."),
        given=True,
    ),
    "manage_people": PersonRight(
        _("May manage people"),
        _("manages people"),
        "may_manage_people",
        _("Invites colleagues, sets what they may do, and takes access away."),
        given=True,
    ),
}


def rights_given(*, vendor: bool) -> dict[str, PersonRight]:
    """The rights that somebody at a customer, or at a vendor, can be given or not."""
    return {
        name: right
        for name, right in RIGHTS.items()
        if right.given and (right.for_vendors or not vendor)
    }
