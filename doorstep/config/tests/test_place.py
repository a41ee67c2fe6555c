"""What somebody reads who starts Doorstep where it cannot start."""

import os
import socket

import pytest

from doorstep.config.place import CannotStart, Place


@pytest.fixture
def place(tmp_path, monkeypatch):
    for name in ("HOST", "PORT", "BASE_URL"):
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
