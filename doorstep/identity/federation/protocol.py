"""OpenID Connect as the library speaks it, with what it leaves out: nonce, signature, issuer, verified address."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from doorstep.lib import clock

# Signed with a key that only the provider has. What anybody could sign is not among them.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
CLOCKS_DIFFER_BY = 60


class StrictConnect(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Raises `OAuth2Error` for whatever is not as it must be."""

    nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        if not hasattr(self, "_openid_config"):
            self._openid_config = discover(self.get_provider().app.settings["server_url"])
        return self._openid_config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """At our own address, whatever host the request named."""
        arguments = {"provider_id": self.provider_id}
        return settings.BASE_URL + reverse("openid_connect_callback", kwargs=arguments)

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        if not pkce_code_verifier:
            raise OAuth2Error("No proof of the browser that began.")
        self.nonce = nonce_of(pkce_code_verifier)
        said: dict[str, Any] = super().get_access_token_data(
            request, app, client, pkce_code_verifier
        )
        return said

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> Any:
        claims = self._verified(app, kwargs["response"].get("id_token") or "")
        if "email" not in claims and "userinfo_endpoint" in self.openid_config:
            more = self._fetch_user_info(token.token)
            if more.get("sub") != claims["sub"]:
                raise OAuth2Error("The details are somebody else's.")
            claims = {**more, **claims}
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def _verified(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            key = self._key(jwt.get_unverified_header(id_token).get("kid"))
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=CLOCKS_DIFFER_BY,
                options={
                    "require": ["iss", "aud", "exp", "iat", "sub", "nonce"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error(f"The token is not right: {error}") from error
        self._check_times(claims)
        if isinstance(claims["aud"], list) and claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("The token is for another application.")
        if not hmac.compare_digest(str(claims["nonce"]), self.nonce):
            raise OAuth2Error("The token is not for this sign-in.")
        return claims

    def _check_times(self, claims: dict[str, Any]) -> None:
        now = clock.now().timestamp()
        if not (now - CLOCKS_DIFFER_BY < float(claims["exp"])):
            raise OAuth2Error("The token is too old.")
        if float(claims["iat"]) > now + CLOCKS_DIFFER_BY:
            raise OAuth2Error("The token is from the future.")

    def _key(self, kid: str | None) -> Any:
        with get_adapter().get_requests_session() as fetcher:
            answer = fetcher.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        for key in jwt.PyJWKSet.from_dict(answer.json()).keys:
            if key.key_id == kid and key.public_key_use in (None, "sig"):
                return key
        raise OAuth2Error("Signed with a key that the provider does not name.")


class StrictProvider(OpenIDConnectProvider):  # type: ignore[misc]
    oauth2_adapter_class = StrictConnect

    def get_pkce_params(self) -> dict[str, str]:
        """Always; what the token must repeat is derived from the same secret of this one sign-in."""
        drawn: dict[str, str] = generate_code_challenge()
        return drawn | {"nonce": nonce_of(drawn["code_verifier"])}

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing of what is asked of the provider is for the visitor to say."""
        return {"process": "login", "next_url": request.GET.get("next") or None}


def discover(issuer: str) -> dict[str, Any]:
    """What the provider says of itself. Raises `OAuth2Error`, `requests.RequestException`."""
    with get_adapter().get_requests_session() as fetcher:
        answer = fetcher.get(issuer.rstrip("/") + "/.well-known/openid-configuration")
        answer.raise_for_status()
        said: dict[str, Any] = answer.json()
    if str(said.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        raise OAuth2Error("The provider calls itself by another name.")
    if missing := [name for name in ENDPOINTS if not str(said.get(name, "")).startswith("http")]:
        raise OAuth2Error(f"The provider does not say its {missing[0]}.")
    return said


def nonce_of(verifier: str) -> str:
    return hashlib.sha256(b"nonce:" + verifier.encode()).hexdigest()
