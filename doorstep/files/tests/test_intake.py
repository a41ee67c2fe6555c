"""Everything that people send goes through one door (T70, T71)."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from doorstep.files import models
from doorstep.files.intake import TooMuch, take_in
from doorstep.files.invariants import d2_room_is_what_files_take
from doorstep.files.kinds import NotTaken
from doorstep.files.models import FileState, NoRoom, Room, StoredFile
from doorstep.files.tasks import scan_held, scan_held_is_needed
from doorstep.lib import clock
from doorstep.lib.invariants import Look
from tests.cast import Cast

pytestmark = pytest.mark.django_db

# The harmless text that every scanner takes for a virus, in two halves so that none takes this file for one.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def sent(name: str, content: bytes = b"Hello\n") -> ContentFile[bytes]:
    return ContentFile(content, name=name)


def ways(cast: Cast) -> dict[str, Any]:
    return {"organization_id": cast.acme.organization.pk, "owner": cast.coyote.pk}


def test_what_is_taken_lies_under_a_name_of_ours(cast: Cast) -> None:
    [stored] = take_in([sent("../../list.txt")], **ways(cast))
    assert stored.name == "list.txt" and stored.content_type == "text/plain"
    assert stored.path.startswith(f"{cast.acme.organization.pk}/") and "list" not in stored.path
    assert stored.read() == b"Hello\n" and stored.is_ready
    assert Room.objects.get(owner=cast.coyote.pk).files == 1


def test_pictures_are_drawn_anew(cast: Cast) -> None:
    drawn = BytesIO()
    Image.new("RGB", (4, 4)).save(drawn, "GIF")
    [stored] = take_in([sent("logo.gif", drawn.getvalue())], **ways(cast))
    assert stored.name == "logo.png" and stored.content_type == "image/png"


def test_all_or_none_and_nothing_half_written_stays(cast: Cast) -> None:
    before = set(_paths())
    with pytest.raises(NotTaken, match="page.html"):
        take_in([sent("good.txt"), sent("page.html", b"<html>")], **ways(cast))
    assert not StoredFile.objects.filter(owner=cast.coyote.pk).exists()
    assert set(_paths()) == before
    assert Room.objects.get(owner=cast.coyote.pk).files == 0


def test_too_many_too_large_empty_and_none(cast: Cast) -> None:
    for files, words in (
        ([], "Choose"),
        ([sent(f"{n}.txt") for n in range(11)], "10 files"),
        ([sent("large.txt", b"x" * (10 * 1024 * 1024 + 1))], "10 MB"),
    ):
        with pytest.raises(TooMuch, match=words):
            take_in(files, **ways(cast))
    with pytest.raises(NotTaken, match="empty"):
        take_in([sent("empty.txt", b"")], **ways(cast))


def test_the_room_is_exact_and_given_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "CONTACT_BYTES", 10)
    [first] = take_in([sent("a.txt", b"123456")], **ways(cast))
    with pytest.raises(NoRoom):
        take_in([sent("b.txt", b"12345")], **ways(cast))
    take_in([sent("b.txt", b"1234")], **ways(cast))
    first.drop()
    take_in([sent("c.txt", b"123456")], **ways(cast))
    monkeypatch.setattr(models, "CONTACT_BYTES", 1000)
    monkeypatch.setattr(models, "CONTACT_FILES", 3)
    take_in([sent("d.txt")], **ways(cast))
    with pytest.raises(NoRoom):
        take_in([sent("e.txt")], **ways(cast))


def test_a_neighbour_has_room_of_its_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "CONTACT_FILES", 1)
    take_in([sent("a.txt")], **ways(cast))
    take_in([sent("a.txt")], organization_id=cast.acme.organization.pk, owner=cast.roadrunner.pk)


class Clamd(socketserver.ThreadingTCPServer):
    """Speaks as ClamAV's daemon does and knows one virus."""

    allow_reuse_address = True

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            assert self.rfile.read(10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack("!I", self.rfile.read(4))[0]:
                content += self.rfile.read(size)
            found = b"Eicar-Test-Signature FOUND" if EICAR in content else b"OK"
            self.wfile.write(b"stream: " + found + b"\0")


@pytest.fixture
def clamd(settings: Any) -> Iterator[Clamd]:
    with Clamd(("127.0.0.1", 0), Clamd.Talk) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD = f"127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()


def test_what_the_scanner_finds_is_not_taken(cast: Cast, clamd: Clamd) -> None:
    with pytest.raises(NotTaken, match="virus"):
        take_in([sent("bad.txt", EICAR)], **ways(cast))
    [stored] = take_in([sent("good.txt", b"x" * 200_000)], **ways(cast))
    assert stored.is_ready


def test_while_the_scanner_is_down_files_are_held_and_not_lost(
    cast: Cast, clamd: Clamd, settings: Any
) -> None:
    up, settings.CLAMD = settings.CLAMD, "127.0.0.1:1"
    good, bad = take_in([sent("good.txt"), sent("bad.txt", EICAR)], **ways(cast))
    assert not good.is_ready and not bad.is_ready
    scan_held.call()
    good.refresh_from_db()
    assert good.state == FileState.HELD and scan_held_is_needed()
    settings.CLAMD = up
    scan_held.call()
    good.refresh_from_db(), bad.refresh_from_db()
    assert (good.state, bad.state) == (FileState.READY, FileState.REFUSED)
    assert not scan_held_is_needed()


def test_a_room_that_counts_wrongly_is_found(cast: Cast) -> None:
    take_in([sent("a.txt")], **ways(cast))
    look = Look(at=clock.now())
    assert not list(d2_room_is_what_files_take(look))
    Room.objects.filter(owner=cast.coyote.pk).update(files=2)
    assert list(d2_room_is_what_files_take(look))


def _paths(folder: str = "") -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}{name}" for name in files)
    for name in folders:
        yield from _paths(f"{folder}{name}/")
