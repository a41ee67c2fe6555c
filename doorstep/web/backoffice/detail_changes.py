"""Changes of details as lines: which field, from what, to what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from doorstep.contacts.models import Contact, ContactPerson, DetailWish
from doorstep.lib.words import moment


def wishes_in(wishes: Iterable[DetailWish], contact: Contact) -> list[dict[str, Any]]:
    return [
        {
            "pk": wish.pk,
            "label": _label(Contact, wish.field),
            "before": wish.before,
            "after": wish.after,
            "who": wish.asked_by_name,
            "when": _when(wish.asked_at, contact),
        }
        for wish in wishes
    ]


def changes_in(events: Iterable[Any], contact: Contact) -> list[dict[str, Any]]:
    """`events` as rows; what people changed of themselves cannot be undone here."""
    return [
        {
            "pk": event.pk,
            "who": event.actor_name,
            "when": _when(event.at, contact),
            "lines": [
                {"label": _label(_model(event), name), "before": before, "after": after}
                for name, (before, after) in event.data.get("changes", {}).items()
            ],
            "may_undo": event.subject_kind == Contact.subject_kind,
        }
        for event in events
    ]


def _model(event: Any) -> type[Model]:
    return Contact if event.subject_kind == Contact.subject_kind else ContactPerson


def _label(model: type[Model], name: str) -> str:
    which, _underscore, part = name.partition("_")
    label = str(getattr(model._meta.get_field(name), "verbose_name", name))
    if which == "billing" and part:
        return _("Billing address, %(part)s") % {"part": label}
    if which == "shipping" and part:
        return _("Shipping address, %(part)s") % {"part": label}
    return label


def _when(instant: Any, contact: Contact) -> str:
    return moment(instant, get_language() or "en", contact.organization.time_zone)
