"""`{% place %}` puts ready rows where they belong."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.safestring import mark_safe


def placed(block: str, rows: list[dict[str, Any]], **context: Any) -> str:
    source = "{% place rows %}" + block + "{% endplace %}"
    return Template(source).render(Context({"rows": rows, **context}))


def test_each_row_is_placed() -> None:
    rows = [{"number": "INV-1", "minor": 100}, {"number": "INV-2", "minor": None}]
    assert placed("<li>{{ number }} {{ minor }}</li>", rows) == "<li>INV-1 100</li><li>INV-2 </li>"


def test_what_people_typed_is_escaped_and_what_is_safe_is_not() -> None:
    rows = [{"name": "<b>'\"&", "badge": mark_safe("<i>paid</i>")}]
    assert placed("{{ name }}{{ badge }}", rows) == "&lt;b&gt;&#x27;&quot;&amp;<i>paid</i>"


def test_the_rest_of_the_block_is_drawn_once_for_all_rows() -> None:
    rows = [{"number": "1"}, {"number": "2"}]
    assert placed("{{ number }}{{ label }};", rows, label="<x>") == "1&lt;x&gt;;2&lt;x&gt;;"


def test_a_percent_sign_is_a_percent_sign() -> None:
    assert placed("100% {{ n }}{{ s }}", [{"n": "%s %d"}], s="5%") == "100% %s %d5%"


def test_no_rows_are_nothing() -> None:
    assert placed("<li>{{ number }}</li>", []) == ""


def test_it_takes_rows_and_nothing_else() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% place %}{% endplace %}")
