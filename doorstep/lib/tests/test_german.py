"""German is complete, and what is delivered is what stands in the source of the translation."""

from __future__ import annotations

import gettext
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client

from doorstep.lib.clock import shifted_to
from tests.cast import NOON, TODAY, Cast, an_invoice

FOLDER = settings.LOCALE_PATHS[0] / "de" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[%sd]|\{\w*\}|</?\w[^>]*>")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (FOLDER / "django.po").open("rb") as file:
        return read_po(file, locale="de")


def in_each_form(message: Message) -> Iterator[tuple[str, str]]:
    """The text and its translation, for one and for many."""
    if isinstance(message.id, str):
        yield message.id, str(message.string)
    else:
        yield from zip(message.id, message.string, strict=True)


def texts(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def test_every_text_is_translated_and_none_is_guessed(catalogue: Catalog) -> None:
    assert [
        message.id
        for message in texts(catalogue)
        if message.fuzzy or not all(said for _text, said in in_each_form(message))
    ] == []


def test_placeholders_and_markup_are_kept(catalogue: Catalog) -> None:
    pairs = [pair for message in texts(catalogue) for pair in in_each_form(message)]
    assert [
        (text, said)
        for text, said in pairs
        if Counter(PLACEHOLDER.findall(text)) != Counter(PLACEHOLDER.findall(said))
    ] == []


def test_the_compiled_catalogue_is_as_new_as_its_source(catalogue: Catalog) -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    held = {
        key: said for key, said in vars(compiled)["_catalog"].items() if key not in ("", ("", 0))
    }
    written = {}
    for message in texts(catalogue):
        before = f"{message.context}\x04" if message.context else ""
        if isinstance(message.id, str):
            written[before + message.id] = message.string
        else:
            for number, said in enumerate(message.string):
                written[before + message.id[0], number] = said
    assert held == written


def test_a_person_who_reads_german_gets_a_german_portal(
    cast: Cast, signed_in: Callable[[object], Client]
) -> None:
    an_invoice(cast.coyote, "1204.50", by=cast.olivia, due=TODAY - timedelta(days=7))
    cast.wanda.language = "de"
    cast.wanda.save()
    with shifted_to(NOON):
        page = signed_in(cast.wanda).get(cast.acme.portal).content.decode()
    text = page.replace("\N{NO-BREAK SPACE}", " ")
    assert '<html lang="de"' in text
    assert "1 Rechnung ist überfällig" in text
    assert "7 Tage überfällig" in text
    assert "1.204,50 $" in text
    assert "Abmelden" in text
