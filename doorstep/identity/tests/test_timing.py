"""T03: by the time of the answer nobody learns whether an address is known. `pytest -m bench -n0 -s` measures it.

The form for a code at a public link takes no address: it offers those on file, masked, to whoever has the link.
"""

from __future__ import annotations

import gc
import random
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from doorstep.identity import guards
from doorstep.identity.models import Account
from doorstep.lib import clock
from tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]
SAMPLES, WARM_UP, RUNS, MOST = 500, 20, 3, 0.60
SCRYPT = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]

type Knock = Callable[[str], None]


def auc(known: list[float], unknown: list[float]) -> float:
    """How often a slower answer means a known address; 0.5 is no better than a coin."""
    ordered = sorted(unknown)
    wins = sum(bisect_left(ordered, k) + bisect_right(ordered, k) for k in known) / 2
    share = wins / (len(known) * len(unknown))
    return max(share, 1 - share)


def measure(knock: Knock, samples: int) -> float:
    """Interleaved, in an order that nobody foresees, each address of a pair as long as the other."""
    times: dict[str, list[float]] = {"wile1": [], "nobod": []}
    order = random.Random(3)
    gc.collect()
    gc.disable()
    try:
        for n in range(samples + WARM_UP):
            for who in order.sample(sorted(times), 2):
                start = time.perf_counter()
                knock(f"{who}@coyote.example")
                if n >= WARM_UP:
                    times[who].append(time.perf_counter() - start)
    finally:
        gc.enable()
    return auc(times["wile1"], times["nobod"])


def majority(name: str, knock: Knock, *, runs: int = RUNS) -> None:
    """Of three runs at least two are no better than 0.60."""
    worth = sorted(measure(knock, SAMPLES) for _run in range(runs))
    print(f"\n  T03 {name}: AUC " + ", ".join(f"{one:.3f}" for one in worth), end="")
    assert worth[runs // 2] <= MOST, worth


@pytest.fixture
def door(cast: Cast, settings, monkeypatch) -> str:
    """As in production: the outbox writes, nothing is counted out, mail is kept."""
    settings.MAILERS = {"default": {"BACKEND": "doorstep.notifications.backend.OutboxBackend"}}
    for rule in ("WRONG_PASSWORDS", "SIGN_INS_FROM", "MAILS_TO", "MAILS_FROM"):
        monkeypatch.setattr(guards, rule, guards.Rule(rule, most=10**6, per=timedelta(days=1)))
    account = cast.wile.access.account
    account.email = "wile1@coyote.example"
    account.save()
    return cast.acme.portal


def post(url: str, **fields: str) -> Knock:
    """One browser that is new each time; `%s` stands for the address."""

    def knock(email: str) -> None:
        answer = Client().post(
            url, {name: said.replace("%s", email) for name, said in fields.items()}
        )
        assert answer.status_code in (200, 302), answer.status_code

    return knock


@pytest.mark.parametrize("hashers", [SCRYPT, QUICK], ids=["scrypt", "quick"])
@pytest.mark.parametrize("kind", ["password", "no password"])
def test_t03_sign_in(door: str, settings, hashers: list[str], kind: str) -> None:
    settings.PASSWORD_HASHERS = hashers
    account = Account.objects.get(email="wile1@coyote.example")
    account.set_password(PASSWORD if kind == "password" else None)
    account.save()

    majority(
        f"sign-in, {kind}, {hashers[0].rsplit('.', 1)[1]}",
        post(f"{door}sign-in/", login="%s", password="wrong"),
        # One hash of production takes a quarter of a second.
        runs=1 if hashers == SCRYPT else RUNS,
    )


def test_t03_forgotten(door: str) -> None:
    majority("forgotten password", post(f"{door}password/forgotten/", email="%s"))


def test_t03_code(door: str) -> None:
    majority("code request", post(f"{door}sign-in/code/", email="%s"))


def test_t03_address_change(door: str, cast: Cast) -> None:
    """Wanda asks for an address that somebody has, and for one that nobody has."""
    from tests.factors import sign_in

    client = sign_in(door, "wanda@coyote.example")

    def knock(email: str) -> None:
        assert client.post(f"{door}security/address/", {"email": email}).status_code == 302

    majority("change of address", knock)


def test_t03_sign_up(cast: Cast, monkeypatch) -> None:
    """From a public link: somebody on file, and somebody who is not."""
    from doorstep.sharing.models import Link
    from doorstep.web.public.views import sign_up
    from tests.cast import a_person, an_invoice

    for rule in ("FROM_ONE_PEER", "CODES_PER_ADDRESS"):
        often = guards.Rule(rule, most=10**6, per=timedelta(days=1))
        monkeypatch.setattr(sign_up, rule, often)
    a_person(cast.coyote, "Wile E.", "wile1@coyote.example", access=False)
    invoice = an_invoice(cast.coyote, by=cast.olivia, at=clock.now())
    token = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=clock.now())[1]
    client = Client()
    page = client.get(f"/s/{token}")["Location"]

    def knock(email: str) -> None:
        assert client.post(f"{page}account/", {"email": email}).status_code == 200

    majority("sign-up from a link", knock)
