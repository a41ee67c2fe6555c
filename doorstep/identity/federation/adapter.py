"""Where the library asks for our ways with identity providers: whose they are, and whom they let in."""

from __future__ import annotations

import logging
from typing import Any, NoReturn

from allauth.account.adapter import get_adapter as accounts
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from doorstep.identity.factors.strength import BY_PROVIDER
from doorstep.identity.federation.fetching import Fetcher
from doorstep.identity.federation.protocol import StrictProvider
from doorstep.identity.models import Account, canonical_address

logger = logging.getLogger(__name__)


class FederationAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def list_apps(
        self, request: Any, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The one named, if it is of the organisation whose portal this is: no other exists here."""
        if getattr(request, "face", "") != "portal" or not (provider or "").isdecimal():
            return []
        found = request.organization.sign_in_providers.filter(pk=int(provider or 0)).first()
        return [_app(found)] if found else []

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> StrictProvider:
        return StrictProvider(request, app=self.get_app(request, provider, client_id))

    def get_requests_session(self) -> Fetcher:
        return Fetcher()

    def on_authentication_error(
        self, request: Any, provider: Any, exception: Any = None, **_more: Any
    ) -> NoReturn:
        logger.warning("Sign-in by provider %s: %s", provider.app.provider_id, exception)
        raise ImmediateHttpResponse(_back_to_sign_in(request, provider.app.name))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: Any, sociallogin: Any) -> NoReturn:
        """The provider has proven an address: let its holder in, here, if this organisation alone knows them.

        Always ends the library's own flow, so that nothing is connected and nobody is made.
        """
        app = sociallogin.provider.app
        claims = sociallogin.account.extra_data["id_token"]
        account = _holder(request.organization, app, claims)
        if account is None:
            logger.warning("Provider %s proved nobody whom it may let in", app.provider_id)
            raise ImmediateHttpResponse(_back_to_sign_in(request, app.name))
        to = sociallogin.get_redirect_url(request)
        if request.user.is_authenticated:
            accounts(request).logout(request)
        record_authentication(
            request,
            account,
            BY_PROVIDER,
            provider=app.provider_id,
            organization=request.organization.pk,
        )
        raise ImmediateHttpResponse(
            perform_login(request, account, email_verification="none", redirect_url=to)
        )


def _app(found: Any) -> SocialApp:
    """Ours, in the library's words; never saved."""
    return SocialApp(
        provider="openid_connect",
        provider_id=str(found.pk),
        name=found.name,
        client_id=found.client_id,
        secret=found.secret,
        settings={"server_url": found.issuer, "domains": found.domain_list},
    )


def _holder(organization: Any, app: SocialApp, claims: dict[str, Any]) -> Account | None:
    """Whom these claims let in: see docs/adr/a-customers-own-sign-in.md for each of these lines."""
    if claims.get("email_verified") is not True:
        return None
    address = canonical_address(str(claims.get("email", "")))
    if address.rpartition("@")[2] not in app.settings["domains"]:
        return None
    account = Account.at_address(address)
    if account is None or not account.is_active or account.is_known_besides(organization.pk):
        return None
    if account.memberships.filter(left_at=None).exists():
        return None
    hats = account.accesses.filter(
        organization=organization, revoked_at=None, contact_person__contact__is_active=True
    )
    return account if hats.exists() else None


def _back_to_sign_in(request: Any, name: str) -> Any:
    """The same words whatever was wrong: they must not tell who has an account."""
    words = _("The sign-in of %(name)s did not let you in. Try again, or use another way in.")
    messages.error(request, words % {"name": name})
    return redirect("account_login")
