"""An authenticator in a few lines: makes a passkey and signs with it, rightly or as a test wants it wrong."""

import base64
import hashlib
import html
import json
import re
from os import urandom
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

ORIGIN: Final = "http://testserver.local"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Authenticator:
    """One passkey for one site. `flags` and `count` are what it says of itself when it signs."""

    def __init__(self) -> None:
        self.key, self.id = ec.generate_private_key(ec.SECP256R1()), urandom(32)
        self.flags, self.count = PRESENT | VERIFIED, 0

    def make(self, options: dict[str, Any], origin: str = ORIGIN) -> str:
        """The credential of a registration, as a browser gives it."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(public)
        data = self._data(options["rp"]["id"], self.flags | ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = client_data("webauthn.create", options, origin)
        return self._credential({"clientDataJSON": text(client), "attestationObject": text(attestation)})

    def sign(self, options: dict[str, Any], origin: str = ORIGIN) -> str:
        """The credential of a sign-in."""
        client, data = client_data("webauthn.get", options, origin), self._data(options["rpId"], self.flags)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        said = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._credential({name: text(value) for name, value in said.items()})

    def _data(self, site: str, flags: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _credential(self, response: dict[str, str]) -> str:
        own = {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}
        return json.dumps({**own, "clientExtensionResults": {}})


def client_data(kind: str, options: dict[str, Any], origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": options["challenge"], "origin": origin}).encode()


def text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def ceremony_on(page: str) -> tuple[dict[str, Any], str]:
    """The options that a page gives to the browser, and the state that comes back with the answer."""
    options, state = (
        re.search(r'data-options="([^"]+)"', page),
        re.search(r'name="state" value="([^"]+)"', page),
    )
    assert options
    assert state
    return json.loads(html.unescape(options[1])), state[1]
