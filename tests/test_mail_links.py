"""Every address that mails point to exists in its face."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

POINTED_TO = [
    ("portal", "home", []),
    ("portal", "invoice", ["INV-000123"]),
    ("portal", "invoices", []),
    ("portal", "payment", ["PAY-000098"]),
    ("portal", "invitation", ["token"]),
    ("office", "payment", [7]),
]


@pytest.mark.parametrize(("face", "view", "args"), POINTED_TO)
def test_a_mail_points_to_a_page_that_is_there(face: str, view: str, args: list[object]):
    address = import_string(settings.LINKS)(face, "acme", view, *args)

    assert address.startswith(f"{settings.BASE_URL}/{face}/acme/")


def test_somebody_with_several_hats_arrives_with_the_right_one():
    address = import_string(settings.LINKS)("portal", "acme", "invoice", "INV-1", hat="/as/7")

    assert address == f"{settings.BASE_URL}/portal/acme/as/7/invoices/INV-1/"
