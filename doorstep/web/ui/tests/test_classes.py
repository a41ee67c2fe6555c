"""A page that uses a class nobody wrote a style for looks wrong, or says nothing; it is found here."""

import re
from pathlib import Path

import doorstep

WEB = Path(doorstep.__file__).parent / "web"
CLASSES = re.compile(r'\sclass="((?:[^"{]|{%.*?%}|{{.*?}}|{#.*?#})*)"')
TAGS = re.compile(r"{[%{#].*?[%}#]}")


def known() -> set[str]:
    styles = "".join(path.read_text() for path in WEB.rglob("static/**/*.css"))
    return set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL)))


def used(template: Path) -> set[str]:
    attributes = CLASSES.findall(template.read_text())
    words = [word for attribute in attributes for word in TAGS.sub("|", attribute).split()]
    # What follows a hyphen is made up while the page is drawn.
    return {part for word in words if "-|" not in word for part in word.split("|") if part}


def test_every_class_of_a_page_has_a_style() -> None:
    styled = known()
    unknown = {
        str(template.relative_to(WEB)): missing
        for template in WEB.rglob("templates/**/*.html")
        if (missing := used(template) - styled)
    }
    assert unknown == {}


def test_no_page_carries_a_style_or_a_script_of_its_own() -> None:
    for template in WEB.rglob("templates/**/*.html"):
        text = template.read_text()
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text), template
        assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", text)), template
