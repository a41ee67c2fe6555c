"""A passkey in a test, that can also lie: about the origin, the site, or the person's presence."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

SEEN, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class Device:
    origin: str = "http://testserver"
    site: str = "testserver"
    verifies: bool = True
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: token_bytes(16))
    holder: str = ""

    def create(self, options: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.create`."""
        asked = options["publicKey"]
        self.holder = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())
        attested = AttestedCredentialData.create(Aaguid.NONE, self.credential, public)
        said = AttestationObject.create("none", self._data(HAS_KEY, attested), {})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer({"clientDataJSON": client, "attestationObject": bytes(said)})

    def get(self, options: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.get`."""
        data = self._data(0)
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"clientDataJSON": client, "authenticatorData": bytes(data), "signature": signature}
        return self._answer({**said, "userHandle": websafe_decode(self.holder)})

    def _data(
        self, flags: int, attested: AttestedCredentialData | None = None
    ) -> AuthenticatorData:
        flags |= SEEN | (VERIFIED if self.verifies else 0)
        site = sha256(self.site.encode()).digest()
        return AuthenticatorData.create(site, flags, 1, attested or b"")

    def _client(self, kind: str, challenge: str) -> bytes:
        return bytes(CollectedClientData.create(kind, websafe_decode(challenge), self.origin))

    def _answer(self, response: dict[str, bytes]) -> str:
        name = websafe_encode(self.credential)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": {part: websafe_encode(value) for part, value in response.items()},
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )
