"""What Acme and Coyote have sent each other: a price list, a certificate asked for, one sent back, one accepted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

from doorstep.contacts.models.details import edit_details
from doorstep.documents.models import Attachment, FileRequest

if TYPE_CHECKING:
    from doorstep.demo.story import Story

PRICES = b"Item,Unit,Price\nAnvil,piece,148.00\nRope,10 m,12.40\nPaint,5 l,31.50\n"
WORDS = b"Delivery to the gate at 18 Canyon Street, weekdays from 7 to 15 o'clock.\n"


def write_the_documents(story: Story) -> None:
    """One thing shared, one kept among the team, one asked for, one sent back, one accepted."""
    story.plan(48, lambda at: _share(story, "Price list 2026.csv", PRICES, at))
    story.plan(
        47, lambda at: _share(story, "Call notes.txt", b"Ask again in spring.\n", at, seen=False)
    )
    story.plan(30, lambda at: _accepted(story, at))
    story.plan(9, lambda at: _sent_back(story, at))
    story.plan(3, lambda at: _asked(story, "Resale certificate 2026", at, days=14))
    story.plan(6, lambda at: _edited(story, at))
    story.plan(2, lambda at: _uploaded(story, at))


def _share(story: Story, name: str, content: bytes, at: datetime, *, seen: bool = True) -> None:
    file = ContentFile(content, name=name)
    coyote = story.people["wile"].contact
    Attachment.share(coyote, [file], by=story.olivia, at=at, visible=seen)


def _asked(story: Story, title: str, at: datetime, *, days: int) -> FileRequest:
    coyote = story.people["wile"].contact
    due = (at + timedelta(days=days)).date()
    return FileRequest.ask(coyote, title=title, by=story.olivia, at=at, due_on=due)


def _accepted(story: Story, at: datetime) -> None:
    asked = _asked(story, "Delivery instructions", at, days=10)
    file = ContentFile(WORDS, name="Delivery instructions.txt")
    asked.deliver([file], by=story.people["wanda"], at=at + timedelta(hours=3))
    asked.accept(by=story.olivia, at=at + timedelta(hours=5))


def _sent_back(story: Story, at: datetime) -> None:
    asked = _asked(story, "Insurance confirmation", at, days=5)
    file = ContentFile(b"Valid until 31 December 2025.\n", name="Insurance 2025.txt")
    asked.deliver([file], by=story.people["wile"], at=at + timedelta(hours=2))
    asked.send_back("This one ended last year.", by=story.olivia, at=at + timedelta(hours=4))


def _edited(story: Story, at: datetime) -> None:
    edit_details(story.people["wanda"], at=at, guarded=True, own={}, phone="+1 928 555 0163")
    edit_details(story.people["wanda"], at=at, guarded=True, own={}, tax_number="86-1234567")


def _uploaded(story: Story, at: datetime) -> None:
    file = ContentFile(b"Order 7764: please deliver after 10 o'clock.\n", name="Note on 7764.txt")
    Attachment.upload([file], by=story.people["wile"], at=at, document=story.invoices["new"])
