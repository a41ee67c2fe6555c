"""Where an invoice's balance in the file is not what its payments leave: said, and settled by one rule.

What another system says is settled is never asked of a customer again: it is carried over, without
a payment, so that no money is invented. What payments prove is never owed again either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from doorstep.imports.models import Outcome, Problem, Staged, StagedKind
from doorstep.imports.steps.work import Part, Work, odd, save
from doorstep.lib.money import show

_PAID = ("closed", "paid")


def compare(work: Work, cursor: int) -> Iterator[Part]:
    outcomes = (Outcome.NEW, Outcome.SAME, Outcome.DIFFERS)
    for chunk in work.staged(cursor, StagedKind.INVOICE, outcomes=outcomes, claimed__isnull=False):
        problems: list[Problem] = []
        tally: Counter[str] = Counter()
        settled: list[Staged] = []
        for staged in chunk:
            words = list(_settle(staged) if staged.outcome == Outcome.NEW else _note(staged))
            if staged.outcome == Outcome.NEW and staged.settled:
                settled.append(staged)
                tally[f"carried.{staged.currency}"] += staged.settled
                tally["carried"] += 1
            problems += [odd(staged, each) for each in words]
        tally["odd"] = len(problems)
        yield _part(chunk, settled, problems, tally)


def _part(
    chunk: list[Staged], settled: list[Staged], problems: list[Problem], tally: Counter[str]
) -> Part:
    def write() -> None:
        if settled:
            save(settled, "settled")
        Problem.objects.bulk_create(problems, batch_size=500)

    return Part(write, cursor=chunk[-1].pk, done=len(chunk), tally=tally)


def _settle(staged: Staged) -> Iterator[str]:
    claimed, left = staged.claimed or 0, staged.left
    amounts = {"said": show(claimed, staged.currency), "left": show(left, staged.currency)}
    if 0 <= claimed < left:
        staged.settled = left - claimed
        yield _(
            "Balance says %(said)s, the payments in these files leave %(left)s: %(gap)s is carried over as settled "
            "elsewhere (a credit, a write-off, or a payment that is not in the files)."
        ) % {**amounts, "gap": show(staged.settled, staged.currency)}
    elif claimed != left:
        yield (
            _(
                "Balance says %(said)s, the payments in these files leave %(left)s: the payments are taken as they are."
            )
            % amounts
        )
    balance = left - staged.settled
    is_closed = staged.said.casefold() in _PAID
    if is_closed and balance:
        yield _("The status is “%(status)s”, but %(balance)s is left to pay.") % {
            "status": staged.said,
            "balance": show(balance, staged.currency),
        }
    elif not is_closed and not balance and staged.open_amount:
        yield _("The status is “%(status)s”, but nothing is left to pay.") % {"status": staged.said}


def _note(staged: Staged) -> Iterator[str]:
    """An invoice that is here keeps its balance: since the last import money may have come in here."""
    owed = max(0, staged.left - staged.settled)
    if (staged.claimed or 0) < owed:
        yield _("Balance says %(said)s, here %(left)s is owed. Nothing was changed.") % {
            "said": show(staged.claimed or 0, staged.currency),
            "left": show(owed, staged.currency),
        }
