"""Changes of settings as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from doorstep.activity.models import Event
from doorstep.lib.words import moment
from doorstep.web.backoffice.forms.preferences import SETTINGS
from doorstep.web.backoffice.settings_rows import in_words, label_of


@dataclass(frozen=True, slots=True)
class Change:
    """One setting, once: who, when, from what to what."""

    event: int
    setting: str
    label: str
    who: str
    at: str
    before: str
    after: str


def changes_in(events: Iterable[Event], *, time_zone: str, only: str = "") -> list[Change]:
    """Newest first, as the events are; an event may hold several."""
    locale = get_language() or "en"
    return [
        Change(
            event=event.pk,
            setting=name,
            label=label_of(name),
            who=event.actor_name,
            at=moment(event.at, locale, time_zone),
            before=in_words(name, before),
            after=in_words(name, after),
        )
        for event in events
        for name, (before, after) in event.data["changes"].items()
        if name in SETTINGS and only in ("", name)
    ]
