"""To whoever forgot the address of a portal: each business that knows them mails the way to its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from doorstep.contacts.hats import Hat, hats_of
from doorstep.identity.models import Account
from doorstep.lib.languages import supported
from doorstep.notifications.letterhead import letterhead_of
from doorstep.notifications.letters import one_line, tidy
from doorstep.notifications.models import Message
from doorstep.notifications.models.message import first_state, new_message_id
from doorstep.organizations.models import Organization


def mail_ways_in(address: str, now: Callable[[], datetime]) -> int:
    """One mail from each business, which names no other; none to an address that nobody has."""
    account = Account.at_address(address)
    if account is None or not account.is_active:
        return 0
    found: dict[str, list[Hat]] = {}
    for hat in hats_of(account.pk):
        found.setdefault(hat.portal_name, []).append(hat)
    for portal_name, hats in found.items():
        organization = Organization.at(portal_name)
        if organization is not None:
            _write(organization, account, hats, at=now())
    return len(found)


def _write(organization: Organization, account: Account, hats: list[Hat], *, at: datetime) -> None:
    language = supported(account.language or organization.language)
    with translation.override(language):
        context = {
            "letterhead": letterhead_of(organization),
            "subject": _("Your way in to %(business)s") % {"business": organization.name},
            "name": account.get_full_name(),
            "ways": [(hat.contact or _("Back office"), _address(hat)) for hat in hats],
        }
        Message.objects.create(
            kind="account_way_in",
            organization=organization,
            recipient=account.email,
            recipient_name=one_line(account.get_full_name()),
            language=language,
            subject=one_line(str(context["subject"])),
            text=tidy(render_to_string("mail/way_in.txt", context)),
            html=render_to_string("mail/way_in.html", context),
            message_id=new_message_id(),
            created_at=at,
            **first_state(organization, kind="account_way_in", at=at),
        )


def _address(hat: Hat) -> str:
    face, worn = ("office", "") if hat.is_office else ("portal", f"/as/{hat.number}")
    link_to = import_string(settings.LINKS)
    return str(link_to(face, hat.portal_name, "home", hat=worn))
