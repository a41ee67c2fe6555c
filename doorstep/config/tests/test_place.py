"""What somebody reads who starts Doorstep where it cannot start."""

import os
import socket

import pytest

from doorstep.config.place import CannotStart, Place


@pytest.fixture
def place(tmp_path, monkeypatch):
    for name in ("HOST", "PORT", "BASE_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DOORSTEP_HOME", str(tmp_path / "home"))
    return Place.from_environment


def test_nothing_set_means_this_machine_at_port_8000(place):
    assert (place().host, place().port, place().base_url) == (
        "127.0.0.1",
        8000,
        "http://127.0.0.1:8000",
    )


def test_who_listens_everywhere_is_told_an_address_that_works(place, monkeypatch):
    monkeypatch.setenv("HOST", "0.0.0.0")
    assert place().base_url == "http://127.0.0.1:8000"


def test_a_port_that_is_no_number_is_named(place, monkeypatch):
    monkeypatch.setenv("PORT", "web")
    with pytest.raises(CannotStart, match="not 'web'"):
        place()


def test_an_address_that_no_browser_opens_is_named(place, monkeypatch):
    monkeypatch.setenv("BASE_URL", "portal.example.com")
    with pytest.raises(CannotStart, match="must begin with http"):
        place()


@pytest.mark.parametrize(
    "url", ["mysql://x@db/name", "postgresql://x@db", "postgresql://x@db:y/n", "/a/file"]
)
def test_a_database_url_that_nobody_understands_is_named(place, monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(CannotStart, match="must look like postgresql://"):
        place().check_database()


def test_a_database_that_is_not_there_is_named_at_once(place, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setenv("DATABASE_URL", f"postgresql://x:secret@127.0.0.1:{port}/name")
        place().check_database()
    with pytest.raises(CannotStart, match=f"No database answers at 127.0.0.1:{port}") as refusal:
        place().check_database()
    assert "secret" not in str(refusal.value)


def test_the_database_in_the_home_and_one_behind_a_socket_are_not_knocked_at(place, monkeypatch):
    for url in ("", "sqlite:////tmp/x.sqlite3", "postgresql://doorstep@/doorstep?host=/tmp/pg"):
        monkeypatch.setenv("DATABASE_URL", url)
        place().check_database()


def test_a_port_in_use_is_named_with_the_way_out(place, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("PORT", str(other.getsockname()[1]))
        with pytest.raises(CannotStart, match="already in use. Choose another: PORT="):
            place().check_port()


def test_a_folder_is_made_that_only_its_owner_may_open(place):
    place().check_home()
    assert place().logs.is_dir()
    assert os.stat(place().home).st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_is_named(place, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("DOORSTEP_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(CannotStart, match="cannot be written to"):
        place().check_home()
