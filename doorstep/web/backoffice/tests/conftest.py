"""Clients of the people who work at Acme, and of the stranger."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from doorstep.organizations.models import Member
from tests.cast import NOON, Cast, an_account
from tests.factors import proven


@pytest.fixture
def olivia(cast: Cast, signed_in: Callable[..., Client]) -> Client:
    """The owner's browser; she has given her password a moment ago."""
    return proven(signed_in(cast.olivia))


@pytest.fixture
def ben(cast: Cast, signed_in: Callable[..., Client]) -> Client:
    """The bookkeeper's browser."""
    return signed_in(cast.ben)


@pytest.fixture
def rory(cast: Cast, signed_in: Callable[..., Client]) -> Client:
    """The browser of somebody who may only read."""
    account = an_account("rory@acme.example", "Rory Reader")
    member = Member.add(cast.acme.organization, account, "readonly", by=cast.olivia, at=NOON)
    return signed_in(member)


@pytest.fixture
def greta(cast: Cast, signed_in: Callable[..., Client]) -> Client:
    """The stranger's browser: she owns Globex and has no business at Acme."""
    return signed_in(cast.greta)
