"""The signature of a webhook: the header `Stripe-Signature` against the raw body, as Stripe documents it.

The header is `t=1700000000,v1=ab…,v1=cd…`, where each `v1` is HMAC-SHA256 of `t`, a full stop and the body,
one for each secret that is valid at the time (https://docs.stripe.com/webhooks#verify-manually).
"""

import hmac
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

from credits.payments.provider import BadSignature

MOST_SECONDS_APART: Final = 300
"""How far the clock of the sender and ours may be apart, either way; also for how long a message is good."""

_MOMENT: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


def check_signature(body: bytes, header: str, secrets: Sequence[str], now: datetime) -> None:
    """Raise BadSignature unless one of `secrets` signed exactly this body, at most 5 minutes from `now`."""
    moment, digests = _read(header)
    if abs(now.timestamp() - int(moment)) > MOST_SECONDS_APART:
        raise BadSignature("It is too old, or from the future.")
    expected = [sign(body, moment, secret) for secret in secrets if secret]
    if not any(hmac.compare_digest(theirs, ours) for theirs in digests for ours in expected):
        raise BadSignature("None of our secrets signed it.")


def sign(body: bytes, moment: str, secret: str) -> str:
    """The `v1` of a body at a moment, which is in whole seconds since 1970."""
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, sha256).hexdigest()


def _read(header: str) -> tuple[str, list[str]]:
    """The one `t` and every `v1`. Other schemes are left out: `v0` is no signature to rely on."""
    pairs = [part.strip().partition("=") for part in header.split(",")]
    moments = list(_values(pairs, "t", _MOMENT))
    digests = list(_values(pairs, "v1", _DIGEST))
    if len(moments) != 1 or not digests:
        raise BadSignature("It has no signature that can be read.")
    return moments[0], digests


def _values(pairs: Iterable[tuple[str, str, str]], name: str, form: re.Pattern[str]) -> Iterable[str]:
    return (value for key, _, value in pairs if key == name and form.fullmatch(value))
