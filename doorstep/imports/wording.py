"""What an import says about itself, for the page and the terminal: the same facts in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from doorstep.documents.kinds import State
from doorstep.imports.models import BatchState, ImportBatch, ImportFile, Outcome, Problem, Severity
from doorstep.lib.money import Money
from doorstep.lib.words import grouped

STEPS = {
    "wipe": gettext_lazy("Clearing what an earlier check left"),
    "read": gettext_lazy("Reading the files"),
    "check_contacts": gettext_lazy("Checking customers and vendors"),
    "check_invoices": gettext_lazy("Checking invoices"),
    "check_payments": gettext_lazy("Checking payments"),
    "compare": gettext_lazy("Comparing balances"),
    "take_contacts": gettext_lazy("Importing customers and vendors"),
    "take_invoices": gettext_lazy("Importing invoices"),
    "take_payments": gettext_lazy("Importing payments"),
    "reveal": gettext_lazy("Showing what is new"),
    "settle_in": gettext_lazy("Writing the history"),
    "clear": gettext_lazy("Tidying up"),
    "withdraw": gettext_lazy("Taking it back"),
}
SHOWN_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a table: what, how many or how much, and perhaps more words."""

    label: str
    value: str
    note: str = ""
    is_money: bool = False


def step_words(step: str) -> str:
    return str(STEPS.get(step, step))


def verdict(batch: ImportBatch) -> tuple[str, str]:
    """(tone, one sentence) about the whole import."""
    if batch.state == BatchState.FAILED:
        return "bad", batch.failure
    if batch.state == BatchState.CANCELLED:
        return "plain", _("Cancelled. Nothing of it is here.")
    if batch.state == BatchState.COMPLETE:
        return _taken(batch)
    if batch.state != BatchState.CHECKED:
        return "wait", step_words(batch.step) if batch.step else _("Waiting for its turn")
    return _checked(batch)


def _checked(batch: ImportBatch) -> tuple[str, str]:
    if batch.bad_rows:
        words = _(
            "%(problem)s, so nothing was imported. Mend the files, or take only the good rows."
        )
        return "warn", words % {"problem": _bad(batch)}
    if not changes_of(batch):
        return "good", _("Checked. Nothing has changed since these files were last imported.")
    return "good", _("Checked. Everything can be imported; nothing was changed so far.")


def _taken(batch: ImportBatch) -> tuple[str, str]:
    if not changes_of(batch):
        words = _("Nothing has changed since these files were last imported.")
    else:
        words = _("Imported.")
    if batch.bad_rows:
        return "warn", words + " " + _("%(problem)s, and left out.") % {"problem": _bad(batch)}
    return "good", words


def _bad(batch: ImportBatch) -> str:
    return ngettext("%(n)d row has a problem", "%(n)d rows have a problem", batch.bad_rows) % {
        "n": batch.bad_rows
    }


def changes_of(batch: ImportBatch) -> int:
    """How many things are new or changed."""
    outcomes = (Outcome.NEW, Outcome.CHANGED)
    return sum(count for name, count in batch.tally.items() if name.partition(".")[2] in outcomes)


def file_facts(batch: ImportBatch, file: ImportFile) -> list[Fact]:
    """How the file was read."""
    delimiter = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs")}[file.delimiter]
    facts = [
        Fact(_("Rows"), grouped(batch.tally.get(f"rows.{file.pk}", 0))),
        Fact(_("Read as"), f"{file.get_kind_display()}, {_ENCODINGS[file.encoding]}, {delimiter}"),
        Fact(_("Known again by"), file.key),
    ]
    if file.unknown_columns:
        facts.append(Fact(_("Columns not used"), ", ".join(file.unknown_columns)))
    return facts


_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "latin-1": "Latin-1",
    "cp1252": "Latin-1 (Windows)",
}


def outcome_facts(batch: ImportBatch) -> list[Fact]:
    """What the files hold, and what taking them does or did."""
    labels = {
        "customer": _("Customers"),
        "vendor": _("Vendors"),
        "invoice": _("Invoices"),
        "payment": _("Payments"),
    }
    facts = []
    for kind, label in labels.items():
        if count := batch.tally.get(f"file.{kind}", 0):
            facts.append(Fact(label, grouped(count), ", ".join(_outcomes(batch, kind))))
        if kind == "invoice" and count:
            facts.append(Fact(_("Invoice lines"), grouped(batch.tally.get("file.line", 0))))
            said = {k[5:]: n for k, n in batch.tally.items() if k.startswith("said.")}
            facts.append(
                Fact(
                    _("Status in the file"),
                    ", ".join(f"{name} {grouped(n)}" for name, n in sorted(said.items())),
                )
            )
    for name, label in (
        ("total", _("Sum of invoices")),
        ("outstanding", _("Owed on issued invoices")),
        ("received", _("Payments received")),
        ("carried", _("Settled elsewhere")),
    ):
        facts += _sums(
            label, _by_currency(batch.tally, "carried." if name == "carried" else f"file.{name}.")
        )
    return facts


def _outcomes(batch: ImportBatch, kind: str) -> Iterator[str]:
    words = {
        Outcome.NEW: _("%(n)s new"),
        Outcome.CHANGED: _("%(n)s changed"),
        Outcome.SAME: _("%(n)s unchanged"),
        Outcome.DIFFERS: _("%(n)s different but issued, so left as it is"),
        Outcome.BAD: _("%(n)s not taken"),
    }
    for outcome, template in words.items():
        if count := batch.tally.get(f"{kind}.{outcome}", 0):
            yield template % {"n": grouped(count)}


def organization_facts(batch: ImportBatch) -> list[Fact]:
    """What is here now."""
    now: dict[str, Any] = batch.report.get("organization", {})
    if not now:
        return []
    states = ", ".join(f"{State(s).label} {grouped(n)}" for s, n in now["states"].items())
    return [
        Fact(_("Customers"), grouped(now["customers"])),
        Fact(_("Vendors"), grouped(now["vendors"])),
        Fact(_("Invoices"), grouped(now["invoices"]), states),
        Fact(_("Overdue"), grouped(now["overdue"])),
        Fact(_("Invoice lines"), grouped(now["lines"])),
        Fact(_("Payments"), grouped(now["payments"])),
        *_sums(_("Received"), now["received"]),
        *_sums(_("Outstanding on issued invoices"), now["outstanding"]),
        *_sums(_("Credit"), now["credit"]),
    ]


def _by_currency(tally: dict[str, int], prefix: str) -> dict[str, int]:
    return {k.removeprefix(prefix): n for k, n in sorted(tally.items()) if k.startswith(prefix)}


def _sums(label: str, amounts: dict[str, int]) -> list[Fact]:
    """With the currency's code where there is more than one."""
    money = [Money(amount, code) for code, amount in amounts.items()]
    locale = get_language() or "en"
    shown = [each.show_with_code(locale) if len(money) > 1 else each.show(locale) for each in money]
    return [Fact(label, each, is_money=True) for each in shown]


def shown_problems(batch: ImportBatch, severity: str) -> list[Problem]:
    """The first of them, in the order of the files."""
    rows = batch.problems.filter(severity=severity).select_related("file")
    return list(rows.order_by("file__order", "file", "line", "pk")[:SHOWN_PROBLEMS])


def report_lines(batch: ImportBatch) -> Iterator[str]:
    """The whole report for a terminal."""
    for file in batch.files.all():
        yield f"\n{file.name}"
        yield from _table(file_facts(batch, file))
    yield "\n" + _("In the files")
    yield from _table(outcome_facts(batch))
    for severity, title in (
        (Severity.BAD, _("Rows with a problem")),
        (Severity.ODD, _("Where the files contradict themselves")),
    ):
        yield from _problem_lines(batch, severity, title)
    yield "\n" + _("%(name)s now") % {"name": batch.organization.name}
    yield from _table(organization_facts(batch))
    yield "\n" + verdict(batch)[1]


def _table(facts: list[Fact]) -> Iterator[str]:
    width = max((len(fact.label) for fact in facts), default=0)
    for fact in facts:
        note = f"  ({fact.note})" if fact.note else ""
        yield f"  {fact.label:<{width}}  {fact.value}{note}"


def _problem_lines(batch: ImportBatch, severity: str, title: str) -> Iterator[str]:
    problems = shown_problems(batch, severity)
    if not problems:
        return
    count = batch.problems.filter(severity=severity).count()
    yield f"\n{title}: {grouped(count)}"
    for problem in problems:
        column = f", {problem.column}" if problem.column else ""
        yield f"  {problem.file.name}, {_('line')} {grouped(problem.line)}{column}: {problem.reason}"
    if count > len(problems):
        yield "  " + _("… and %(n)s more") % {"n": grouped(count - len(problems))}


def contents_of(tally: dict[str, int]) -> str:
    """What an import holds, in a few words: "91 customers, 830 invoices"."""
    counts = {
        kind: tally.get(f"file.{kind}", 0) for kind in ("customer", "vendor", "invoice", "payment")
    }
    words = [
        ngettext("%(n)s customer", "%(n)s customers", counts["customer"]),
        ngettext("%(n)s vendor", "%(n)s vendors", counts["vendor"]),
        ngettext("%(n)s invoice", "%(n)s invoices", counts["invoice"]),
        ngettext("%(n)s payment", "%(n)s payments", counts["payment"]),
    ]
    return ", ".join(
        w % {"n": grouped(n)} for w, n in zip(words, counts.values(), strict=True) if n
    )
