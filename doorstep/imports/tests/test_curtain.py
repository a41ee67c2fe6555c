"""Nobody sees a part of an import: all of it, or nothing."""

from __future__ import annotations

import pytest
from django.db import models

from doorstep.contacts.models import Contact, ContactPerson
from doorstep.imports.models import BatchState, ImportBatch
from doorstep.imports.models.batch import Busy, NotReady
from doorstep.imports.running import run
from doorstep.imports.tests.samples import Desk, contact, invoice, paid_invoice, payment
from doorstep.lib.checkpoints import watch
from doorstep.payments.models import Allocation, Payment
from doorstep.sales.models import Invoice
from tests.cast import NOON, Cast

pytestmark = pytest.mark.django_db
FILES = {"contacts": [contact()], "invoices": [paid_invoice()], "payments": [payment()]}


class Stop(Exception):
    """As if the process had ended here."""


def stop_at(name: str) -> None:
    def stop(reached: str) -> None:
        if reached == name:
            raise Stop

    watch(stop)


@pytest.fixture(autouse=True)
def nobody_watches():
    yield
    watch(None)


def everything_seen(desk: Desk) -> list[int]:
    organization = desk.organization
    rows: list[models.QuerySet] = [
        organization.contacts.filter(foreign_id="C-1"),
        Contact.objects.matching("bonapp"),
        ContactPerson.objects.filter(email="laurence@bonapp.example"),
        Invoice.of(organization),
        Invoice.of(organization).visible(),
        Payment.of(organization),
        Contact.objects.exclude(models.Q(foreign_id="") | models.Q(pk__in=[])),
        Invoice.objects.filter(contact__in=Contact.objects.filter(foreign_id="C-1")),
    ]
    return [each.count() for each in rows]


@pytest.mark.parametrize("step", ["take_contacts", "take_invoices", "take_payments"])
def test_before_the_curtain_rises_there_is_nothing_to_see(desk: Desk, step):
    batch = desk.begin(**FILES)
    stop_at(f"import.{step}")
    with pytest.raises(Stop):
        run(batch, at=NOON)

    assert Contact.everything.filter(foreign_id="C-1").exists()
    assert everything_seen(desk) == [0] * 8


def test_when_it_rises_everything_is_there(desk: Desk):
    batch = desk.begin(**FILES)
    stop_at("import.reveal")
    with pytest.raises(Stop):
        run(batch, at=NOON)

    assert everything_seen(desk) == [1] * 8


STEPS = "wipe read check_contacts check_invoices check_payments compare take_contacts take_invoices".split()
STEPS += "take_payments reveal settle_in clear".split()


@pytest.mark.parametrize("step", STEPS)
def test_stopped_after_any_step_it_goes_on_and_ends_the_same(desk: Desk, step):
    batch = desk.begin(**FILES)
    stop_at(f"import.{step}")
    if step != "wipe":
        with pytest.raises(Stop):
            run(batch, at=NOON)
    watch(None)

    again = desk.take(**FILES)

    assert (again.pk, again.state) == (batch.pk, BatchState.COMPLETE)
    assert everything_seen(desk) == [1] * 8
    assert Allocation.objects.count() == 1


def test_cancelled_half_way_nothing_of_it_is_left(desk: Desk):
    batch = desk.begin(
        contacts=[contact()], invoices=[paid_invoice(), invoice(Invoice_ID="2", Invoice_Number="2")]
    )
    stop_at("import.take_invoices")
    with pytest.raises(Stop):
        run(batch, at=NOON)
    watch(None)

    batch.cancel(by=desk.member, at=NOON)
    run(batch, at=NOON)

    assert batch.state == BatchState.CANCELLED
    assert not Contact.everything.filter(foreign_id="C-1").exists()
    assert not Invoice.everything.exists()


def test_what_everybody_sees_cannot_be_cancelled(desk: Desk):
    batch = desk.take(**FILES)

    with pytest.raises(NotReady):
        batch.cancel(by=desk.member, at=NOON)


def test_two_processes_cannot_both_go_on(desk: Desk):
    batch = desk.begin(**FILES)
    twin = ImportBatch.objects.get(pk=batch.pk)
    run(batch, at=NOON)

    run(twin, at=NOON)

    assert Contact.everything.filter(foreign_id="C-1").count() == 1
    assert ImportBatch.objects.get().state == BatchState.COMPLETE


def test_a_second_import_waits_for_the_first(desk: Desk):
    batch = desk.begin(**FILES)
    stop_at("import.read")
    with pytest.raises(Stop):
        run(batch, at=NOON)
    ImportBatch.objects.update(state=BatchState.STAGING)

    with pytest.raises(Busy):
        desk.begin(contacts=[contact(Phone="7")])


def test_greta_sees_nothing_of_it(desk: Desk, cast: Cast, signed_in):
    batch = desk.take(**FILES)

    greta = signed_in(cast.greta)

    assert greta.get(f"/office/acme/settings/imports/{batch.pk}/").status_code == 404
    assert greta.get(f"/office/globex/settings/imports/{batch.pk}/").status_code == 404
