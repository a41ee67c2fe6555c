"""The style sheet with the organisation's colour."""

import pytest
from django.test import Client

pytestmark = pytest.mark.urls("doorstep.web.ui.tests.urls")


def test_anybody_may_keep_it_for_ever(client: Client) -> None:
    answer = client.get("/brand/1d4ed8.css")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "--brand:light-dark(#1d4ed8," in answer.text


@pytest.mark.parametrize("color", ["green", "1d4ed", "1d4ed88", "1d4ed8;}*"])
def test_what_is_no_colour_is_not_there(client: Client, color: str) -> None:
    assert client.get(f"/brand/{color}.css").status_code == 404
