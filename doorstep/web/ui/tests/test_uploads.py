"""A body that is larger than any form of ours is cut off (T68)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from doorstep.web.ui import uploads
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_body_that_says_it_is_too_large_is_refused(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_IN_A_REQUEST", 10_000)
    large = SimpleUploadedFile("large.txt", b"x" * 20_000)
    answer = signed_in(cast.wile).post("/portal/acme/documents/", {"sent": [large]})
    assert answer.status_code in (400, 413)


def test_a_body_that_does_not_say_so_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_IN_A_REQUEST", 10_000)
    bounded = uploads.Bounded()
    bounded.handle_raw_input(None, {}, 0, b"")
    bounded.receive_data_chunk(b"x" * 10_000, 0)
    with pytest.raises(uploads.RequestDataTooBig):
        bounded.receive_data_chunk(b"x", 10_000)
