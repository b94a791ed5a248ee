"""The second factor: codes of six digits from an app (RFC 6238). A code works once.

The secret of the app is stored encrypted.
"""

import base64
import hmac
from collections.abc import Callable
from datetime import datetime
from os import urandom
from urllib.parse import quote
from uuid import UUID

import pyotp
import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from uit.core.secret import Secrets, equal_in_constant_time

STEP_SECONDS = 30
NONCE_BYTES = 12
SECRET_BYTES = 20
DIGITS = 6
ISSUER = "uit"


def secret_of_invitation(secrets: Secrets, token: str) -> str:
    """The secret for the app of a new colleague (base32), derived from the token of the invitation."""
    made = hmac.digest(secrets.sealing, b"totp of invitation\0" + token.encode(), "sha256")
    return base64.b32encode(made[:SECRET_BYTES]).decode()


def seal_secret(
    secrets: Secrets, staff_id: UUID, secret: str, random: Callable[[int], bytes] = urandom
) -> bytes:
    """Encrypt a secret for the database. It is bound to its owner, and cannot be decrypted in another row."""
    nonce = random(NONCE_BYTES)
    return nonce + _cipher(secrets).encrypt(nonce, secret.encode(), staff_id.bytes)


def open_secret(secrets: Secrets, staff_id: UUID, sealed: bytes) -> str | None:
    """Decrypt a secret; None when it was encrypted for another owner or under another key."""
    try:
        return _cipher(secrets).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], staff_id.bytes).decode()
    except InvalidTag:
        return None


def _cipher(secrets: Secrets) -> AESGCM:
    return AESGCM(hmac.digest(secrets.sealing, b"totp", "sha256"))


def step_of(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """The time step of a code: the present one, the one before or the one after, and after `last_step`."""
    code = "".join(code.split())
    if len(code) != DIGITS or not code.isascii():
        return None
    present = int(now.timestamp()) // STEP_SECONDS
    app = pyotp.TOTP(secret)
    fitting = [
        step
        for step in (present - 1, present, present + 1)
        if equal_in_constant_time(app.generate_otp(step), code)
    ]
    return next((step for step in fitting if step > last_step), None)


def qr_of(secret: str, email: str) -> str:
    """The secret as a QR code in inline SVG, for an authenticator app."""
    uri = f"otpauth://totp/{quote(f'{ISSUER}:{email}')}?secret={secret}&issuer={ISSUER}"
    return segno.make(uri, error="m").svg_inline(omitsize=True, border=0)


def in_fours(secret: str) -> str:
    """The secret in groups of four characters, to type over."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
