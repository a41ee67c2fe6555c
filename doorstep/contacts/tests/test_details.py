"""People change what is on file about them; legal name and tax number together with the business."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from doorstep.activity.models import Event
from doorstep.contacts.models import DetailWish, Wish
from doorstep.contacts.models.details import Decided, NothingToUndo, edit_details, undo
from doorstep.lib.errors import NotAllowed
from tests.cast import NOON, Cast

pytestmark = pytest.mark.django_db


def edit(cast: Cast, *, guarded: bool = True, own: dict[str, str] | None = None, **details: str):
    return edit_details(cast.wile, at=NOON, guarded=guarded, own=own or {}, **details)


def test_what_is_free_is_saved_and_told_with_what_it_was(cast: Cast) -> None:
    edit(cast, phone="+1 505 555 0100", billing_city="Santa Fe")
    cast.coyote.refresh_from_db()
    assert (cast.coyote.phone, cast.coyote.billing_city) == ("+1 505 555 0100", "Santa Fe")
    event = Event.objects.get(kind="contact.details_edited")
    assert event.data["changes"]["billing_city"] == ["", "Santa Fe"]
    assert event.actor_name == "Wile Tanner"


def test_nothing_changed_is_nothing_told(cast: Cast) -> None:
    edit(cast, phone=cast.coyote.phone, own={"name": "Wile Tanner"})
    assert not Event.objects.filter(kind="contact.details_edited").exists()


def test_their_own_name_phone_and_language(cast: Cast) -> None:
    edit(cast, own={"name": "Wile E. Tanner", "phone": "1", "language": "de"})
    cast.wile.refresh_from_db()
    assert (cast.wile.name, cast.wile.phone, cast.wile.language) == ("Wile E. Tanner", "1", "de")


def test_a_legal_name_on_papers_waits_for_the_business(cast: Cast) -> None:
    [wish] = edit(cast, company_name="Coyote GmbH", phone="12")
    cast.coyote.refresh_from_db()
    assert (cast.coyote.company_name, cast.coyote.phone) == ("", "12")
    wish.approve(by=cast.olivia, at=NOON)
    cast.coyote.refresh_from_db()
    assert cast.coyote.company_name == "Coyote GmbH"
    with pytest.raises(Decided):
        wish.decline(by=cast.ben, at=NOON)


def test_each_field_is_decided_by_itself(cast: Cast) -> None:
    name, number = edit(cast, company_name="Coyote GmbH", tax_number="DE 1")
    name.decline(by=cast.olivia, at=NOON)
    number.approve(by=cast.olivia, at=NOON)
    cast.coyote.refresh_from_db()
    assert (cast.coyote.company_name, cast.coyote.tax_number) == ("", "DE 1")


def test_a_newer_wish_takes_the_place_of_the_earlier_one(cast: Cast) -> None:
    edit(cast, tax_number="DE 1")
    edit(cast, tax_number="DE 1")
    edit(cast, tax_number="DE 2")
    states = DetailWish.of(cast.coyote).order_by("pk").values_list("after", "state")
    assert list(states) == [("DE 1", Wish.REPLACED), ("DE 2", Wish.WAITING)]


def test_before_the_first_paper_nobody_is_asked(cast: Cast) -> None:
    assert edit(cast, guarded=False, company_name="Coyote GmbH") == []
    cast.coyote.refresh_from_db()
    assert cast.coyote.company_name == "Coyote GmbH"


def test_nothing_else_can_be_changed(cast: Cast) -> None:
    """T24: a field that nobody offered is a mistake, not a change."""
    for name in ("currency", "is_active", "email", "organization_id", "payment_terms_days"):
        with pytest.raises(TypeError):
            edit(cast, **{name: "x"})


def test_what_is_too_long_is_said_and_nothing_is_saved(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        edit(cast, phone="1", billing_city="x" * 200)
    cast.coyote.refresh_from_db()
    assert cast.coyote.phone == ""
    with pytest.raises(ValidationError):
        edit(cast, tax_number="x" * 100)
    assert not DetailWish.objects.exists()


def test_a_person_without_the_right_changes_nothing(cast: Cast) -> None:
    cast.wile.may_edit_details = False
    with pytest.raises(NotAllowed):
        edit(cast, phone="1")


def test_the_business_puts_back_what_nobody_changed_since(cast: Cast) -> None:
    edit(cast, phone="1", billing_city="Santa Fe")
    event = Event.objects.get(kind="contact.details_edited")
    cast.coyote.change(by=cast.olivia, at=NOON, phone="2")
    undo(cast.coyote, event, by=cast.olivia, at=NOON)
    cast.coyote.refresh_from_db()
    assert (cast.coyote.phone, cast.coyote.billing_city) == ("2", "")
    with pytest.raises(NothingToUndo):
        undo(cast.coyote, event, by=cast.olivia, at=NOON)
