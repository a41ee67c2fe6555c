"""Olivia with her export files."""

from __future__ import annotations

import pytest

from doorstep.imports.tests.samples import Desk
from tests.cast import Cast


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast.acme.organization, cast.olivia)
