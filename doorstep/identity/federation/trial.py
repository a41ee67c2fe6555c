"""*Try it*: whether a provider answers, and says what the protocol asks of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import jwt
import requests
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.utils.translation import gettext as _

from doorstep.identity.federation.fetching import Fetcher, NotPublic
from doorstep.identity.federation.protocol import discover


class TrialFailed(Exception):
    """What was wrong, in words for staff."""


def try_provider(issuer: str) -> dict[str, Any]:
    """Where people will sign in (`host`) and how many keys are known (`count`). Raises `TrialFailed`."""
    try:
        said = discover(issuer)
        with Fetcher() as fetcher:
            answer = fetcher.get(said["jwks_uri"])
            answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json()).keys
    except NotPublic as error:
        raise TrialFailed(_("Its address is not on the public internet.")) from error
    except OAuth2Error as error:
        raise TrialFailed(str(error)) from error
    except requests.RequestException as error:
        raise TrialFailed(_("It cannot be reached, or answers with an error.")) from error
    except (ValueError, KeyError, TypeError, jwt.PyJWTError) as error:
        raise TrialFailed(_("What it says is not OpenID Connect.")) from error
    return {"host": urlsplit(said["authorization_endpoint"]).hostname, "count": len(keys)}
