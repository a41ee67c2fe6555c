"""Promises about sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db.models import F, Q

from doorstep.identity.models import (
    Account,
    AddressChange,
    Challenge,
    FactorReset,
    Session,
    Strength,
)
from doorstep.identity.models.challenge import TRIES
from doorstep.lib.invariants import Broken, Look, invariant

# What every sealed text begins with: the version of its format.
SEALED = "gAAAA"
HASH = "^[0-9a-f]{64}$"
HASHES = {"token_hash", "key_hash", "code_hash"}
NOTED_BY_THEN = timedelta(minutes=2)


@invariant
def s1_nothing_that_opens_something_lies_open(look: Look) -> Iterator[Broken]:
    """Passwords and codes are hashes; keys and session data are sealed, spent codes are wiped."""
    hashed = Q(password__contains="$") | Q(password__startswith="!")
    plain = Account.objects.exclude(hashed)
    yield from Broken.rows_of("accounts whose password is no hash", plain)
    factors = Authenticator.objects.all()
    unsealed = factors.filter(type="totp").exclude(data__secret__startswith=SEALED)
    yield from Broken.rows_of("apps whose key is not sealed", unsealed)
    seeds = factors.filter(type="recovery_codes", data__has_any_keys=["seed", "migrated_codes"])
    yield from Broken.rows_of("recovery codes that are not hashes", seeds)
    yield from Broken.rows_of(
        "sessions that can be read", Session.objects.exclude(data__startswith=SEALED)
    )
    spent = Challenge.objects.exclude(sealed_code="").filter(
        ~Q(used_at=None) | ~Q(replaced_at=None)
    )
    yield from Broken.rows_of("spent codes that are still readable", spent)


@invariant
def s1_what_is_called_sealed_or_hashed_is(look: Look) -> Iterator[Broken]:
    """Every column named so, of every table: found by looking at all of them, tomorrow's too."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            name, where = field.name, f"{model._meta.label}.{field.name}"
            right = {"startswith": SEALED} if name.startswith("sealed_") else {"regex": HASH}
            if model._meta.proxy or not (name.startswith("sealed_") or name in HASHES):
                continue
            plain = model._base_manager.exclude(**{name: ""})
            plain = plain.exclude(**{f"{name}__{how}": what for how, what in right.items()})
            yield from Broken.rows_of(f"{where} that anybody could read", plain)


@invariant
def s2_what_was_used_stays_used(look: Look) -> Iterator[Broken]:
    """A code was used in its time; a reset that is done is closed."""
    late = Challenge.objects.filter(used_at__gt=F("expires_at"))
    yield from Broken.rows_of("codes used after their end", late)
    taken_back = AddressChange.objects.filter(taken_back_at__isnull=False)
    readable = taken_back.exclude(sealed_token="")
    yield from Broken.rows_of("changes of address taken back and readable still", readable)
    reopened = FactorReset.objects.filter(done=True, closed_at=None)
    yield from Broken.rows_of("resets that are done and open again", reopened)
    early = FactorReset.objects.filter(done=True, closed_at__lt=F("ready_at"))
    yield from Broken.rows_of("resets that did not wait", early)


@invariant
def s3_every_try_was_counted(look: Look) -> Iterator[Broken]:
    """No code was used without its try, none tried more often than it may be."""
    uncounted = Challenge.objects.filter(~Q(used_at=None), tries=0)
    yield from Broken.rows_of("codes used without a try", uncounted)
    yield from Broken.rows_of("codes tried too often", Challenge.objects.filter(tries__gt=TRIES))


@invariant
def s4_a_session_says_who_where_and_how_strongly(look: Look) -> Iterator[Broken]:
    """Account, door, time and strength stand on every session of somebody."""
    weak = Session.objects.filter(account__isnull=False, strength=Strength.NONE)
    yield from Broken.rows_of("sessions of somebody, proven by nothing", weak)
    nobody = Session.objects.filter(account=None).exclude(strength=Strength.NONE)
    yield from Broken.rows_of("sessions of nobody, proven", nobody)
    lost = Session.objects.filter(
        account__isnull=False, entrance="", seen_at__gt=F("created_at") + NOTED_BY_THEN
    )
    yield from Broken.rows_of("sessions that came in nowhere", lost)


@invariant
def s5_nobody_who_is_disabled_is_signed_in(look: Look) -> Iterator[Broken]:
    """Whoever is disabled has no live session; whoever closed their account is nobody any more."""
    named = Account.objects.filter(closed_at__isnull=False).exclude(
        is_active=False, name=Account.CLOSED, email__endswith="@account.invalid"
    )
    yield from Broken.rows_of("closed accounts that are somebody's still", named)
    disabled = Session.objects.filter(account__is_active=False)
    yield from Broken.rows_of("sessions of disabled people", disabled)
