"""The frames of pages, without any page in them."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

NAV = [{"url": f"/{number}", "label": f"Page {number}", "icon": "house"} for number in range(7)]
ERROR_PAGES = [
    "400.html",
    "403.html",
    "403_csrf.html",
    "404.html",
    "503.html",
    "ui/wrong_host.html",
    "ui/refused.html",
]


@pytest.fixture
def request_of_acme(rf: RequestFactory) -> Any:
    request: Any = rf.get("/")
    request.organization = SimpleNamespace(name="Acme Wholesale", brand_color="#1D4ED8")
    return request


def frame(name: str, request: HttpRequest, **context: object) -> str:
    return render_to_string(f"ui/{name}.html", {"request": request, **context})


@pytest.mark.parametrize("page", ERROR_PAGES)
def test_error_pages_need_nothing_but_the_request(page: str, rf: RequestFactory) -> None:
    assert "<h1>" in render_to_string(page, {"request": rf.get("/"), "words": "No."})


def test_the_page_of_a_failure_needs_nothing_at_all() -> None:
    assert "Something went wrong here" in render_to_string("500.html")


def test_the_organisation_brings_its_colour(request_of_acme: Any) -> None:
    assert '<link rel="stylesheet" href="/brand/1d4ed8.css">' in frame("portal", request_of_acme)


def test_the_default_colour_costs_no_request(request_of_acme: Any) -> None:
    request_of_acme.organization.brand_color = "#0f5c43"
    assert "/brand/" not in frame("portal", request_of_acme)


def test_a_phone_shows_five_pages_or_four_and_more(request_of_acme: Any) -> None:
    def tabs(count: int) -> str:
        return frame("portal", request_of_acme, nav=NAV[:count]).partition('class="tabs"')[2]

    assert "More" not in tabs(5)
    assert "More" in tabs(7)
    assert tabs(7).partition("More")[2].count("<a ") == 3


def test_settings_pages_show_the_menu_of_settings(request_of_acme: Any) -> None:
    groups = [
        {"label": "Connected", "items": [{"url": "/x", "label": "Integrations", "current": True}]}
    ]
    drawn = frame("office", request_of_acme, nav=NAV, settings_nav=groups, unread=3)
    assert '<a href="/x" aria-current="page"><span>Integrations</span></a>' in drawn


def test_a_viewing_member_is_told_so(request_of_acme: Any) -> None:
    person = {"name": "Wanda Reyes"}
    assert "You see what Wanda Reyes sees" in frame(
        "portal", request_of_acme, person=person, viewing=True
    )


def test_demo_and_plain_http_are_said_in_one_band(request_of_acme: Any, rf: RequestFactory) -> None:
    request_of_acme.organization.is_demo = True
    drawn = frame("portal", request_of_acme)
    assert drawn.count('class="band warn') == 1
    assert "play money" in drawn
    assert "not for production" in drawn
    secure: Any = rf.get("/", secure=True)
    assert "not for production" not in frame("portal", secure)


def test_from_right_to_left(request_of_acme: Any) -> None:
    with translation.override("ar"):
        assert '<html lang="ar" dir="rtl">' in frame("portal", request_of_acme)
