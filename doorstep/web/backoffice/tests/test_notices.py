"""The bell."""

from __future__ import annotations

import pytest

from doorstep.lib import clock
from doorstep.notifications.models import Notice
from doorstep.notifications.sweep import sweep
from tests.cast import NOON, Cast, an_invoice

pytestmark = pytest.mark.django_db
BELL = "/office/acme/notices/bell/"


def wanda_looks(cast: Cast) -> int:
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    invoice.view(by=cast.wanda, at=NOON)
    sweep(clock.now)
    return invoice.pk


def test_the_bell_says_nothing_new_without_a_body(cast: Cast, signed_in):
    olivia = signed_in(cast.olivia)
    wanda_looks(cast)
    first = olivia.get(BELL)
    assert b"1 new notice" in first.content

    again = olivia.get(BELL, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    wanda_looks(cast)
    later = olivia.get(BELL, headers={"If-None-Match": first["ETag"]})
    assert b"2 new notices" in later.content


def test_the_bell_costs_one_look_up_beside_knowing_who_asks(
    cast: Cast, signed_in, django_assert_max_num_queries
):
    olivia = signed_in(cast.olivia)
    wanda_looks(cast)
    olivia.get(BELL)
    with django_assert_max_num_queries(5) as counted:
        olivia.get(BELL)

    assert sum("notifications_notice" in query["sql"] for query in counted.captured_queries) == 1


def test_opening_a_notice_reads_it_and_leads_to_what_it_is_about(cast: Cast, signed_in):
    olivia, invoice = signed_in(cast.olivia), wanda_looks(cast)
    notice = Notice.objects.get(member=cast.olivia)
    page = olivia.get("/office/acme/notices/").content.decode()
    assert "Coyote Ltd: Wanda Reyes opened INV-000001" in page
    olivia.get(f"/office/acme/notices/{notice.pk}/")
    assert Notice.unread_count(cast.olivia) == 1

    answer = olivia.post(f"/office/acme/notices/{notice.pk}/")

    assert answer["Location"] == f"/office/acme/invoices/{invoice}/"
    assert Notice.unread_count(cast.olivia) == 0


def test_a_member_reads_only_their_own_bell(cast: Cast, signed_in):
    wanda_looks(cast)
    notice = Notice.objects.get(member=cast.olivia)
    signed_in(cast.ben).post(f"/office/acme/notices/{notice.pk}/")
    signed_in(cast.greta).post(f"/office/globex/notices/{notice.pk}/")

    assert Notice.unread_count(cast.olivia) == 1


def test_an_empty_bell_says_what_will_appear(cast: Cast, signed_in):
    page = signed_in(cast.olivia).get("/office/acme/notices/").content.decode()

    assert "Nothing yet" in page
