"""After the curtain is up: what came in gets its history and forgets the curtain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from doorstep.activity.models import Origin, record_many
from doorstep.contacts.events import CONTACT_CREATED
from doorstep.contacts.models import Contact, ContactPerson
from doorstep.documents.events import PAPER_CREATED, PAPER_ISSUED
from doorstep.documents.kinds import State
from doorstep.documents.models import Document
from doorstep.imports.steps.work import Part, Work
from doorstep.payments.events import PAYMENT_SUCCEEDED
from doorstep.payments.models import Payment

_KIND = 10**13


@dataclass(frozen=True, slots=True)
class Newcomers:
    """A table with rows behind the curtain, and which event each row's history begins with."""

    rows: models.Manager[Any]
    event: Callable[[Any], str] | None = None
    heavy: tuple[str, ...] = ()


NEWCOMERS = (
    Newcomers(Contact.everything, lambda _contact: CONTACT_CREATED),
    Newcomers(ContactPerson.everything),
    Newcomers(
        Document.everything,
        lambda paper: PAPER_CREATED if paper.state == State.DRAFT else PAPER_ISSUED,
        heavy=("frozen", "notes", "terms"),
    ),
    Newcomers(Payment.everything, lambda _payment: PAYMENT_SUCCEEDED),
)


def settle_in(work: Work, _cursor: int) -> Iterator[Part]:
    """Rows that are done are no longer behind the curtain, so going on means starting again."""
    for number, newcomers in enumerate(NEWCOMERS, start=1):
        behind = newcomers.rows.filter(curtain=work.curtain).order_by("pk").defer(*newcomers.heavy)
        while chunk := list(behind[: work.pace.size]):
            yield _part(work, newcomers, chunk, cursor=number * _KIND + chunk[-1].pk)


def _part(work: Work, newcomers: Newcomers, chunk: list[Any], *, cursor: int) -> Part:
    kinds: dict[str, list[Any]] = {}
    if event := newcomers.event:
        for row in chunk:
            kinds.setdefault(event(row), []).append(row)

    def write() -> None:
        newcomers.rows.filter(pk__in=[row.pk for row in chunk]).update(curtain=None)
        for kind, rows in kinds.items():
            record_many(kind, rows, by=work.batch.actor, at=work.at, origin=Origin.IMPORT)

    return Part(write, cursor=cursor, done=len(chunk))
