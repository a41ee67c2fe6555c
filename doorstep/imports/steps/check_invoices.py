"""Invoices: new, here already, or not to be taken; and what payments may pay of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from django.db.models import Min
from django.utils.translation import gettext as _

from doorstep.documents.kinds import State
from doorstep.documents.models import Document
from doorstep.imports.entries.entry import Flaw
from doorstep.imports.entries.invoice import InvoiceEntry
from doorstep.imports.models import Outcome, Problem, Staged, StagedKind
from doorstep.imports.steps.owners import Owner, find_owners
from doorstep.imports.steps.work import Part, Work, lines_of, odd, refuse, save
from doorstep.imports.steps.work import tally_of as tally_of_outcomes
from doorstep.payments.models import CarriedOver
from doorstep.sales.models import Invoice


def check_invoices(work: Work, cursor: int) -> Iterator[Part]:
    for chunk in work.staged(cursor, StagedKind.INVOICE):
        yield Chunk(work, chunk).part()


class Chunk:
    """Some invoices with all that is needed to judge them, looked up at once."""

    def __init__(self, work: Work, chunk: list[Staged]) -> None:
        self.work, self.chunk = work, chunk
        self.problems: list[Problem] = []
        self.tally: Counter[str] = Counter()
        self.entries: dict[int, InvoiceEntry] = {}
        for staged in chunk:
            self._read(staged)
        entries = list(self.entries.values())
        self.owners = find_owners(work, [entry.customer for entry in entries])
        self.first_with = self._first_with([entry.number for entry in entries])
        self.here = self._here(chunk)
        self.numbered = dict(
            Document.everything.filter(
                organization=work.organization,
                kind=Invoice.KIND,
                number__in=[entry.number for entry in entries],
            ).values_list("number", "foreign_id")
        )

    def part(self) -> Part:
        for staged in self.chunk:
            if staged.pk in self.entries:
                self._judge(staged, self.entries[staged.pk])
        self.tally += tally_of_outcomes("invoice", self.chunk, self.problems)
        return Part(self._write, cursor=self.chunk[-1].pk, done=len(self.chunk), tally=self.tally)

    def _read(self, staged: Staged) -> None:
        entry, flaws = self.work.invoice_of(staged) if not staged.is_bad else (None, [])
        self.tally["file.invoice"] += 1
        self.tally["file.line"] += len(staged.content)
        if entry is None:
            self.problems += refuse(staged, flaws)
            return
        self.entries[staged.pk] = entry
        self.tally[f"said.{entry.said_status}"] += 1
        self.tally[f"file.total.{entry.currency}"] += entry.totals.total
        if entry.is_issued and entry.balance is not None:
            self.tally[f"file.outstanding.{entry.currency}"] += entry.balance

    def _judge(self, staged: Staged, entry: InvoiceEntry) -> None:
        owner = self.owners[entry.customer]
        if flaw := self._flaw(staged, entry, owner):
            self.problems += refuse(staged, [flaw])
            return
        staged.owner, staged.currency = owner.mark, entry.currency
        staged.said, staged.claimed = entry.said_status, entry.balance if entry.is_issued else None
        staged.open_amount = entry.totals.total if entry.is_issued else 0
        if invoice := self.here.get(staged.key):
            self._compare(staged, entry, invoice)
        else:
            staged.outcome = Outcome.NEW
            self.problems += [odd(staged, words) for words in entry.contradictions]

    def _flaw(self, staged: Staged, entry: InvoiceEntry, owner: Owner) -> Flaw | None:
        if not owner.mark:
            return Flaw(entry.line, entry.customer.column, owner.reason)
        first = self.first_with[entry.number]
        if first != staged.pk:
            line = lines_of(self.work.batch.staged.get(pk=first))[0]
            words = _("%(number)s is the number of another invoice too, on line %(line)d.")
            return Flaw(
                entry.line, "Invoice Number", words % {"number": entry.number, "line": line}
            )
        if self.numbered.get(entry.number, entry.foreign_id) != entry.foreign_id:
            words = _("%(number)s is the number of another invoice here.")
            return Flaw(entry.line, "Invoice Number", words % {"number": entry.number})
        return None

    def _compare(self, staged: Staged, entry: InvoiceEntry, invoice: Invoice) -> None:
        """It is here. A draft follows the export; what is issued never changes."""
        differences = entry.differences(invoice)
        if f"id:{invoice.contact_id}" != staged.owner:
            differences.append("customer")
        if invoice.state == State.DRAFT:
            changed = differences or entry.status != "draft"
            staged.outcome = Outcome.CHANGED if changed else Outcome.SAME
            return
        if entry.status != "issued" and (entry.status == "void") != (invoice.state == State.VOID):
            differences.append("status")
        staged.settled = self.carried.get(invoice.pk, 0)
        staged.open_amount = invoice.balance + staged.settled
        staged.outcome = Outcome.DIFFERS if differences else Outcome.SAME
        if differences:
            words = _(
                "%(number)s is issued and stays as it is; it differs from what was imported before: %(what)s."
            )
            self.problems.append(
                odd(staged, words % {"number": invoice.number, "what": ", ".join(differences)})
            )

    def _first_with(self, numbers: Sequence[str]) -> dict[str, int]:
        same = self.work.batch.staged.filter(kind=StagedKind.INVOICE, name__in=numbers)
        return dict(same.order_by().values_list("name").annotate(first=Min("pk")))

    def _here(self, chunk: Sequence[Staged]) -> dict[str, Invoice]:
        found = Invoice.of(self.work.organization).filter(
            foreign_id__in=[staged.key for staged in chunk]
        )
        invoices = {invoice.foreign_id: invoice for invoice in found.select_related("contact")}
        for invoice in invoices.values():
            invoice.organization = invoice.contact.organization = self.work.organization
        standing = CarriedOver.objects.standing().filter(
            document__in=[i.pk for i in invoices.values()]
        )
        self.carried = dict(standing.values_list("document", "settlement__amount"))
        return invoices

    def _write(self) -> None:
        save(
            self.chunk,
            *("outcome", "owner", "currency", "said", "claimed", "open_amount", "settled"),
        )
        Problem.objects.bulk_create(self.problems, batch_size=500)
