"""The place of an address, by a file that the operator put there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from doorstep.lib import places


@pytest.fixture(autouse=True)
def nothing_opened() -> Iterator[None]:
    places._opened.cache_clear()
    yield
    places._opened.cache_clear()


@pytest.fixture
def file(tmp_path: Path, settings: Any) -> Path:
    said = {
        "city": {"names": {"en": "Munich", "de": "München"}},
        "country": {"names": {"en": "Germany", "de": "Deutschland"}},
    }
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True)
    writer.insert_network(IPSet(["203.0.113.0/24"]), said)
    writer.insert_network(IPSet(["2001:db8::/32"]), {"country": {"names": {"en": "Germany"}}})
    writer.to_db_file(str(tmp_path / "cities.mmdb"))
    settings.PLACES_FILE = str(tmp_path / "cities.mmdb")
    return tmp_path / "cities.mmdb"


@pytest.mark.parametrize(
    ("address", "language", "place"),
    [
        ("203.0.113.7", "en", "Munich, Germany"),
        ("203.0.113.7", "de", "München, Deutschland"),
        ("2001:db8::", "de", "Germany"),
        ("198.51.100.1", "en", ""),
        ("", "en", ""),
        ("unknown", "en", ""),
    ],
)
def test_the_place_is_said_in_the_readers_language(
    file: Path, address: str, language: str, place: str
) -> None:
    assert places.place_of(address, language) == place


def test_without_a_file_nothing_is_said(settings: Any) -> None:
    settings.PLACES_FILE = ""
    assert places.place_of("203.0.113.7", "en") == ""


def test_a_file_that_is_none_is_as_good_as_no_file(tmp_path: Path, settings: Any) -> None:
    for path in (tmp_path / "missing.mmdb", tmp_path / "other.mmdb"):
        (tmp_path / "other.mmdb").write_text("not a database")
        settings.PLACES_FILE = str(path)
        assert places.place_of("203.0.113.7", "en") == ""
