"""Promises about tenants."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import F, ForeignKey, Model, Q

from doorstep.lib.invariants import Broken, Look, invariant
from doorstep.organizations.models import Organization, SignInProvider


@invariant
def d1_rows_point_inside_their_tenant(look: Look) -> Iterator[Broken]:
    """Every row's organisation is that of each row it points to: found by looking at all foreign keys."""
    for model in apps.get_models():
        mine = tenant_of(model)
        if mine is None or model._meta.proxy:
            continue
        for key in model._meta.concrete_fields:
            theirs = tenant_of(key.related_model) if isinstance(key, ForeignKey) else None
            if theirs is None or key.related_model is Organization:
                continue
            same = Q(**{f"{key.name}__{theirs}": F(mine)})
            strays = model._base_manager.filter(~same, **{f"{key.name}__isnull": False})
            yield from Broken.rows_of(f"{model._meta.label}.{key.name} of another tenant", strays)


@invariant
def s1_secrets_of_providers_are_sealed(look: Look) -> Iterator[Broken]:
    """What identity providers gave us to prove who we are."""
    open_ones = SignInProvider.objects.exclude(sealed_secret__startswith="gAAAA")
    yield from Broken.rows_of("providers whose secret is not sealed", open_ones)


def tenant_of(model: type[Model] | str | None) -> str | None:
    """The name of the column that says whose row it is; None for what belongs to nobody."""
    if isinstance(model, str) or model is None:
        return None
    if model is Organization:
        return "pk"
    for field in model._meta.concrete_fields:
        if field.name == "organization":
            return "organization"
    return None
