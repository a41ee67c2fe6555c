"""Each invariant notices when it is broken: a check that never fails proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F

from doorstep.activity.models import Event, System, record
from doorstep.documents.models import Document, Hold, Line, Settlement
from doorstep.files.models import StoredFile
from doorstep.lib.invariants import Look, check_all
from doorstep.organizations.models import NumberSeries
from doorstep.payments.events import PAYMENT_EXPIRED
from doorstep.payments.models import Allocation, Payment
from doorstep.payments.tests.steps import pay, start
from tests.cast import NOON, Cast, an_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.breaks_invariants]


@pytest.fixture
def paid(cast: Cast) -> Payment:
    return pay([an_invoice(cast.coyote, "70.00", by=cast.olivia)], cast.wile)


@pytest.fixture
def begun(cast: Cast) -> Payment:
    return start([an_invoice(cast.coyote, "30.00", by=cast.olivia)], cast.wile)


def broken() -> set[str]:
    return {verdict.number for verdict in check_all(Look(at=NOON)) if verdict.broken}


def everything_holds() -> None:
    assert broken() == set()


BREAKS: dict[str, tuple[str, Callable[[], object]]] = {
    "a total is not its parts": ("M1", lambda: Document.everything.update(tax_total=5)),
    "a line was changed": ("M1", lambda: Line.objects.update(amount=F("amount") + 1)),
    "a settlement was raised": ("M2", lambda: Settlement.objects.update(amount=F("amount") + 1)),
    "a payment speaks another currency": ("M2", lambda: Payment.everything.update(currency="EUR")),
    "credit came from nowhere": (
        "M3",
        lambda: Payment.everything.filter(state="succeeded").update(unallocated=3),
    ),
    "a balance was written off": (
        "M4",
        lambda: Document.everything.filter(state="sent").update(balance=1),
    ),
    "a state was set by hand": (
        "M4",
        lambda: Document.everything.filter(state="sent").update(state="partly_paid"),
    ),
    "a hold stayed behind": ("M6", lambda: Hold.objects.update(released_at=None)),
    "a hold was lost": ("M6", lambda: Hold.objects.update(released_at=NOON)),
    "a payment went back": (
        "M8",
        lambda: Payment.everything.filter(state="succeeded").update(state="open"),
    ),
    "nobody vouches for a payment": ("M10", lambda: Payment.everything.update(booked_from="")),
    "a settlement has no payment": ("M10", lambda: Allocation.objects.update(settlement=None)),
    "a series was turned back": ("M12", lambda: NumberSeries.objects.update(next_value=1)),
    "a number was changed": (
        "M12",
        lambda: Document.everything.filter(state="paid").update(number="INV-9"),
    ),
    "an issued invoice was edited": ("M13", lambda: Document.everything.update(shipping=7)),
    "one invoice of a payment was left out": (
        "M14",
        lambda: Allocation.objects.all().delete(),
    ),
    "a draft was sent": (
        "D3",
        lambda: Document.everything.filter(state="draft").update(sent_at=NOON),
    ),
    "a file was lost": (
        "D2",
        lambda: StoredFile.objects.create(
            organization_id=Document.everything.first().organization_id,  # type: ignore[union-attr]
            name="x",
            content_type="text/plain",
            size=1,
            sha256="",
            path="elsewhere/x",
        ),
    ),
    "an import waits to be told": (
        "E1",
        lambda: Event.objects.filter(swept_at=None).update(origin="import"),
    ),
}


@pytest.mark.parametrize("break_it", BREAKS)
def test_it_is_noticed_that(break_it: str, cast: Cast, paid: Payment, begun: Payment) -> None:
    an_invoice(cast.coyote, "5.00", by=cast.olivia, issued=False)
    everything_holds()
    number, act = BREAKS[break_it]
    act()

    assert number in broken()


def test_a_row_of_another_tenant_is_noticed(cast: Cast, paid: Payment) -> None:
    Payment.everything.filter(pk=paid.pk).update(contact=cast.globex_customer)

    assert "D1" in broken()


def test_a_payment_that_ends_twice_is_noticed(paid: Payment) -> None:
    record(PAYMENT_EXPIRED, paid, by=System(), at=NOON)

    assert "M8" in broken()


def test_the_command_says_so_with_its_exit_code(paid: Payment) -> None:
    said = StringIO()
    call_command("check_invariants", "--quick", stdout=said)
    assert "BROKEN" not in said.getvalue()
    Payment.everything.update(unallocated=3)

    with pytest.raises(SystemExit) as exit_:
        call_command("check_invariants", "--quick", "--json", "--only", "M3", stdout=said)

    assert exit_.value.code == 1
    assert '"holds": false' in said.getvalue()
