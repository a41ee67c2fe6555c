"""Files between both sides: shared, hidden, replaced, removed, asked for."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from doorstep.activity.models import Event
from doorstep.documents.models import Asked, Attachment, FileRequest
from doorstep.documents.models.attachment import NotYours
from doorstep.documents.models.file_request import NotOpen
from doorstep.files.kinds import NotTaken
from doorstep.files.models import Room, StoredFile
from doorstep.lib.errors import NotAllowed
from doorstep.organizations.models import Member
from tests.cast import NOON, Cast, an_account, an_invoice

pytestmark = pytest.mark.django_db


def sent(name: str = "list.txt", content: bytes = b"Hello\n") -> ContentFile[bytes]:
    return ContentFile(content, name=name)


def share(cast: Cast, *, visible: bool) -> Attachment:
    [added] = Attachment.share(cast.coyote, [sent()], by=cast.olivia, at=NOON, visible=visible)
    return added


def test_what_a_member_adds_is_hidden_until_somebody_shows_it(cast: Cast) -> None:
    added = share(cast, visible=False)
    seen = Attachment.of(cast.coyote).seen_by_contact()
    assert not seen.exists()
    added.set_visible(True, by=cast.ben, at=NOON)
    assert seen.get() == added
    added.set_visible(False, by=cast.ben, at=NOON)
    assert not seen.exists()


def test_what_a_customer_sends_both_sides_see_and_nobody_hides(cast: Cast) -> None:
    [added] = Attachment.upload([sent()], by=cast.wile, at=NOON)
    assert added.visible and added.added_by_name == "Wile Tanner"
    with pytest.raises(NotYours):
        added.set_visible(False, by=cast.olivia, at=NOON)


def test_several_files_are_one_event(cast: Cast) -> None:
    Attachment.upload([sent("a.txt"), sent("b.txt")], by=cast.wile, at=NOON)
    event = Event.objects.get(kind="file.uploaded")
    assert event.data["files"] == ["a.txt", "b.txt"]


def test_a_file_may_belong_to_a_paper(cast: Cast) -> None:
    invoice = an_invoice(cast.coyote, by=cast.olivia)
    [added] = Attachment.upload([sent()], by=cast.wile, at=NOON, document=invoice)
    assert added.document_id == invoice.pk


def test_a_new_version_keeps_the_earlier_one(cast: Cast) -> None:
    added = share(cast, visible=True)
    first = added.file
    added.replace(sent("list 2.txt", b"More\n"), by=cast.ben, at=NOON)
    assert (added.name, added.version) == ("list 2.txt", 2)
    former = added.former.get()
    assert (former.number, former.file) == (1, first)


def test_each_side_replaces_only_what_is_its_own(cast: Cast) -> None:
    ours = share(cast, visible=True)
    [theirs] = Attachment.upload([sent()], by=cast.wile, at=NOON)
    with pytest.raises(NotYours):
        ours.replace(sent(), by=cast.wile, at=NOON)
    with pytest.raises(NotYours):
        theirs.replace(sent(), by=cast.olivia, at=NOON)
    theirs.replace(sent(), by=cast.wanda, at=NOON)
    assert theirs.added_by_name == "Wanda Reyes"


@pytest.mark.django_db(transaction=True)
def test_what_is_removed_is_gone_bytes_and_all(cast: Cast) -> None:
    added = share(cast, visible=True)
    added.replace(sent("other.txt"), by=cast.olivia, at=NOON)
    paths = list(StoredFile.objects.filter(owner=0).values_list("path", flat=True))
    added.remove(by=cast.olivia, at=NOON)
    added.remove(by=cast.olivia, at=NOON)
    assert added.file is None and added.removed_at == NOON
    assert not [path for path in paths if default_storage.exists(path)]
    assert Room.objects.get(owner=0).files == 0
    assert Event.objects.filter(kind="file.removed").count() == 1


def test_a_read_only_member_shares_nothing(cast: Cast) -> None:
    account = an_account("rob@acme.example", "Rob Reader")
    rob = Member.add(cast.acme.organization, account, "readonly", by=cast.olivia, at=NOON)
    with pytest.raises(NotAllowed):
        Attachment.share(cast.coyote, [sent()], by=rob, at=NOON, visible=True)


def test_a_person_without_the_right_sends_nothing(cast: Cast) -> None:
    cast.wanda.set_rights(by=cast.olivia, at=NOON, edit_details=False)
    cast.wanda.refresh_from_db()
    with pytest.raises(NotAllowed):
        Attachment.upload([sent()], by=cast.wanda, at=NOON)


def ask(cast: Cast) -> FileRequest:
    return FileRequest.ask(
        cast.coyote, title="Tax certificate", note="The new one", by=cast.olivia, at=NOON
    )


def test_what_is_asked_for_is_delivered_and_accepted(cast: Cast) -> None:
    asked = ask(cast)
    [added] = asked.deliver([sent()], by=cast.wile, at=NOON)
    assert added.request == asked and asked.state == Asked.DELIVERED
    asked.accept(by=cast.ben, at=NOON)
    assert asked.state == Asked.ACCEPTED
    kinds = Event.objects.filter(subject_kind="file_request").order_by("pk")
    assert [event.kind for event in kinds] == ["file.asked", "file.delivered", "file.accepted"]
    assert not Event.objects.filter(kind="file.uploaded").exists()


def test_what_does_not_fit_goes_back_with_the_reason(cast: Cast) -> None:
    asked = ask(cast)
    asked.deliver([sent()], by=cast.wile, at=NOON)
    asked.send_back("This is last year's.", by=cast.olivia, at=NOON)
    assert (asked.state, asked.reason) == (Asked.OPEN, "This is last year's.")
    asked.deliver([sent("new.txt")], by=cast.wanda, at=NOON)
    assert asked.answers.count() == 2


def test_it_is_answered_once(cast: Cast) -> None:
    asked, same = ask(cast), FileRequest.objects.get()
    asked.deliver([sent()], by=cast.wile, at=NOON)
    with pytest.raises(NotOpen):
        same.deliver([sent()], by=cast.wanda, at=NOON)
    assert Attachment.of(cast.coyote).count() == 1
    assert Room.objects.get(owner=cast.coyote.pk).files == 1
    with pytest.raises(NotOpen):
        asked.cancel(by=cast.olivia, at=NOON)


def test_a_file_that_is_not_taken_leaves_the_request_open(cast: Cast) -> None:
    asked = ask(cast)
    with pytest.raises(NotTaken):
        asked.deliver([sent("a.html", b"<html>")], by=cast.wile, at=NOON)
    asked.refresh_from_db()
    assert asked.state == Asked.OPEN
