"""A second start looks again only when something has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorstep.config import stamp
from doorstep.config.place import Place


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    program = tmp_path / "program"
    (program / "sales" / "migrations").mkdir(parents=True)
    (program / "sales" / "migrations" / "0001_initial.py").touch()
    monkeypatch.setattr(stamp, "PROGRAM", program)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DOORSTEP_DEMO", "1")
    (tmp_path / "doorstep.sqlite3").touch()
    found = Place(tmp_path, "127.0.0.1", 8000, "http://127.0.0.1:8000")
    stamp.note(found)
    assert stamp.is_prepared(found)
    return found


def test_an_empty_home_is_not_prepared(tmp_path: Path) -> None:
    assert not stamp.is_prepared(Place(tmp_path, "127.0.0.1", 8000, "http://127.0.0.1:8000"))


def test_a_new_migration_is_looked_for(place: Place) -> None:
    (stamp.PROGRAM / "sales" / "migrations" / "0002_more.py").touch()
    assert not stamp.is_prepared(place)


def test_another_database_file_in_its_place_is_noticed(place: Place) -> None:
    other = place.home / "restored.sqlite3"
    other.touch()
    other.replace(place.home / "doorstep.sqlite3")
    assert not stamp.is_prepared(place)


def test_a_demo_company_may_be_wanted_later(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTEP_DEMO", "0")
    assert not stamp.is_prepared(place)


def test_a_database_server_is_always_asked(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://doorstep@/doorstep")
    assert not stamp.is_prepared(place)
