"""Customers and vendors: new, the same as last time, changed, or not to be taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doorstep.contacts.models import Contact
from doorstep.imports.models import Outcome, Problem, Sighting, Staged
from doorstep.imports.steps.work import CONTACT_KINDS, Part, Work, refuse, save, tally_of


def check_contacts(work: Work, cursor: int) -> Iterator[Part]:
    for chunk in work.staged(cursor, *CONTACT_KINDS):
        known = _known(work, chunk)
        problems: list[Problem] = []
        for staged in chunk:
            entry, flaws = work.contact_of(staged) if not staged.is_bad else (None, [])
            if entry is None or flaws:
                problems += refuse(staged, flaws)
            elif (staged.kind, staged.key) not in known:
                staged.outcome = Outcome.NEW
            else:
                same = known[staged.kind, staged.key] == entry.digest
                staged.outcome = Outcome.SAME if same else Outcome.CHANGED
        yield _part(chunk, problems)


def _known(work: Work, chunk: Sequence[Staged]) -> dict[tuple[str, str], str]:
    """Role and foreign id of those that are here → what an export said of them last."""
    here = Contact.everything.filter(
        organization=work.organization, foreign_id__in=[staged.key for staged in chunk]
    )
    rows = list(here.values_list("pk", "role", "foreign_id"))
    digests = dict(
        Sighting.objects.filter(contact__in=[pk for pk, _role, _id in rows]).values_list(
            "contact", "digest"
        )
    )
    return {(role, foreign_id): digests.get(pk, "") for pk, role, foreign_id in rows}


def _part(chunk: list[Staged], problems: list[Problem]) -> Part:
    tally = tally_of("contact", (), problems)
    for staged in chunk:
        tally[f"{staged.kind}.{staged.outcome}"] += 1
        tally[f"file.{staged.kind}"] += 1

    def write() -> None:
        save(chunk, "outcome")
        Problem.objects.bulk_create(problems, batch_size=500)

    return Part(write, cursor=chunk[-1].pk, done=len(chunk), tally=tally)
