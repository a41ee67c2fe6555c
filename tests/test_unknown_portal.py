"""An address that belongs to nobody answers in the language of the browser."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("said", "language"), [("de-AT,de;q=0.9", "de"), ("en-US", "en"), ("", "en"), ("xx", "en")]
)
@pytest.mark.parametrize("path", ["/portal/nobody/", "/office/nobody/", "/nowhere/"])
def test_nothing_is_said_in_the_language_of_the_browser(path: str, said: str, language: str):
    answer = Client().get(path, headers={"Accept-Language": said})

    assert answer.status_code == 404
    assert f'lang="{language}"' in answer.content.decode()
    assert "Accept-Language" in answer.headers["Vary"]
