"""A statement gives what its queryset would give, asked as often as you like."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doorstep.contacts.models import PortalAccess
from doorstep.lib.statements import Given, Statement
from doorstep.sales.models import Invoice
from tests.cast import TODAY, Cast, an_invoice

pytestmark = pytest.mark.django_db


def test_models_come_with_what_they_were_selected_with(
    cast: Cast, django_assert_num_queries
) -> None:
    hats = Statement(
        lambda: PortalAccess.objects.filter(
            account=Given("account"), organization=Given("organization")
        ).select_related("contact_person__contact")
    )
    for person in (cast.wile, cast.wanda):
        with django_assert_num_queries(1):
            [hat] = hats.all(
                account=person.actor_account_id, organization=cast.acme.organization.pk
            )
            assert hat.contact_person == person
            assert hat.contact_person.contact.name == "Coyote Ltd"


def test_values_are_converted_and_dates_can_be_given(cast: Cast) -> None:
    for days in (1, 10, 20):
        an_invoice(cast.coyote, by=cast.olivia, due=TODAY - timedelta(days=days))
    late = Statement(
        lambda: (
            Invoice.objects.filter(contact=Given("contact"), due_date__lt=Given("before"))
            .order_by("due_date")
            .values_list("due_date", "balance")
        )
    )
    for days, found in ((0, 3), (5, 2), (30, 0)):
        rows = late.all(contact=cast.coyote.pk, before=TODAY - timedelta(days=days))
        assert len(rows) == found
        assert all(type(day) is date and balance == 10000 for day, balance in rows)


def test_it_says_the_same_sql_as_its_queryset(cast: Cast) -> None:
    build = (
        Invoice.objects.filter(contact=cast.coyote.pk)
        .order_by("pk")
        .values_list("number", flat=True)
    )
    statement = Statement(
        lambda: (
            Invoice.objects.filter(contact=Given("contact"))
            .order_by("pk")
            .values_list("number", flat=True)
        )
    )
    with CaptureQueriesContext(connection) as said:
        plain, prepared = list(build), statement.all(contact=cast.coyote.pk)
    assert plain == prepared
    texts = [one["sql"].replace("(", "").replace(")", "") for one in said]
    assert texts[0] == texts[1]
