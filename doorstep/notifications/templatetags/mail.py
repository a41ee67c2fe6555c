"""For mails that a library fills in: `{% letterhead request.organization as letterhead %}`."""

from __future__ import annotations

from django import template

from doorstep.lib.brand import DEFAULT_COLOR, derive
from doorstep.notifications.letterhead import Letterhead, letterhead_of
from doorstep.organizations.models import Organization

register = template.Library()


@register.simple_tag
def letterhead(organization: Organization | None) -> Letterhead:
    """That of the organisation whose page was used, or Doorstep's own outside of all of them."""
    if organization is not None:
        return letterhead_of(organization)
    return Letterhead(
        name="Doorstep",
        legal_name="Doorstep",
        address="",
        colors=derive(DEFAULT_COLOR),
        is_test=False,
        reply_to="",
        answers="",
    )
