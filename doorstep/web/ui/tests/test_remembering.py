"""`{% remember %}` draws once what the same few values show, and nothing that they do not."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.urls import set_script_prefix
from django.utils import translation
from django.utils.safestring import mark_safe

from doorstep.web.ui import remembering


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    remembering._kept.clear()


class Counted:
    """Says how often it was asked for."""

    def __init__(self) -> None:
        self.times = 0

    def __str__(self) -> str:
        self.times += 1
        return f"drawn {self.times}"


def drawn(source: str, **context: Any) -> str:
    return PAGES.setdefault(source, Template(source)).render(Context(context))


PAGES: dict[str, Template] = {}


def test_the_same_values_are_drawn_once() -> None:
    said, page = Counted(), "{% remember name %}{{ said }}{% endremember %}"
    assert [drawn(page, name="Wile", said=said) for _n in range(3)] == ["drawn 1"] * 3
    assert drawn(page, name="Wanda", said=said) == "drawn 2"


def test_a_language_and_a_tenant_each_have_their_own() -> None:
    said, page = Counted(), "{% remember name %}{{ said }}{% endremember %}"
    assert drawn(page, name="Wile", said=said) == "drawn 1"
    with translation.override("de"):
        assert drawn(page, name="Wile", said=said) == "drawn 2"
    set_script_prefix("/portal/globex/")
    try:
        assert drawn(page, name="Wile", said=said) == "drawn 3"
    finally:
        set_script_prefix("/")


def test_two_blocks_of_a_page_do_not_take_each_other_for_their_own() -> None:
    page = "{% remember name %}first{% endremember %} {% remember name %}second{% endremember %}"
    assert drawn(page, name="Wile") == "first second"


def test_what_is_safe_and_what_is_escaped_are_not_the_same_value() -> None:
    page = "{% remember name %}{{ name }}{% endremember %}"
    assert drawn(page, name=mark_safe("<b>")) == "<b>"
    assert drawn(page, name="<b>") == "&lt;b&gt;"


def test_each_page_has_its_own_token_in_its_forms() -> None:
    page = "{% remember name %}{% csrf_token %}{% endremember %}"
    first = drawn(page, name="Wile", csrf_token="first")
    second = drawn(page, name="Wile", csrf_token="second")
    assert 'value="first"' in first
    assert second == first.replace("first", "second")


def test_objects_that_change_are_refused() -> None:
    with pytest.raises(TypeError, match="plain values"):
        drawn("{% remember said %}{% endremember %}", said=Counted())


def test_it_needs_values() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% remember %}{% endremember %}")


def test_it_never_keeps_more_than_it_should(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "MOST", 3)
    for n in range(10):
        drawn("{% remember n %}{% endremember %}", n=n)
    assert len(remembering._kept) <= 3
