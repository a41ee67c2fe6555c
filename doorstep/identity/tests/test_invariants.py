"""The promises about sign-in hold, and are noticed when they do not."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from doorstep.contacts.models import Invitation
from doorstep.identity.models import Account, Challenge, FactorReset, Purpose, Session
from doorstep.lib.invariants import Look, check_all
from doorstep.lib.secrets import unseal
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from doorstep.sharing.models import Link
from tests.cast import NOON, PASSWORD, Cast, a_person, an_invoice
from tests.factors import enrol, recovery_codes, sign_in

pytestmark = pytest.mark.django_db


def test_all_hold_after_somebody_set_up_everything(cast: Cast) -> None:
    enrol(sign_in(cast.acme.portal, "wile@coyote.example"), cast.acme.portal)

    assert found() == {}


def found() -> dict[str, set[str]]:
    """{number: what is said of it}, of the promises about sign-in."""
    told: dict[str, set[str]] = {}
    for verdict in check_all(Look(at=NOON), only=["S1", "S2", "S3", "S4", "S5"]):
        for broken in verdict.broken:
            told.setdefault(verdict.number, set()).add(broken.what)
    return told


def a_code(cast: Cast, **changes: object) -> Challenge:
    posed = Challenge.pose(
        Purpose.LINK, 1, target="w@coyote.example", person=cast.wanda.pk, browser="b", at=NOON
    )
    Challenge.objects.filter(pk=posed.pk).update(**changes)
    return posed


def plain_password(cast: Cast) -> None:
    Account.objects.filter(pk=cast.wile.access.account_id).update(password="hunter2")


def plain_app_key(cast: Cast) -> None:
    Authenticator.objects.create(
        user=cast.wile.access.account, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"}
    )


def plain_recovery_codes(cast: Cast) -> None:
    Authenticator.objects.create(
        user=cast.wile.access.account, type="recovery_codes", data={"seed": "x"}
    )


def plain_session(cast: Cast) -> None:
    sign_in(cast.acme.portal, "wile@coyote.example")
    Session.objects.update(data="eyJ9")


def plain_invitation(cast: Cast) -> None:
    person = a_person(cast.coyote, "Nora", "nora@coyote.example", access=False)
    person.invite(by=cast.olivia, at=NOON)
    Invitation.objects.update(sealed_token="planted-secret-in-the-open")


def readable_token(cast: Cast) -> None:
    plain_invitation(cast)
    Invitation.objects.update(sealed_token="", token_hash="planted-secret-in-the-open")


def spent_invitation(cast: Cast) -> None:
    person = a_person(cast.coyote, "Nora", "nora@coyote.example", access=False)
    person.invite(by=cast.olivia, at=NOON)
    Invitation.objects.update(revoked_at=NOON)


def mail_that_left(cast: Cast) -> None:
    person = a_person(cast.coyote, "Nora", "nora@coyote.example", access=False)
    person.invite(by=cast.olivia, at=NOON)
    sweep(lambda: NOON)
    Message.objects.update(state="sent")


def reset(cast: Cast, **said: object) -> None:
    FactorReset.objects.create(
        account=cast.wile.access.account, asked_by="Acme", asked_at=NOON,
        ready_at=NOON + timedelta(1), **said,
    )  # fmt: skip


def late_invitation(cast: Cast) -> None:
    plain_invitation(cast)
    Invitation.objects.update(sealed_token="", accepted_at=NOON + timedelta(15))


def weak_session(cast: Cast) -> None:
    sign_in(cast.acme.portal, "wile@coyote.example")
    Session.objects.update(strength="")


def session_of_nowhere(cast: Cast) -> None:
    sign_in(cast.acme.portal, "wile@coyote.example")
    Session.objects.update(entrance="", seen_at=NOON, created_at=NOON - timedelta(hours=1))


def disabled_and_in(cast: Cast) -> None:
    sign_in(cast.acme.portal, "wile@coyote.example")
    Account.objects.filter(pk=cast.wile.access.account_id).update(is_active=False)


BREAKS: dict[str, tuple[str, Callable[[Cast], object], str]] = {
    "a password": ("S1", plain_password, "accounts whose password is no hash"),
    "the key of an app": ("S1", plain_app_key, "apps whose key is not sealed"),
    "recovery codes": ("S1", plain_recovery_codes, "recovery codes that are not hashes"),
    "a session": ("S1", plain_session, "sessions that can be read"),
    "a planted secret": (
        "S1", plain_invitation, "contacts.Invitation.sealed_token that anybody could read"),
    "a token": ("S1", readable_token, "contacts.Invitation.token_hash that anybody could read"),
    "a spent code": (
        "S1", lambda cast: a_code(cast, replaced_at=NOON), "spent codes that are still readable"),
    "a spent invitation": ("S1", spent_invitation, "spent invitations that can be read"),
    "a mail that has left": ("S1", mail_that_left, "mails that have left and can open"),
    "a code used late": (
        "S2", lambda cast: a_code(cast, used_at=NOON + timedelta(1), tries=1, sealed_code=""),
        "codes used after their end"),
    "an invitation used late": ("S2", late_invitation, "invitations accepted after their end"),
    "a reset done and open": (
        "S2", lambda cast: reset(cast, done=True), "resets that are done and open again"),
    "a reset that did not wait": (
        "S2", lambda cast: reset(cast, done=True, closed_at=NOON), "resets that did not wait"),
    "a try that was not counted": (
        "S3", lambda cast: a_code(cast, used_at=NOON, sealed_code=""), "codes used without a try"),
    "tries beyond the last": (
        "S3", lambda cast: a_code(cast, tries=6), "codes tried too often"),
    "a session proven by nothing": ("S4", weak_session, "sessions of somebody, proven by nothing"),
    "a session that came in nowhere": (
        "S4", session_of_nowhere, "sessions that came in nowhere"),
    "somebody disabled": ("S5", disabled_and_in, "sessions of disabled people"),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKS)
def test_each_that_is_broken_on_purpose_is_reported(name: str, cast: Cast) -> None:
    """S1–S5."""
    number, break_it, said = BREAKS[name]
    assert found() == {}

    break_it(cast)

    assert said in found().get(number, set()), found()


def test_the_command_reports_it_and_fails(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    plain_invitation(cast)
    with pytest.raises(SystemExit) as ended:
        call_command("check_invariants", "--json")

    assert ended.value.code == 1
    assert "contacts.Invitation.sealed_token that anybody could read" in capsys.readouterr().out


def test_s1_no_secret_that_anybody_was_given_is_in_the_database_or_the_log(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """Every secret that these acts give out, looked for in every text of every table."""
    caplog.set_level(logging.DEBUG)
    client = sign_in(cast.acme.portal, "wile@coyote.example")
    key = enrol(client, cast.acme.portal)
    codes = recovery_codes(client, cast.acme.portal)
    nora = a_person(cast.coyote, "Nora", "nora@coyote.example", access=False)
    invited = unseal(nora.invite(by=cast.olivia, at=NOON).sealed_token)
    _handed, copied = Invitation.hand_out(nora, by=cast.olivia, at=NOON)
    _link, shared = Link.share(
        an_invoice(cast.coyote, by=cast.olivia), person=cast.wanda, by=cast.olivia, at=NOON
    )
    asked = a_code(cast)
    Client().get(f"{cast.acme.portal}invitation/{copied}/", follow=True)
    Client().get(f"/s/{shared}", follow=True)
    sweep(lambda: NOON)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    secrets = [PASSWORD, key, *codes, invited, copied, shared, cookie]
    assert len(secrets) > 10
    assert all(len(secret) > 10 for secret in secrets)

    stored = everything_stored()
    assert "nora@coyote.example" in stored
    assert [secret for secret in secrets if secret in stored] == []
    assert f'"{unseal(asked.sealed_code)}"' not in stored
    assert [secret for secret in secrets if secret in caplog.text] == []


def everything_stored() -> str:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        texts = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            texts += [repr(row) for row in cursor.fetchall()]
    return "\n".join(texts)
