"""Payments: every share must fit an invoice of the same customer, in the same currency, that still owes as much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db.models import Min
from django.utils.translation import gettext as _

from doorstep.imports.entries.entry import Flaw
from doorstep.imports.entries.payment import PaymentEntry, Share
from doorstep.imports.models import Outcome, Problem, Staged, StagedKind
from doorstep.imports.steps.owners import Owner, find_owners
from doorstep.imports.steps.work import Part, Work, lines_of, odd, refuse, save, tally_of
from doorstep.lib.money import show
from doorstep.payments.models import CarriedOver, Payment
from doorstep.sales.models import Invoice

# An invoice that is not new in this import is seen by everybody while its payments are taken.
IN_SIGHT = (Outcome.SAME, Outcome.CHANGED, Outcome.DIFFERS, Outcome.HERE)


def check_payments(work: Work, cursor: int) -> Iterator[Part]:
    for chunk in work.staged(cursor, StagedKind.PAYMENT):
        yield Chunk(work, chunk).part()


class Chunk:
    """Some payments with the invoices that they speak of; each takes its shares in turn."""

    def __init__(self, work: Work, chunk: list[Staged]) -> None:
        self.work, self.chunk = work, chunk
        self.problems: list[Problem] = []
        self.tally: Counter[str] = Counter()
        self.entries: dict[int, PaymentEntry] = {}
        for staged in chunk:
            self._read(staged)
        entries = list(self.entries.values())
        self.owners = find_owners(work, [entry.customer for entry in entries])
        self.invoices = self._invoices({s.number for entry in entries for s in entry.shares})
        numbers = [entry.number for entry in entries]
        same = work.batch.staged.filter(kind=StagedKind.PAYMENT, name__in=numbers)
        self.first_with = dict(same.order_by().values_list("name").annotate(first=Min("pk")))
        ours = Payment.everything.filter(organization=work.organization)
        self.numbered = dict(ours.filter(number__in=numbers).values_list("number", "foreign_id"))
        self.here = {
            foreign_id: (amount, currency)
            for foreign_id, amount, currency in ours.filter(
                foreign_id__in=[staged.key for staged in chunk]
            ).values_list("foreign_id", "amount", "currency")
        }

    def part(self) -> Part:
        for staged in self.chunk:
            if staged.pk in self.entries:
                self._judge(staged, self.entries[staged.pk])
        self.tally += tally_of("payment", self.chunk, self.problems)
        return Part(self._write, cursor=self.chunk[-1].pk, done=len(self.chunk), tally=self.tally)

    def _read(self, staged: Staged) -> None:
        entry, flaws = self.work.payment_of(staged) if not staged.is_bad else (None, [])
        self.tally["file.payment"] += 1
        if entry is None:
            self.problems += refuse(staged, flaws)
            return
        self.entries[staged.pk] = entry
        self.tally[f"file.received.{entry.currency}"] += entry.amount

    def _judge(self, staged: Staged, entry: PaymentEntry) -> None:
        if staged.key in self.here:
            same = self.here[staged.key] == (entry.amount, entry.currency)
            staged.outcome = Outcome.SAME if same else Outcome.DIFFERS
            if not same:
                words = _(
                    "Payment %(number)s is booked and stays as it is; "
                    "the amount differs from what was imported before."
                )
                self.problems.append(odd(staged, words % {"number": entry.number}))
            return
        owner = self.owners[entry.customer]
        flaws = self._flaws(staged, entry, owner)
        if flaws:
            self.problems += refuse(staged, flaws)
            return
        staged.outcome, staged.owner, staged.currency = Outcome.NEW, owner.mark, entry.currency
        for share in entry.shares:
            invoice = self.invoices[share.number]
            invoice.taken += share.amount
            staged.in_sight |= invoice.outcome in IN_SIGHT
        if words := entry.contradiction():
            self.problems.append(odd(staged, words))

    def _flaws(self, staged: Staged, entry: PaymentEntry, owner: Owner) -> list[Flaw]:
        if not owner.mark:
            return [Flaw(entry.line, entry.customer.column, owner.reason)]
        first = self.first_with[entry.number]
        if first != staged.pk:
            line = lines_of(self.work.batch.staged.get(pk=first))[0]
            words = _("%(number)s is the number of another payment too, on line %(line)d.")
            return [
                Flaw(entry.line, "Payment Number", words % {"number": entry.number, "line": line})
            ]
        if self.numbered.get(entry.number, entry.foreign_id) != entry.foreign_id:
            words = _("%(number)s is the number of another payment here.")
            return [Flaw(entry.line, "Payment Number", words % {"number": entry.number})]
        return [flaw for share in entry.shares if (flaw := self._misfit(share, entry, owner))]

    def _misfit(self, share: Share, entry: PaymentEntry, owner: Owner) -> Flaw | None:
        invoice = self.invoices.get(share.number)
        named = {"number": share.number}
        if invoice is None:
            return Flaw(share.line, "Invoice Number", _("Unknown invoice %(number)s.") % named)
        if invoice.is_bad:
            words = _("Invoice %(number)s cannot be taken, see line %(line)d of its file.")
            return Flaw(
                share.line, "Invoice Number", words % {**named, "line": lines_of(invoice)[0]}
            )
        if invoice.currency != entry.currency:
            words = _("Invoice %(number)s is in %(theirs)s, the payment in %(ours)s.")
            amounts = {**named, "theirs": invoice.currency, "ours": entry.currency}
            return Flaw(share.line, "Currency Code", words % amounts)
        if invoice.owner != owner.mark:
            words = _("Invoice %(number)s belongs to another customer.")
            return Flaw(share.line, entry.customer.column, words % named)
        if share.amount > invoice.left:
            words = _("%(amount)s is more than the %(left)s that is left to pay on %(number)s.")
            named["amount"] = show(share.amount, entry.currency)
            named["left"] = show(invoice.left, entry.currency)
            return Flaw(share.line, "Amount Applied to Invoice", words % named)
        return None

    def _invoices(self, numbers: set[str]) -> dict[str, Staged]:
        """By number: on their way in, else here; the latter get a row so that what is taken of them adds up."""
        staged = self.work.batch.staged.filter(kind=StagedKind.INVOICE, name__in=numbers)
        found: dict[str, Staged] = {}
        for each in staged.order_by("pk"):
            if each.name not in found or found[each.name].is_bad:
                found[each.name] = each
        here = list(Invoice.of(self.work.organization).filter(number__in=numbers - set(found)))
        standing = CarriedOver.objects.standing().filter(
            document__in=[invoice.pk for invoice in here]
        )
        carried = dict(standing.values_list("document", "settlement__amount"))
        for invoice in here:
            found[invoice.number] = Staged(
                batch=self.work.batch,
                kind=StagedKind.INVOICE,
                key=f"here:{invoice.pk}",
                name=invoice.number,
                content=[],
                outcome=Outcome.HERE,
                owner=f"id:{invoice.contact_id}",
                currency=invoice.currency,
                open_amount=(invoice.balance + carried.get(invoice.pk, 0))
                if invoice.is_visible
                else 0,
            )
        return found

    def _write(self) -> None:
        save(self.chunk, "outcome", "owner", "currency", "in_sight")
        touched = [invoice for invoice in self.invoices.values() if not invoice.is_bad]
        save([invoice for invoice in touched if invoice.pk], "taken")
        Staged.objects.bulk_create([invoice for invoice in touched if not invoice.pk])
        Problem.objects.bulk_create(self.problems, batch_size=500)
