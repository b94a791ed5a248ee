"""Passkeys of staff (WebAuthn): a key in a device that asks for a finger, a face or a code before it signs.

So one of them is two factors by itself. What is kept of it is public. A challenge is signed and not stored;
it says what it is for, holds five minutes and works once.
"""

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import Struct
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from uit.core.secret import Secrets
from uit.database.statements import Executor, Statements
from uit.identity.errors import PasskeyWrong
from uit.identity.sign_in.challenge import USE_KEPT_FOR_SECONDS, Challenge, new_challenge, read_challenge
from uit.services.services import Services

SQL = Statements(__name__)

LIFETIME: Final = timedelta(minutes=5)
SIGNING_IN: Final = "sign_in"
VERIFIED: Final = UserVerificationRequirement.REQUIRED
MALFORMED: Final = (WebAuthnException, ValueError, TypeError, KeyError, IndexError)
"""What the library raises on what no authenticator made."""

Verified = TypeVar("Verified")


class Passkey(Struct, frozen=True):
    """A passkey as its owner sees it; `id` is that of the credential."""

    id: bytes
    name: str
    created_at: datetime
    used_at: datetime | None


class KnownKey(Struct, frozen=True):
    """What a signature is compared with."""

    staff_id: UUID
    public_key: bytes
    sign_count: int


class RelyingParty(Struct, frozen=True):
    """Whom a passkey is for: the host of the installation, and the origin that browsers name."""

    id: str
    origin: str


class Ceremony(Struct, frozen=True):
    """What a page gives to the browser: `options` as JSON, and the `state` that comes back with it."""

    options: str
    state: str


class Owner(Struct, frozen=True):
    staff_id: UUID
    name: str
    email: str


add_passkey = SQL.command("add_passkey")
read_passkeys = SQL.many("read_passkeys", Passkey)
find_key = SQL.maybe("find_key", KnownKey)
use_key = SQL.command("use_key")
remove_passkey = SQL.command("remove_passkey")
remove_passkeys_since = SQL.command("remove_passkeys_since")
remove_passkeys = SQL.command("remove_passkeys")


def relying_party(address: str) -> RelyingParty | None:
    """Whom passkeys are for at a public address; None at a number, since browsers want a name."""
    found = urlsplit(address)
    host = found.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return RelyingParty(host, f"{found.scheme}://{found.netloc}") if host else None
    return None


def registration(
    party: RelyingParty, secrets: Secrets, owner: Owner, has: list[bytes], now: datetime
) -> Ceremony:
    """Ask the browser of a member of staff for a new passkey, in a device that holds none of theirs."""
    made = new_state(secrets, str(owner.staff_id), now)
    options = generate_registration_options(
        rp_id=party.id,
        rp_name="uit",
        user_id=owner.staff_id.bytes,
        user_name=owner.email,
        user_display_name=owner.name,
        challenge=as_bytes(made.random),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in has],
    )
    return Ceremony(options_to_json(options), made.text)


def authentication(party: RelyingParty, secrets: Secrets, has: list[bytes], now: datetime) -> Ceremony:
    """Ask for a signature by one of these passkeys; by any that the browser has for us without them."""
    made = new_state(secrets, SIGNING_IN, now)
    allowed = [PublicKeyCredentialDescriptor(id=each) for each in has]
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=as_bytes(made.random),
        allow_credentials=allowed,
        user_verification=VERIFIED,
    )
    return Ceremony(options_to_json(options), made.text)


class Answer(Struct, frozen=True):
    """What a browser answered, as JSON, to this challenge, and when. An empty challenge was not ours."""

    credential: str
    challenge: bytes
    at: datetime


async def use_challenge(services: Services, state: str, purpose: str) -> bytes:
    """The challenge of a state that was made for this and was not used; empty for any other."""
    found = read_challenge(services.secrets.session, signed_for(purpose), state, services.clock.now())
    if found is None or not await services.limiter.use_once("challenge", found.random, USE_KEPT_FOR_SECONDS):
        return b""
    return as_bytes(found.random)


async def register(
    tx: Executor, party: RelyingParty, staff_id: UUID, name: str, answer: Answer
) -> PasskeyWrong | None:
    """Keep a new passkey under this name."""
    made = verified(
        lambda: verify_registration_response(
            credential=answer.credential,
            expected_challenge=answer.challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    )
    if not answer.challenge or made is None:
        return PasskeyWrong()
    key = made.credential_id, staff_id, name, made.credential_public_key, made.sign_count
    return None if await add_passkey(tx, *key, answer.at) else PasskeyWrong()


async def owner_of(tx: Executor, party: RelyingParty, answer: Answer) -> UUID | PasskeyWrong:
    """The member of staff whose passkey signed. A count that does not go up is of a copy, and refused."""
    key_id = credential_id(answer.credential)
    known = await find_key(tx, key_id) if answer.challenge and key_id else None
    if known is None:
        return PasskeyWrong()
    signed = verified(
        lambda: verify_authentication_response(
            credential=answer.credential,
            expected_challenge=answer.challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    )
    if signed is None or not await use_key(tx, key_id, signed.new_sign_count, answer.at):
        return PasskeyWrong()
    return known.staff_id


def verified(verify: Callable[[], Verified]) -> Verified | None:
    try:
        return verify()
    except MALFORMED:
        return None


def credential_id(credential: str) -> bytes:
    """The id that a credential says it has; empty when it says none."""
    try:
        found: Any = json.loads(credential)
        return as_bytes(found["id"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return b""


def new_state(secrets: Secrets, purpose: str, now: datetime) -> Challenge:
    return new_challenge(secrets.session, signed_for(purpose), now + LIFETIME)


def signed_for(purpose: str) -> bytes:
    return f"passkey\0{purpose}\0".encode()


def as_bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
