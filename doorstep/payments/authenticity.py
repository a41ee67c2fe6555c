"""What is confirmed to whoever holds a paper: that it is ours, and the little by which to tell a changed one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import QuerySet

from doorstep.documents.authenticity import Claim, read
from doorstep.documents.kinds import State
from doorstep.documents.models import Document
from doorstep.lib.money import Money
from doorstep.organizations.bank_account import end_of_account
from doorstep.organizations.models import Organization
from doorstep.payments.models import Payment

_NOTHING = Claim("invoice", 0, "0" * 16)


class Standing(Enum):
    OPEN = "open"
    PAID = "paid"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """`account` is the end of the bank account that the paper names, or nothing."""

    organization: Organization
    sheet: str
    number: str
    amount: Money
    account: str
    standing: Standing


def confirm(typed: str) -> Confirmation | None:
    """What this code stands for; None when no such paper came from here.

    Every code that does not hold takes the same way: one look-up, one comparison, whatever was typed.
    """
    claim = read(typed) or _NOTHING
    rows: QuerySet[Any] = (
        Payment.objects.succeeded() if claim.sheet == "receipt" else Document.papers.all()
    ).filter(pk=claim.pk)
    organization, number = rows.values_list("organization", "number").first() or (0, "")
    if not claim.holds(organization, number) or not number:
        return None
    found = rows.select_related("organization").get()
    return _of_payment(found) if isinstance(found, Payment) else _of_paper(found)


def _of_paper(paper: Document) -> Confirmation:
    # The account that stands on the paper, not today's: the two are laid side by side.
    sender = (paper.frozen or {}).get("sender", {})
    bank = sender.get("bank_details", paper.organization.bank_details)
    ended = {State.PAID: Standing.PAID, State.VOID: Standing.VOID}
    return Confirmation(
        organization=paper.organization,
        sheet=paper.kind,
        number=paper.number,
        amount=paper.money,
        account=end_of_account(bank),
        standing=ended.get(State(paper.state), Standing.OPEN),
    )


def _of_payment(payment: Payment) -> Confirmation:
    return Confirmation(
        organization=payment.organization,
        sheet="receipt",
        number=payment.number,
        amount=payment.money,
        account=end_of_account(payment.organization.bank_details),
        standing=Standing.PAID,
    )
