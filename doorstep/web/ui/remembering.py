"""`{% remember … %}`: parts of a page that are the same on every page for the same few values.

    {% remember person.name nav organization.name %} …the menu… {% endremember %}

The block is drawn once for each combination of these values, the reader's language and the mounted prefix, and kept
in the process. It may show nothing else than what is listed; a form's token is put in afresh each time.
"""

from __future__ import annotations

from collections.abc import Hashable
from itertools import count
from typing import Any

from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MOST = 1_000  # blocks kept in a process, a few kB each
_TOKEN = "a-token-is-put-in-here"
_kept: dict[Hashable, SafeString] = {}
_places = count()


def remember(parser: Parser, token: Token) -> Remembered:
    names = token.split_contents()[1:]
    if not names:
        raise TemplateSyntaxError("{% remember %} needs the values that its block shows.")
    values = [parser.compile_filter(name) for name in names]
    nodes = parser.parse(("endremember",))
    parser.delete_first_token()
    return Remembered(next(_places), values, nodes)


class Remembered(Node):
    child_nodelists = ("nodelist",)

    def __init__(self, place: int, values: list[FilterExpression], nodelist: NodeList) -> None:
        self.place, self.values, self.nodelist = place, values, nodelist

    def render(self, context: Context) -> SafeString:
        key = (
            self.place,
            get_language(),
            get_script_prefix(),
            *[plain(value.resolve(context, ignore_failures=True)) for value in self.values],
        )
        drawn = _kept.get(key)
        if drawn is None:
            drawn = self._draw(context)
            if len(_kept) >= MOST:
                _kept.clear()
            _kept[key] = drawn
        if _TOKEN in drawn:
            return SafeString(drawn.replace(_TOKEN, str(context.get("csrf_token", ""))))
        return drawn

    def _draw(self, context: Context) -> SafeString:
        with context.push(csrf_token=_TOKEN):
            return SafeString(self.nodelist.render(context))


def plain(value: Any) -> Hashable:
    """The value as part of a key. Objects are refused: they may change and stay equal."""
    match value:
        case None | bool() | int():
            return value
        case str():
            # Equal in Python, yet not on a page: one of the two is escaped.
            return ("safe", str(value)) if hasattr(value, "__html__") else value
        case dict():
            return tuple((name, plain(each)) for name, each in value.items())
        case list() | tuple():
            return tuple(plain(each) for each in value)
    raise TypeError(f"{{% remember %}} takes plain values, not {type(value).__name__}.")
