"""The end of a trial: play money goes before real money comes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from doorstep.activity.models import Event, record
from doorstep.documents.models import Hold, Settlement
from doorstep.lib.errors import Refused
from doorstep.organizations.models import Member, Organization
from doorstep.payments.events import TRIAL_CLEARED
from doorstep.payments.models import Allocation, Payment
from doorstep.payments.models.payment import PaymentQuerySet
from doorstep.payments.states import UNDER_WAY
from doorstep.sales.models import Invoice


class PlayMoneyStands(Refused):
    """Invoices count as paid although nobody paid them."""


def play_payments(organization: Organization) -> PaymentQuerySet:
    """What the sandbox bank brought and what came to nothing there; not what is still under way."""
    found = Payment.of(organization).filter(gateway="sandbox")
    return found.exclude(state__in=UNDER_WAY)


def end_trial(organization: Organization, *, by: Member) -> None:
    """Back to real money. Raises `PlayMoneyStands` while play money counts as received, `NotAllowed`."""
    by.require("settings.edit")
    with transaction.atomic():
        Organization.known().select_for_update(of=("self",)).get(pk=organization.pk)
        if play_payments(organization).succeeded().exists():
            raise PlayMoneyStands(
                _("Play money stands on your invoices. Clear the trial first, then end test mode.")
            )
        organization.end_test_mode()


def clear_trial(organization: Organization, *, by: Member, at: datetime) -> int:
    """Take the play payments away: their invoices are owed again. How many those payments were.

    All or nothing, with one event. Only while money here is play money; never in a demo company.
    Raises `NotAllowed`.
    """
    by.require("settings.edit")
    with transaction.atomic():
        current = Organization.known().select_for_update(of=("self",)).get(pk=organization.pk)
        if current.is_demo or not current.test_mode:
            raise PlayMoneyStands(_("There is no trial to clear."))
        payments = play_payments(current)
        numbers = list(
            payments.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)
        )
        shares = Allocation.objects.filter(payment__in=numbers, settlement__isnull=False)
        invoices = list(Invoice.of(current).filter(pk__in=shares.values("document")).locked())
        _take_away(numbers)
        for invoice in invoices:
            invoice.settle_anew()
        happened = Event.of(current.pk).filter(
            subject_kind=Payment.subject_kind, subject_id__in=numbers
        )
        # Nobody is told any more of what is no longer there.
        happened.filter(swept_at=None).update(swept_at=at)
        if numbers:
            record(
                TRIAL_CLEARED, current, by=by, at=at, payments=len(numbers), invoices=len(invoices)
            )
    return len(numbers)


def _take_away(payments: list[int]) -> None:
    shares = list(Allocation.objects.filter(payment__in=payments))
    settled = [share.settlement_id for share in shares if share.settlement_id]
    held = [share.hold_id for share in shares if share.hold_id]
    Allocation.objects.filter(pk__in=[share.pk for share in shares]).delete()
    Settlement.objects.filter(reverses__in=settled).delete()
    Settlement.objects.filter(pk__in=settled).delete()
    Hold.objects.filter(pk__in=held).delete()
    Payment.objects.filter(pk__in=payments).delete()
