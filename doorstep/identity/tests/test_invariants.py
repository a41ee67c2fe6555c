"""The promises about sign-in hold, and are noticed when they do not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator

from doorstep.identity.models import Account, FactorReset, Session
from doorstep.lib.invariants import Look, check_all
from tests.cast import NOON, Cast
from tests.factors import enrol, sign_in

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    return {
        v.number.upper()
        for v in check_all(Look(at=NOON))
        if v.broken and v.number.upper()[0] == "S"
    }


def test_all_hold_after_somebody_set_up_everything(cast: Cast) -> None:
    enrol(sign_in(cast.acme.portal, "wile@coyote.example"), cast.acme.portal)

    assert broken() == set()


def test_each_is_noticed(cast: Cast) -> None:
    account = cast.wile.access.account
    sign_in(cast.acme.portal, "wile@coyote.example")

    Authenticator.objects.create(user=account, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    assert broken() == {"S1"}
    FactorReset.objects.create(
        account=account, asked_by="Acme", asked_at=NOON, ready_at=NOON + timedelta(1), done=True
    )
    assert broken() == {"S1", "S2"}
    Session.objects.update(strength="")
    assert broken() == {"S1", "S2", "S4"}
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert broken() == {"S1", "S2", "S4", "S5"}
