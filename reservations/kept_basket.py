"""What somebody chose and did not book yet, as their own browser keeps it: nothing of it is stored with us.

It is sealed, so that a browser gives back only what it got. Who is signed in keeps theirs to themselves:
another who signs in there, or nobody, does not see it.
"""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from reservations.most_places import MOST_OF_GROUP, most_at_once
from uit.core.seal import open_basket, seal_basket
from uit.identity.authentication import OWN_COOKIES

MOST_LINES: Final = 10
SECONDS_KEPT: Final = 4 * 3600
TARIFF: Final = r"^[a-z0-9][a-z0-9_-]{0,39}$"


class ChosenPlaces(Struct, frozen=True, array_like=True):
    """Places of one tariff in one session, which was sold from `least` on when they were chosen."""

    session_id: UUID
    tariff: Annotated[str, Meta(pattern=TARIFF)]
    places: Annotated[int, Meta(ge=1, le=MOST_OF_GROUP)]
    least: int = 1

    @property
    def limit(self) -> int:
        """How many one may ask for in its place."""
        return most_at_once(self.least)

    @property
    def key(self) -> str:
        """What tells it from the others in a basket."""
        return f"{self.session_id}/{self.tariff}"


class KeptBasket(Struct, frozen=True, array_like=True):
    """`booking_id` is what the next booking of it will be called, and `previous_id` the one made before.

    `owner` tells whose it is; empty for who was not signed in.
    """

    region_id: int
    booking_id: UUID
    lines: tuple[ChosenPlaces, ...] = ()
    previous_id: UUID | None = None
    owner: str = ""

    def without(self, session_id: UUID) -> tuple[ChosenPlaces, ...]:
        """The lines of other sessions."""
        return tuple(line for line in self.lines if line.session_id != session_id)

    def less(self, keys: Sequence[str]) -> tuple[ChosenPlaces, ...]:
        """The lines other than those with these keys."""
        return tuple(line for line in self.lines if line.key not in keys)


def basket_name(region_id: int) -> str:
    """The name of its cookie."""
    return f"{OWN_COOKIES}basket_{region_id}"


def owner_of(signing_key: bytes, person_id: UUID | None) -> str:
    if person_id is None:
        return ""
    return hashlib.blake2b(person_id.bytes, key=signing_key, digest_size=8, person=b"basket").hexdigest()


def seal_kept_basket(signing_key: bytes, basket: KeptBasket) -> str:
    return seal_basket(signing_key, msgspec.json.encode(basket))


def open_kept_basket(
    signing_key: bytes, kept: str, region_id: int, person_id: UUID | None
) -> KeptBasket | None:
    """What a browser keeps for this person; what was chosen before signing in is theirs too."""
    packed = open_basket(signing_key, kept)
    if packed is None:
        return None
    try:
        basket = msgspec.json.decode(packed, type=KeptBasket)
    except msgspec.DecodeError:
        return None
    theirs = basket.owner in {"", owner_of(signing_key, person_id)}
    return basket if theirs and basket.region_id == region_id else None
