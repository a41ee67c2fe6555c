"""What money should do, in plain Python: no database, no locks, no Django. The state machine compares with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

HALF_AN_HOUR = timedelta(minutes=30)
AFTER = {
    "open": {"pending", "succeeded", "failed", "expired", "cancelled"},
    "pending": {"succeeded", "failed"},
}
BANK_AFTER = {
    "open": {"pending", "succeeded", "expired", "cancelled"},
    "pending": {"succeeded", "failed"},
}


@dataclass
class Paper:
    total: int
    balance: int
    void: bool = False

    @property
    def open(self) -> bool:
        return not self.void and self.balance > 0

    @property
    def state(self) -> str:
        if self.void:
            return "void"
        if self.balance == 0:
            return "paid"
        return "partly_paid" if self.balance < self.total else "sent"


@dataclass
class Attempt:
    """`shares` are paper → amount; `bank` is the state of its checkout, empty before it opened."""

    shares: dict[int, int]
    starter: str
    method: str
    ends_at: datetime
    state: str = "open"
    credit: int = 0
    bank: str = ""

    @property
    def under_way(self) -> bool:
        return self.state in ("open", "pending")


@dataclass
class Ledger:
    prevent: bool = True
    papers: dict[int, Paper] = field(default_factory=dict)
    attempts: dict[int, Attempt] = field(default_factory=dict)

    def start(self, wanted: list[int], starter: str, method: str, at: datetime) -> int | str:
        """The attempt that goes on, 0 for a new one, or the name of the refusal."""
        for attempt in self.holders(wanted):
            if attempt.state == "open" and attempt.ends_at <= at:
                self.give_up(attempt)
        holders = self.holders(wanted)
        balances = {number: self.papers[number].balance for number in wanted}
        for number, attempt in sorted(self.attempts.items()):
            mine = (attempt.starter, attempt.method, attempt.shares) == (starter, method, balances)
            if attempt in holders and attempt.state == "open" and mine:
                return number
        if holders and self.prevent:
            return "AnotherPayment"
        if not all(self.papers[number].open for number in wanted):
            return "InvoicesChanged"
        return 0

    def holders(self, wanted: list[int]) -> list[Attempt]:
        return [a for a in self.attempts.values() if a.under_way and set(wanted) & set(a.shares)]

    def begin(self, attempt: Attempt, at: datetime) -> str:
        """What comes of sending the payer to the bank: nothing said, or the refusal."""
        attempt.bank = attempt.bank or "open"
        self.lapse(attempt, at)
        if attempt.bank in ("expired", "cancelled"):
            self.book(attempt, attempt.bank)
            return "GatewayError"
        return ""

    def act(self, attempt: Attempt, state: str, at: datetime) -> str:
        """The payer or the bank does something at the bank."""
        needs = (
            "pending"
            if state == "failed" or (state == "succeeded" and attempt.bank == "pending")
            else "open"
        )
        if attempt.bank == state:
            return ""
        self.lapse(attempt, at)
        if attempt.bank != needs or state not in BANK_AFTER[needs]:
            return "BankRefused"
        attempt.bank = state
        return ""

    def lapse(self, attempt: Attempt, at: datetime) -> None:
        if attempt.bank == "open" and attempt.ends_at <= at:
            attempt.bank = "expired"

    def give_up(self, attempt: Attempt) -> None:
        if attempt.state == "open":
            if attempt.bank in ("", "open"):
                attempt.bank = "expired"
            self.book(attempt, attempt.bank)

    def ask(self, attempt: Attempt, at: datetime) -> None:
        if attempt.under_way:
            self.lapse(attempt, at)
            self.book(attempt, attempt.bank)

    def book(self, attempt: Attempt, state: str) -> None:
        if state not in AFTER.get(attempt.state, set()):
            return
        attempt.state = state
        if state == "succeeded":
            attempt.credit = sum(
                self.settle(number, share) for number, share in attempt.shares.items()
            )

    def settle(self, number: int, amount: int) -> int:
        """Take what the paper still owes; what is left over is returned."""
        paper = self.papers[number]
        takes = min(amount, paper.balance) if paper.open else 0
        paper.balance -= takes
        return amount - takes

    def sweep(self, at: datetime) -> None:
        for attempt in self.attempts.values():
            outdated = any(
                not self.papers[number].open or self.papers[number].balance < share
                for number, share in attempt.shares.items()
            )
            if attempt.state == "open" and (attempt.ends_at <= at or outdated):
                self.give_up(attempt)
