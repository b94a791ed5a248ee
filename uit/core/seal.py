"""Signed identifiers for QR codes and links. Without the signature, a number or an id gives no access.

A seal is one letter for its kind, then base64url of the packed fields and 12 bytes of keyed BLAKE2b (RFC
7693), which costs a fifth of an HMAC. A seal is verified without the database; whether the card or ticket is
blocked is read there.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from functools import lru_cache
from uuid import UUID

from msgspec import Struct

MAC_BYTES = 12
PASS = struct.Struct(">i16sh")
TICKET = struct.Struct(">i16shh")
PARTY = struct.Struct(">i16sh")
GUEST = struct.Struct(">i16sh?")
CLAIM = struct.Struct(">i16sh")
CONFIRMATION = struct.Struct(">i16s")
WAITING = struct.Struct(">i16s")
QUEUE = struct.Struct(">i16s16s")
CHOICE = struct.Struct(">i16s16s16sh")
TURN = struct.Struct(">i16s16sq")
CLAIM_LETTERS = 10


class PassSeal(Struct, frozen=True):
    """The signed identifier of a card. A higher `token_version` of the card invalidates older seals."""

    region_id: int
    card_id: UUID
    version: int


class TicketSeal(Struct, frozen=True):
    region_id: int
    booking_id: UUID
    line_no: int
    ticket_no: int


class PartySeal(Struct, frozen=True):
    """All tickets of a booking for the session of this line: a code that counts down as they are used."""

    region_id: int
    booking_id: UUID
    line_no: int


class GuestSeal(Struct, frozen=True):
    """The link with which a guest manages one booking. A higher `link_version` invalidates older ones.

    `mailed`: it was sent to the address of the guest, so whoever opens it reads the mail there.
    """

    region_id: int
    booking_id: UUID
    version: int
    mailed: bool


class ConfirmationSeal(Struct, frozen=True):
    """The link by which somebody says whether they come to one date, and nothing else."""

    region_id: int
    asked_id: UUID


class WaitingSeal(Struct, frozen=True):
    """The link of somebody who waits: with it one accepts or declines an offer, or leaves the line."""

    region_id: int
    entry_id: UUID


class ChoiceSeal(Struct, frozen=True):
    """The link by which somebody chooses what becomes of their booking of a date that is another.

    `person_id`: whose link it is; None for a guest, of whose link a higher `version` invalidates older ones.
    """

    region_id: int
    booking_id: UUID
    session_id: UUID
    person_id: UUID | None
    version: int = 0


def seal_pass(key: bytes, seal: PassSeal) -> str:
    return _seal(key, "P", PASS.pack(seal.region_id, seal.card_id.bytes, seal.version))


def open_pass(key: bytes, token: str) -> PassSeal | None:
    """The card of a pass token; None when the token was not sealed with this key."""
    packed = _open(key, "P", token, PASS.size)
    if packed is None:
        return None
    region_id, card, version = PASS.unpack(packed)
    return PassSeal(region_id, UUID(bytes=card), version)


def seal_ticket(key: bytes, seal: TicketSeal) -> str:
    return _seal(key, "T", TICKET.pack(seal.region_id, seal.booking_id.bytes, seal.line_no, seal.ticket_no))


def open_ticket(key: bytes, token: str) -> TicketSeal | None:
    """The ticket of a token; None when the token was not sealed with this key."""
    packed = _open(key, "T", token, TICKET.size)
    if packed is None:
        return None
    region_id, booking, line_no, ticket_no = TICKET.unpack(packed)
    return TicketSeal(region_id, UUID(bytes=booking), line_no, ticket_no)


def seal_party(key: bytes, seal: PartySeal) -> str:
    return _seal(key, "A", PARTY.pack(seal.region_id, seal.booking_id.bytes, seal.line_no))


def open_party(key: bytes, token: str) -> PartySeal | None:
    """The booking of a token, and a line of it; None when the token was not sealed with this key."""
    packed = _open(key, "A", token, PARTY.size)
    if packed is None:
        return None
    region_id, booking, line_no = PARTY.unpack(packed)
    return PartySeal(region_id, UUID(bytes=booking), line_no)


def seal_guest(key: bytes, seal: GuestSeal) -> str:
    return _seal(key, "G", GUEST.pack(seal.region_id, seal.booking_id.bytes, seal.version, seal.mailed))


def open_guest(key: bytes, token: str) -> GuestSeal | None:
    """The booking of a guest's link; None when the token was not sealed with this key."""
    packed = _open(key, "G", token, GUEST.size)
    if packed is None:
        return None
    region_id, booking, version, mailed = GUEST.unpack(packed)
    return GuestSeal(region_id, UUID(bytes=booking), version, mailed)


def seal_confirmation(key: bytes, seal: ConfirmationSeal) -> str:
    return _seal(key, "K", CONFIRMATION.pack(seal.region_id, seal.asked_id.bytes))


def open_confirmation(key: bytes, token: str) -> ConfirmationSeal | None:
    """What was asked by a link; None when the token was not sealed with this key."""
    packed = _open(key, "K", token, CONFIRMATION.size)
    if packed is None:
        return None
    region_id, asked = CONFIRMATION.unpack(packed)
    return ConfirmationSeal(region_id, UUID(bytes=asked))


def seal_waiting(key: bytes, seal: WaitingSeal) -> str:
    return _seal(key, "W", WAITING.pack(seal.region_id, seal.entry_id.bytes))


def open_waiting(key: bytes, token: str) -> WaitingSeal | None:
    """The place in a line of a token; None when the token was not sealed with this key."""
    packed = _open(key, "W", token, WAITING.size)
    if packed is None:
        return None
    region_id, entry = WAITING.unpack(packed)
    return WaitingSeal(region_id, UUID(bytes=entry))


def seal_choice(key: bytes, seal: ChoiceSeal) -> str:
    person = (seal.person_id or UUID(int=0)).bytes
    ids = seal.booking_id.bytes, seal.session_id.bytes, person
    return _seal(key, "L", CHOICE.pack(seal.region_id, *ids, seal.version))


def open_choice(key: bytes, token: str) -> ChoiceSeal | None:
    """The booking, date and person of a token; None when the token was not sealed with this key."""
    packed = _open(key, "L", token, CHOICE.size)
    if packed is None:
        return None
    region_id, booking, session, person, version = CHOICE.unpack(packed)
    ids = UUID(bytes=booking), UUID(bytes=session), UUID(bytes=person)
    return ChoiceSeal(region_id, ids[0], ids[1], ids[2] if ids[2].int else None, version)


class QueueSeal(Struct, frozen=True):
    """The link with which somebody looks at their place in a waiting room."""

    region_id: int
    session_id: UUID
    entry_id: UUID


def seal_queue(key: bytes, seal: QueueSeal) -> str:
    return _seal(key, "Q", QUEUE.pack(seal.region_id, seal.session_id.bytes, seal.entry_id.bytes))


def open_queue(key: bytes, token: str) -> QueueSeal | None:
    """The entry of a token; None when the token was not sealed with this key."""
    packed = _open(key, "Q", token, QUEUE.size)
    if packed is None:
        return None
    region_id, session, entry = QUEUE.unpack(packed)
    return QueueSeal(region_id, UUID(bytes=session), UUID(bytes=entry))


def seal_turn(key: bytes, seal: QueueSeal, until: int) -> str:
    """That an entry has a turn until a second of the clock."""
    return _seal(key, "U", TURN.pack(seal.region_id, seal.session_id.bytes, seal.entry_id.bytes, until))


def open_turn(key: bytes, token: str) -> tuple[QueueSeal, int] | None:
    """The entry of a turn and until when; None when the token was not sealed with this key."""
    packed = _open(key, "U", token, TURN.size)
    if packed is None:
        return None
    region_id, session, entry, until = TURN.unpack(packed)
    return QueueSeal(region_id, UUID(bytes=session), UUID(bytes=entry)), until


def seal_basket(key: bytes, packed: bytes) -> str:
    """What somebody chose, as their own browser keeps it: nobody else can make one."""
    return _seal(key, "B", packed)


def open_basket(key: bytes, token: str) -> bytes | None:
    """What was sealed; None when the token was not sealed with this key."""
    return _open(key, "B", token, -MAC_BYTES)


def claim_code(key: bytes, region_id: int, booking_id: UUID, version: int) -> str:
    """Ten letters and figures in two groups that claim a guest's booking: who has its mail knows it.

    Fifty bits are safe only where attempts are counted.
    """
    packed = CLAIM.pack(region_id, booking_id.bytes, version)
    letters = base64.b32encode(_mac(key, "C", packed)).decode()[:CLAIM_LETTERS]
    return f"{letters[:5]}-{letters[5:]}"


def _seal(key: bytes, kind: str, packed: bytes) -> str:
    return kind + base64.urlsafe_b64encode(packed + _mac(key, kind, packed)).decode().rstrip("=")


def _open(key: bytes, kind: str, token: str, size: int) -> bytes | None:
    """The first `size` bytes that were sealed, or with a size below zero all but the last."""
    if not token.startswith(kind):
        return None
    try:
        raw = base64.urlsafe_b64decode(token[1:] + "=" * (-len(token[1:]) % 4))
    except (binascii.Error, ValueError):
        return None
    # The whole token is compared and not only its signature: base64 decodes several texts to the same bytes.
    sealed = _seal(key, kind, raw[:size])
    return raw[:size] if hmac.compare_digest(sealed.encode(), token.encode()) else None


def _mac(key: bytes, kind: str, packed: bytes) -> bytes:
    mac = _keyed(key, kind).copy()
    mac.update(packed)
    return mac.digest()


@lru_cache(maxsize=16)
def _keyed(key: bytes, kind: str) -> "hashlib.blake2b":
    return hashlib.blake2b(digest_size=MAC_BYTES, key=key, person=kind.encode())
