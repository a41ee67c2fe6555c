"""Who stands at the demo company's door: a colleague who only looks, and a stranger who asks to come in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from doorstep.organizations.preferences import SignUpAdmission
from doorstep.sharing.models import Link, SignUp
from doorstep.sharing.visitor import Visitor

if TYPE_CHECKING:
    from doorstep.demo.story import Story


def write_the_door(story: Story) -> None:
    """Wanda decides about Dana; Erin, whom nobody knows, waits for Olivia."""
    preferences = story.organization.preferences
    preferences.sign_up_admission = SignUpAdmission.HELD
    preferences.save()
    story.plan(3, lambda at: _wanda_invites_dana(story, at), hour=11)
    story.plan(1, lambda at: _erin_asks(story, at), hour=17)


def _wanda_invites_dana(story: Story, at: datetime) -> None:
    wanda, dana = story.people["wanda"], story.people["dana@ledger.example"]
    dana.set_rights(by=wanda, at=at, pay=False)
    dana.invite(by=wanda, at=at)


def _erin_asks(story: Story, at: datetime) -> None:
    """She was shown a link by somebody at Coyote, and proved an address of her own."""
    link, _token = Link.share(
        story.invoices["c"],
        person=story.people["priya@coyote.example"],
        by=story.olivia,
        at=at,
        channel="copy",
    )
    visitor = Visitor(link, browser="")
    SignUp.hold(visitor, name="Erin Falk", email="erin@ledger.example", at=at)
