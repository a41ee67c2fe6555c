"""T39: a link's token cannot be guessed, is stored as a hash only, and is in no log."""

from __future__ import annotations

import logging
import math
import re
from collections import Counter

import pytest
from django.apps import apps
from django.test import Client

from doorstep.lib import clock
from doorstep.lib.tokens import hash_token, make_token
from doorstep.sharing.models import Link
from tests.cast import NOON, Cast, an_invoice

MANY = 10_000
LEAST_BITS = 128


def test_t39_ten_thousand_tokens_hold_at_least_128_bits_each() -> None:
    """Each place of a token is any of 64 signs, equally often; no two tokens are alike."""
    tokens = [make_token() for _n in range(MANY)]
    lengths = {len(token) for token in tokens}
    assert len(lengths) == 1
    bits = sum(entropy(Counter(token[place] for token in tokens)) for place in range(lengths.pop()))
    assert bits >= LEAST_BITS
    assert len(set(tokens)) == MANY
    assert len({token[:8] for token in tokens}) == MANY


def entropy(counted: Counter[str]) -> float:
    return -sum(n / MANY * math.log2(n / MANY) for n in counted.values())


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("many", [300, pytest.param(MANY, marks=pytest.mark.long)])
def test_t39_links_leave_a_hash_and_nothing_else(
    many: int, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    tokens = [
        Link.share(invoice, person=cast.wanda, by=cast.olivia, at=NOON, channel="copy")[1]
        for _n in range(many)
    ]
    _link, opened = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=clock.now())
    client = Client()
    client.get(client.get(f"/s/{opened}")["Location"])

    hashes = set(Link.objects.values_list("token_hash", flat=True))
    assert hashes == {hash_token(token) for token in (*tokens, opened)}
    lying_about = everything() + caplog.text
    assert not [token for token in (*tokens[:100], opened) if token in lying_about]
    # Each of them would be found: the pieces of all texts are looked through at once.
    assert not set(tokens) & set(split(lying_about))


def everything() -> str:
    return "\n".join(
        repr(row)
        for model in apps.get_models()
        for row in getattr(model, "everything", model._base_manager).values_list()
    )


def split(text: str) -> list[str]:
    """Runs of the signs that tokens are made of."""
    return re.findall(r"[A-Za-z0-9_-]+", text)
