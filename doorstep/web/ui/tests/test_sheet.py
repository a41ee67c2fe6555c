"""One style sheet is served, whatever the number of files it is written in."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from doorstep.web.ui.sheet import SHEET, join

FOLDER = Path(__file__).parent.parent / "static"


def text_of(name: str) -> str:
    return (FOLDER / name).read_text()


@pytest.fixture
def sheet() -> str:
    return join(text_of)


def test_nothing_is_left_to_import(sheet: str) -> None:
    assert "@import" not in sheet
    assert "/*" not in sheet
    assert sheet.startswith("@layer tokens,base,components,pages;@layer tokens{:root{")


def test_every_file_is_part_of_it() -> None:
    written = {path.relative_to(FOLDER / "doorstep").as_posix() for path in FOLDER.rglob("*.css")}
    imported = {name for name in written if f'url("{name}")' in text_of(SHEET)}
    assert imported == written - {"doorstep.css"}


def test_braces_match(sheet: str) -> None:
    assert sheet.count("{") == sheet.count("}")


@pytest.mark.slow
def test_collecting_static_files_serves_the_joined_sheet(tmp_path: Path, sheet: str) -> None:
    storages = {"staticfiles": {"BACKEND": "doorstep.web.ui.sheet.OneSheetStorage"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)  # as on the second start
    (hashed,) = (tmp_path / "doorstep").glob("doorstep.*.css")
    assert hashed.read_text() == sheet
