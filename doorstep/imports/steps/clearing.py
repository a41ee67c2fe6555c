"""Staged rows go once they are no longer needed; what a cancelled import wrote goes as if it had never been."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models

from doorstep.contacts.models import Contact, ContactPerson
from doorstep.documents.models import Document, Line, Settlement
from doorstep.imports.models import Sighting
from doorstep.imports.steps.work import Part, Work
from doorstep.payments.models import Allocation, CarriedOver, Payment


def wipe(work: Work, _cursor: int) -> Iterator[Part]:
    """What an earlier check left."""
    yield from _delete(work, work.batch.staged.all())
    yield from _delete(work, work.batch.problems.all())


def clear(work: Work, _cursor: int) -> Iterator[Part]:
    """The staged rows; problems stay for the report."""
    yield from _delete(work, work.batch.staged.all())


def withdraw(work: Work, _cursor: int) -> Iterator[Part]:
    """Everything behind the curtain, from what points to what is pointed at. Nobody has seen any of it."""
    if work.batch.curtain is not None:
        hidden = {"curtain": work.curtain}
        papers = Document.everything.filter(**hidden)
        yield from _delete(work, Allocation.objects.filter(payment__curtain=work.curtain))
        yield from _delete(work, Payment.everything.filter(**hidden))
        yield from _delete(work, CarriedOver.objects.filter(document__in=papers))
        yield from _delete(work, Settlement.objects.filter(document__in=papers))
        yield from _delete(work, Line.objects.filter(document__in=papers))
        yield from _delete(work, papers)
        yield from _delete(work, Sighting.objects.filter(contact__curtain=work.curtain))
        yield from _delete(work, ContactPerson.everything.filter(**hidden))
        yield from _delete(work, Contact.everything.filter(**hidden))
    yield from wipe(work, 0)


def _delete(work: Work, rows: models.QuerySet[Any]) -> Iterator[Part]:
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[: work.pace.size]):
        model = rows.model

        def write(model: type[models.Model] = model, keys: list[int] = keys) -> None:
            model._base_manager.filter(pk__in=keys).delete()

        yield Part(write, cursor=keys[-1], done=len(keys))
