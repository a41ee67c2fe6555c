"""Safety tests must bite: each guard of the money is taken away, one at a time, and a test must notice.

Every guard is removed in a copy of the code, where the test named beside it is then run: the first that notices.
Row locks do nothing on SQLite, where every transaction is alone anyway: those guards are tried on PostgreSQL only.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ON_POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
PAYMENTS = "doorstep/payments/"
TESTS = "doorstep/payments/tests/"
TESTS_FAILED = 1


@dataclass(frozen=True)
class Guard:
    """`pattern` is replaced by `without` in the files; the tests must then fail."""

    files: str
    pattern: str
    without: str
    tests: str
    is_lock: bool = False


GUARDS = {
    "invoices are locked when a payment starts": Guard(
        PAYMENTS + "starting.py",
        r"\.filter\(pk__in=wanted\)\.locked\(\)",
        '.filter(pk__in=wanted).order_by("pk")',
        TESTS + "test_interleavings.py",
        is_lock=True,
    ),
    "the payment is locked when it is booked": Guard(
        PAYMENTS + "booking.py",
        r"\.select_for_update\(of=\(\"self\",\)\)",
        "",
        TESTS + "test_interleavings.py",
        is_lock=True,
    ),
    "invoices are locked when they are settled": Guard(
        PAYMENTS + "booking.py",
        r"\.filter\(pk__in=shares\)\.locked\(\)",
        '.filter(pk__in=shares).order_by("pk")',
        TESTS + "test_interleavings.py",
        is_lock=True,
    ),
    "a number is taken under lock": Guard(
        "doorstep/organizations/models/number_series.py",
        r"cls\.objects\.select_for_update\(\)(\s*)\.get\(organization=organization_id, kind=kind\)\s*number =",
        r"cls.objects.get(organization=organization_id, kind=kind)\n        number =",
        TESTS + "test_interleavings.py",
        is_lock=True,
    ),
    "the database allows one exclusive hold": Guard(
        "doorstep/documents/models/hold.py",
        r"fields=\[\"document\"\],\n(\s+)condition=Q\(exclusive=True",
        r'fields=["document", "id"],\n\1condition=Q(exclusive=True',
        TESTS
        + "test_under_way.py::TestStarting::test_the_database_itself_refuses_a_second_exclusive_hold",
    ),
    "who already pays is asked for": Guard(
        PAYMENTS + "starting.py",
        r"if holders and preferences\.holds_are_exclusive\(\)",
        "if False",
        TESTS + "test_under_way.py::TestAnOpenAttempt::test_is_told_to_a_colleague_by_name",
    ),
    "the setting is read after the lock": Guard(
        PAYMENTS + "starting.py",
        r"organization = Organization\.objects\.with_preferences\(\)\.get\(pk=by\.organization_id\)",
        "organization = by.organization",
        TESTS
        + "test_under_way.py::TestWhereSecondPaymentsAreAllowed::test_switching_it_on_again_counts_what_began_before",
    ),
    "only the payer's own invoices": Guard(
        PAYMENTS + "starting.py",
        r"Invoice\.of\(contact\)",
        "Invoice.objects",
        TESTS + "test_under_way.py::TestStarting::test_nobody_pays_what_others_owe",
    ),
    "only who may pay": Guard(
        PAYMENTS + "starting.py",
        r"if not by\.may_pay:",
        "if False:",
        TESTS + "test_under_way.py::TestStarting::test_is_for_those_who_may",
    ),
    "the total that the payer saw": Guard(
        PAYMENTS + "starting.py",
        r"== seen_total",
        "is not None",
        TESTS + "test_booking.py::test_what_changed_since_the_page_was_opened_is_asked_again",
    ),
    "the gateway confirms before somebody takes over": Guard(
        PAYMENTS + "under_way.py",
        r"ended = payment\.give_up\(at=at\)",
        "ended = payment",
        TESTS
        + "test_under_way.py::TestAnOpenAttempt::test_is_taken_over_once_the_gateway_has_closed_it",
    ),
    "the amount that was asked for": Guard(
        PAYMENTS + "booking.py",
        r"if fact\.money != payment\.money:",
        "if False:",
        TESTS + "test_notices.py::test_t49_what_does_not_fit_is_set_aside_once",
    ),
    "one reference for one payment": Guard(
        PAYMENTS + "booking.py",
        r"if fact\.reference and _is_taken\(payment, fact\.reference\):",
        "if False:",
        TESTS + "test_booking.py::test_a_reference_of_another_payment_is_set_aside",
    ),
    "the reference that the payment has": Guard(
        PAYMENTS + "booking.py",
        r"if fact\.reference and payment\.provider_reference not in \(\"\", fact\.reference\):",
        "if False:",
        TESTS + "test_notices.py::test_t49_what_does_not_fit_is_set_aside_once",
    ),
    "states only move forward": Guard(
        PAYMENTS + "booking.py",
        r"if fact\.state in NEXT\[payment\.state\]:",
        "if fact.state != payment.state:",
        TESTS + "test_any_order.py::test_the_order_of_notices_does_not_matter",
    ),
    "nothing beyond the balance": Guard(
        PAYMENTS + "booking.py",
        r"min\(share\.amount, invoice\.balance\)",
        "share.amount",
        TESTS + "test_under_way.py::TestAPendingPayment::test_pays_only_what_is_still_owed",
    ),
    "holds are released": Guard(
        PAYMENTS + "booking.py",
        r"_holds\(payment\)\.update\(released_at=fact\.at\)",
        "pass",
        TESTS
        + "test_under_way.py::TestAnOpenAttempt::test_is_taken_over_once_the_gateway_has_closed_it",
    ),
    "the signature": Guard(
        PAYMENTS + "gateways/sandbox/notices.py",
        r"hmac\.compare_digest\(mac\.encode\(\), right\)",
        "True",
        TESTS + "test_notices.py::test_t48_a_wrong_signature_stores_nothing",
    ),
    "the age of a notice": Guard(
        PAYMENTS + "gateways/sandbox/notices.py",
        r"> TOLERANCE",
        "> TOLERANCE * 9",
        TESTS
        + "test_sandbox.py::TestSandboxGateway::test_an_old_notice_or_one_from_the_future_is_refused",
    ),
    "one worker sends a notice": Guard(
        PAYMENTS + "gateways/sandbox/notices.py",
        r"pk=self\.pk, attempts=self\.attempts, delivered_at=None",
        "pk=self.pk",
        TESTS + "test_sandbox.py::test_two_workers_do_not_send_the_same_notice",
    ),
    "no play money where money is real": Guard(
        PAYMENTS + "gateways/sandbox/gateway.py",
        r"check_play_money\(payment\.organization\)",
        "pass",
        TESTS + "test_sandbox.py::test_the_bank_is_closed_where_money_is_real",
    ),
    "what is closed stays closed": Guard(
        PAYMENTS + "gateways/sandbox/gateway.py",
        r"if session\.state in \(SessionState\.EXPIRED, SessionState\.CANCELLED\):",
        "if False:",
        TESTS + "test_sandbox.py::TestSandboxGateway::test_what_is_closed_takes_no_money",
    ),
    "a form that is sent twice": Guard(
        PAYMENTS + "receiving.py",
        r"if key and ",
        "if False and ",
        TESTS + "test_under_way.py::TestReceiving::test_sending_the_form_twice_records_once",
    ),
    "money is recorded for what is owed": Guard(
        PAYMENTS + "receiving.py",
        r"not current\.is_open\s+or ",
        "",
        TESTS
        + "test_under_way.py::TestReceiving::test_refuses_a_draft_and_another_customers_invoice",
    ),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code without its static files, and the environment beside it."""
    for name in ("doorstep", "tests"):
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "static")
        )
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.long
@pytest.mark.parametrize("name", GUARDS)
def test_a_test_notices_when_this_guard_is_gone(name: str, copy: Path) -> None:
    guard = GUARDS[name]
    if guard.is_lock and not ON_POSTGRES:
        pytest.skip("row locks do nothing on SQLite")
    assert remove(guard, copy) > 0, "the guard is not where it was: move this test along with it"
    # Tables straight from the models: what the migrations make of them is the same, and checked elsewhere.
    options = ["-n0", "-x", "-q", "--no-migrations", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, guard.tests],
        cwd=copy,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | own_database(name),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == TESTS_FAILED, done.stdout[-3000:] + done.stderr[-3000:]


def remove(guard: Guard, copy: Path) -> int:
    removed = 0
    for path in copy.glob(guard.files):
        text, count = re.subn(guard.pattern, guard.without, path.read_text())
        path.write_text(text)
        removed += count
    return removed


def own_database(name: str) -> dict[str, str]:
    """Test databases are named after the one in the address: the run around us uses that."""
    if not ON_POSTGRES:
        return {}
    own = f"/guard_{abs(hash(name))}"
    return {
        "DATABASE_URL": re.sub(r"(?<=@)([^/]*)/[^?]*", rf"\g<1>{own}", os.environ["DATABASE_URL"])
    }
