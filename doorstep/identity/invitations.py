"""Links by which somebody chooses their first password."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.utils.module_loading import import_string

from doorstep.identity.models import Account


def password_link(account: Account, portal_name: str, face: str = "office") -> str:
    """Where this account chooses a password; it works once and for as long as a forgotten password."""
    link_to = import_string(settings.LINKS)
    key = default_token_generator.make_token(account)
    view = "account_reset_password_from_key"
    return str(link_to(face, portal_name, view, user_pk_to_url_str(account), key))
