"""Counts and sums: of the files, and of the organisation afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Sum

from doorstep.contacts.models import Contact
from doorstep.documents.kinds import State
from doorstep.documents.models import Line
from doorstep.organizations.models import Organization
from doorstep.payments.models import Payment
from doorstep.sales.models import Invoice


def organization_now(organization: Organization, *, at: datetime) -> dict[str, Any]:
    """What the organisation has; sums in minor units by currency."""
    invoices = Invoice.of(organization)
    payments = Payment.of(organization).succeeded()
    contacts = Contact.objects.filter(organization=organization)
    states = dict(invoices.order_by().values_list("state").annotate(n=Count("pk")))
    return {
        "customers": contacts.customers().count(),
        "vendors": contacts.vendors().count(),
        "invoices": sum(states.values()),
        "states": {state: states[state] for state in State.values if state in states},
        "lines": Line.objects.filter(organization=organization, document__curtain=None).count(),
        "overdue": invoices.overdue(on=organization.today(at)).count(),
        "payments": payments.count(),
        "received": _by_currency(payments, "amount"),
        "credit": _by_currency(payments.filter(unallocated__gt=0), "unallocated"),
        "outstanding": _by_currency(invoices.open(), "balance"),
    }


def _by_currency(rows: Any, field: str) -> dict[str, int]:
    return dict(
        rows.order_by().values_list("currency").annotate(sum=Sum(field)).order_by("currency")
    )
