"""Several counts in one statement."""

from __future__ import annotations

import pytest

from doorstep.contacts.models import ContactPerson
from doorstep.identity.models import Session
from doorstep.lib.counts import count_together
from tests.cast import NOON, Cast

pytestmark = pytest.mark.django_db


def test_each_is_counted_by_itself_in_one_query(cast: Cast, django_assert_num_queries):
    acme, globex = cast.acme.organization, cast.globex.organization
    with django_assert_num_queries(1):
        counts = count_together(
            acme=ContactPerson.of(acme),
            globex=ContactPerson.of(globex),
            nobody=ContactPerson.of(acme).none(),
        )

    assert counts == {"acme": 3, "globex": 0, "nobody": 0}


def test_what_is_cut_is_counted_no_further(cast: Cast):
    people = ContactPerson.of(cast.acme.organization)

    assert count_together(some=people[:2]) == {"some": 2}


def test_the_same_person_is_counted_once(cast: Cast, signed_in):
    for _browser in range(2):
        signed_in(cast.wile).get("/portal/acme/")
    signed_in(cast.wanda).get("/portal/acme/")
    people = Session.people_in_portal_of(cast.acme.organization.pk, at=NOON)

    assert count_together(people=people)["people"] == people.count()


def test_nothing_to_count_asks_nothing(db: None, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert count_together() == {}
