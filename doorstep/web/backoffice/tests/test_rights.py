"""Every page of the back office names the right that it needs, and the server asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from doorstep.organizations import roles

pytestmark = pytest.mark.django_db

OFFICE = "doorstep.web.backoffice.urls"
# Whoever works here has a bell of their own, and sees how the pages are built.
FOR_ALL_MEMBERS = {"notices", "notice", "bell", "notice_settings", "components"}


def views(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    """Every address of the back office's own views."""
    for pattern in get_resolver(OFFICE).url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        elif pattern.callback.__module__.startswith("doorstep.web.backoffice"):
            yield pattern


def address(pattern: URLPattern) -> str:
    path = str(pattern.pattern)
    return path.replace("<int:pk>", "999999").replace("<int:place>", "0")


def test_every_view_names_its_right():
    assert not [
        pattern.name
        for pattern in views()
        if not hasattr(pattern.callback, "rights") and pattern.name not in FOR_ALL_MEMBERS
    ]


def test_every_right_that_is_named_exists():
    named = {right for pattern in views() for right in getattr(pattern.callback, "rights", ())}
    assert named <= set(roles.RIGHTS)


def test_rory_changes_nothing_anywhere(rory: Client):
    answers = {
        pattern.name: rory.post(f"/office/acme/{address(pattern)}").status_code
        for pattern in views()
        if not roles.may(
            roles.READ_ONLY, getattr(pattern.callback, "rights", ("", "papers.view"))[1]
        )
    }
    assert set(answers.values()) <= {403, 404, 405}, answers
    assert answers["contact_new"] == answers["invoice_void"] == answers["payment_new"] == 403


def test_rory_downloads_no_lists(rory: Client):
    for page in ("contacts", "invoices", "payments"):
        assert rory.get(f"/office/acme/{page}/csv/").status_code == 403


def test_ben_does_not_change_the_settings(ben: Client):
    for page in ("profile", "numbering", "payments", "members", "customer-portal"):
        assert ben.get(f"/office/acme/settings/{page}/").status_code == 200, page
        assert ben.post(f"/office/acme/settings/{page}/", {}).status_code == 403, page


def test_greta_finds_nothing(greta: Client):
    for pattern in views():
        page = f"/office/acme/{address(pattern)}"
        assert greta.get(page).status_code == 404, page
        assert greta.post(page).status_code == 404, page
