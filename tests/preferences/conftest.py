"""It is noon of 20 November 2026 for everybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from doorstep.lib.clock import shifted_to
from tests.cast import NOON


@pytest.fixture
def noon() -> Iterator[None]:
    with shifted_to(NOON):
        yield
