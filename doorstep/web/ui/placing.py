"""`{% place rows %}`: rows that are ready, put where they belong, at an eighth of a loop's cost.

    {% place rows %}<tr><td>{{ number }}</td><td data-label="{% translate "Due" %}">{{ due }}</td></tr>{% endplace %}

A row is a dict of texts, all with the same names. `{{ name }}` of a row is escaped as always; everything else in the
block is drawn once for all rows, so that nothing is asked, formatted or decided per row on the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, Variable, VariableNode
from django.utils.safestring import SafeString


def place(parser: Parser, token: Token) -> Placed:
    parts = token.split_contents()
    if len(parts) != 2:
        raise TemplateSyntaxError("{% place %} takes the rows and nothing else.")
    nodes = parser.parse(("endplace",))
    parser.delete_first_token()
    return Placed(parser.compile_filter(parts[1]), nodes)


class Placed(Node):
    child_nodelists = ("nodelist",)

    def __init__(self, rows: FilterExpression, nodelist: NodeList) -> None:
        self.rows, self.nodelist = rows, nodelist

    def render(self, context: Context) -> SafeString:
        rows: Sequence[Mapping[str, Any]] = self.rows.resolve(context) or ()
        if not rows:
            return SafeString()
        drawn, names = [], []
        for node in self.nodelist:
            if (name := _name_of(node)) in rows[0]:
                drawn.append("%s")
                names.append(name)
            else:
                drawn.append(str(node.render_annotated(context)).replace("%", "%%"))
        form = "".join(drawn)
        return SafeString("".join([form % tuple([_text(row[n]) for n in names]) for row in rows]))


def _name_of(node: Node) -> str:
    """The name that the node places, if that is all it does."""
    if isinstance(node, VariableNode) and not node.filter_expression.filters:
        variable = node.filter_expression.var
        if isinstance(variable, Variable) and variable.lookups and len(variable.lookups) == 1:
            return str(variable.lookups[0])
    return ""


def _text(value: Any) -> str:
    if type(value) is str:
        return escape(value)
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return "" if value is None else escape(str(value))
