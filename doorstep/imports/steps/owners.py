"""Whom a reference means: a customer that is here, or one that is on its way in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from doorstep.contacts.models import Contact, ContactRole
from doorstep.imports.entries.entry import Reference
from doorstep.imports.models import Staged, StagedKind
from doorstep.imports.steps.work import Work, lines_of


@dataclass(frozen=True, slots=True)
class Owner:
    """`mark` names the customer, here ("id:7") or staged ("key:C-7"); without one, `reason` says why."""

    mark: str = ""
    reason: str = ""


def find_owners(work: Work, references: Iterable[Reference]) -> dict[Reference, Owner]:
    """Each reference's customer."""
    wanted = set(references)
    ids = {reference.text for reference in wanted if not reference.by_name}
    names = {reference.text for reference in wanted if reference.by_name}
    staged = list(work.batch.staged.filter(kind=StagedKind.CUSTOMER, key__in=ids)) if ids else []
    namesakes = (
        list(work.batch.staged.filter(kind=StagedKind.CUSTOMER, name__in=names)) if names else []
    )
    foreign = ids | {each.key for each in namesakes}
    here = _customers(work, foreign_id__in=foreign)
    ours = {contact.foreign_id: contact.pk for contact in here}
    by_name: dict[str, set[str]] = defaultdict(set)
    for contact in _customers(work, name__in=names) if names else []:
        by_name[contact.name].add(f"id:{contact.pk}")
    for each in namesakes:
        by_name[each.name].add(_mark(each.key, ours))
    bad = {each.key: each for each in (*staged, *namesakes) if each.is_bad}
    keys = {each.key for each in staged}
    return {
        reference: _by_name(reference, by_name, bad)
        if reference.by_name
        else _by_id(reference, keys, ours, bad)
        for reference in wanted
    }


def contacts_of(work: Work, marks: Iterable[str]) -> dict[str, Contact]:
    """The customers with these marks, once contacts have been taken."""
    wanted = set(marks)
    here = _customers(work, pk__in=[int(m[3:]) for m in wanted if m.startswith("id:")])
    taken = _customers(work, foreign_id__in=[m[4:] for m in wanted if m.startswith("key:")])
    found = {f"id:{contact.pk}": contact for contact in here}
    found |= {f"key:{contact.foreign_id}": contact for contact in taken}
    for contact in found.values():
        contact.organization = work.organization
    return found


def _customers(work: Work, **which: object) -> list[Contact]:
    ours = Contact.everything.filter(organization=work.organization, role=ContactRole.CUSTOMER)
    return list(ours.filter(**which))


def _mark(key: str, ours: dict[str, int]) -> str:
    return f"id:{ours[key]}" if key in ours else f"key:{key}"


def _by_id(
    reference: Reference, keys: set[str], ours: dict[str, int], bad: dict[str, Staged]
) -> Owner:
    if reference.text in bad:
        return _refused(bad[reference.text])
    if reference.text in keys or reference.text in ours:
        return Owner(_mark(reference.text, ours))
    return Owner(reason=_("Unknown customer “%(name)s”.") % {"name": reference.text})


def _by_name(reference: Reference, by_name: dict[str, set[str]], bad: dict[str, Staged]) -> Owner:
    marks = by_name.get(reference.text, set())
    if len(marks) > 1:
        return Owner(
            reason=_("%(count)d customers are called “%(name)s”.")
            % {"count": len(marks), "name": reference.text}
        )
    for mark in marks:
        if (key := mark.removeprefix("key:")) in bad:
            return _refused(bad[key])
        return Owner(mark)
    return Owner(reason=_("Unknown customer “%(name)s”.") % {"name": reference.text})


def _refused(customer: Staged) -> Owner:
    return Owner(
        reason=_("Its customer cannot be taken, see line %(line)d of %(file)s.")
        % {"line": lines_of(customer)[0], "file": customer.file.name if customer.file else ""}
    )
