"""What page templates say; the tags are there without `{% load %}`.

{% icon "receipt" %}          a lucide icon, hidden from screen readers; class="flips" turns it round where people write
                              from right to left
{% badge "overdue" words %}   a state with tone and icon; BADGES lists the kinds
{% field form.email %}        label, help, input and errors of one field; class="half|third|two-thirds" for several
                              beside each other inside of .fields; optional=True says so beside the label
{% errors form %}             the summary above a form, each error linked to its field; nothing when there is none
{% initials "Wanda Reyes" %}  WR in a round avatar; tone="warn", size="small|large|square"
{{ values|parts }}            those that are not empty, joined by a middle dot
{% brand_sheet %}             the style sheet with the organisation's colour; base.html alone needs it
{% place rows %}              puts ready rows into its block (see web/ui/placing.py)
{% remember nav person %}     draws its block once for these values (see web/ui/remembering.py)
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.forms import BoundField, Form
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, PasswordInput, RadioSelect
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from doorstep.web.ui.brand import DEFAULT_COLOR
from doorstep.web.ui.placing import place
from doorstep.web.ui.remembering import remember

register = template.Library()
NOTHING = SafeString()
register.tag(remember)
register.tag(place)


@register.simple_tag
def icon(name: str, **attributes: str) -> SafeString:
    """The lucide icon of that name. Unknown names raise: a page without its icon is a mistake."""
    return draw_icon(name, attributes.get("class", ""))


@lru_cache(maxsize=512)
def draw_icon(name: str, extra: str = "") -> SafeString:
    drawn = lucide(name, size=None)
    shapes = re.sub(r"\s*\n\s*|\s+(?=/>)", "", drawn[drawn.index(">") + 1 : drawn.rindex("</svg>")])
    css = f"icon {extra}".strip()
    # Size and stroke come from the style sheet; width and height only keep the shape without one.
    return mark_safe(  # noqa: S308 - the library's own drawings
        f'<svg class="{css}" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">{shapes}</svg>'
    )


class Look(NamedTuple):
    """How a kind of badge looks: tone word of the style sheet and icon, if any."""

    tone: str
    icon: str = ""


BADGES = {
    "overdue": Look("bad", "circle-alert"),
    "refused": Look("bad", "circle-alert"),
    "failed": Look("bad", "circle-alert"),
    "progress": Look("wait", "clock"),
    "invited": Look("wait", "mail"),
    "answer": Look("warn", "circle-question-mark"),
    "locked": Look("warn", "lock"),
    "paid": Look("good", "check"),
    "active": Look("good", "check"),
    "changed": Look("good"),
    "settled": Look("quiet", "check"),
    "due": Look("plain"),
    "new": Look("plain"),
    "draft": Look("plain", "pencil"),
    "void": Look("plain", "ban"),
    "plain": Look("plain"),
}


@register.simple_tag
def badge(kind: str, text: object) -> SafeString:
    """A state in words on its tone. An unknown kind is shown plainly."""
    return draw_badge(kind, text if isinstance(text, SafeString) else str(text))


@lru_cache(maxsize=2048, typed=True)
def draw_badge(kind: str, text: str) -> SafeString:
    look = BADGES.get(kind, BADGES["plain"])
    drawn = draw_icon(look.icon) if look.icon else ""
    return format_html('<span class="badge {}">{}{}</span>', look.tone, drawn, text)


def hint(words: str, extra: str = "") -> SafeString:
    """A small line below; nothing where there are no words. A `long` one takes the whole width of a phone."""
    if not words:
        return NOTHING
    return format_html('<span class="hint {}">{}</span>', extra, words)


@register.simple_tag
def initials(name: str, tone: str = "good", size: str = "") -> SafeString:
    """A round avatar with one or two letters; the name stands beside it in words."""
    return format_html(
        '<span class="avatar {} {}" aria-hidden="true">{}</span>', tone, size, letters(name)
    )


@register.filter
def letters(name: str) -> str:
    """WR for Wanda Reyes, Co for a single word such as Coyote."""
    words = [word for word in str(name).split() if word[0].isalnum()]
    if len(words) > 1:
        return (words[0][0] + words[-1][0]).upper()
    return words[0][:2].title() if words else "?"


@register.filter
def parts(values: Any) -> str:
    return " · ".join(str(value) for value in values if value)


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, optional: bool = False, **attributes: str) -> dict[str, object]:
    """One form field with everything that belongs to it; help and errors are tied to the input."""
    widget = bound.field.widget
    return {
        "field": bound,
        "optional": optional,
        "class": attributes.get("class", ""),
        "is_check": isinstance(widget, CheckboxInput),
        "is_group": isinstance(widget, (RadioSelect, CheckboxSelectMultiple)),
        "is_password": isinstance(widget, PasswordInput),
    }


@register.inclusion_tag("ui/_errors.html")
def errors(form: Form, focus: bool = True) -> dict[str, object]:
    """Where the reader is put after a form came back, unless `focus` is off."""
    return {
        "form": form,
        "focus": focus,
        "wrong": [bound for bound in form if form.is_bound and bound.errors],
    }


@register.simple_tag(takes_context=True)
def brand_sheet(context: template.Context) -> SafeString:
    """Link to the organisation's colours. The default colour is in the main sheet and needs no request."""
    organization = getattr(context.get("request"), "organization", None)
    color = getattr(organization, "brand_color", DEFAULT_COLOR).lower()
    if color == DEFAULT_COLOR:
        return SafeString()
    try:
        address = reverse("brand", args=[color.removeprefix("#")])
    except NoReverseMatch:
        return SafeString()
    return format_html('<link rel="stylesheet" href="{}">', address)
