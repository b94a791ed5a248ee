"""What somebody chose and did not book yet, as their own browser keeps it: nothing of it is stored with us.

It is sealed, so that a browser gives back only what it got. Who is signed in keeps theirs to themselves:
another who signs in there, or nobody, does not see it.
"""

import hashlib
from collections.abc import Container, Iterable
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from reservations.most_places import MOST_OF_GROUP, most_at_once
from uit.core.seal import open_basket, seal_basket
from uit.identity.authentication import OWN_COOKIES

MOST_LINES: Final = 10
SECONDS_KEPT: Final = 4 * 3600
SeatKey = Annotated[str, Meta(pattern=r"^[^\s:,]{1,20}$")]
TARIFF: Final = r"^[a-z0-9][a-z0-9_-]{0,39}$"
DATE_LETTERS: Final = 8
"""So many letters at the end of the id of a date tell it from the others of its course."""
DATES: Final = r"^([0-9a-f]{8}){0,40}$"


class ChosenPlaces(Struct, frozen=True, array_like=True):
    """Places of one tariff in one session, which was sold from `least` on when they were chosen.

    `holder_id` is who comes, where that is another than whose basket it is. `code_digest` is of the code that
    they typed for it, which nobody can read back. `seats` were chosen where they are numbered, one for each
    who comes, or so many places for `wheelchairs` asked. With `course_id` it enrols in that: the session is
    one of its dates, and `dates` says which were chosen; none: all that are to come.
    """

    session_id: UUID
    tariff: Annotated[str, Meta(pattern=TARIFF)]
    places: Annotated[int, Meta(ge=1, le=MOST_OF_GROUP)]
    least: int = 1
    holder_id: UUID | None = None
    code_digest: str | None = None
    seats: tuple[SeatKey, ...] = ()
    wheelchairs: Annotated[int, Meta(ge=0, le=MOST_OF_GROUP)] = 0
    course_id: UUID | None = None
    dates: Annotated[str, Meta(pattern=DATES)] = ""

    def of(self, places: int) -> "ChosenPlaces":
        """So many of them. For another number nothing is said of seats any more."""
        same = places == self.places
        return self if same else replace(self, places=places, seats=(), wheelchairs=0)

    @property
    def limit(self) -> int:
        """How many one may ask for in its place."""
        return most_at_once(self.least)

    @property
    def subject_id(self) -> UUID:
        """What it is for: a course, or one session."""
        return self.course_id or self.session_id

    def takes(self, session_id: UUID) -> bool:
        """Whether a date of its course was chosen."""
        ends = {self.dates[at : at + DATE_LETTERS] for at in range(0, len(self.dates), DATE_LETTERS)}
        return not ends or date_letters(session_id) in ends

    @property
    def key(self) -> str:
        """What tells it from the others in a basket."""
        own = f"{self.subject_id}/{self.tariff}"
        return f"{own}/{self.holder_id.hex}" if self.holder_id else own


class KeptBasket(Struct, frozen=True, array_like=True):
    """`booking_id` is what the next booking of it will be called, and `previous_id` the one made before.

    `owner` tells whose it is; empty for who was not signed in, and who may have typed a `name` and `email`.
    """

    region_id: int
    booking_id: UUID
    lines: tuple[ChosenPlaces, ...] = ()
    previous_id: UUID | None = None
    owner: str = ""
    name: str = ""
    email: str = ""

    @property
    def is_for_others(self) -> bool:
        return any(line.holder_id for line in self.lines)

    def with_codes(self, lines: Iterable[ChosenPlaces]) -> tuple[ChosenPlaces, ...]:
        """Lines as a form names them, with the codes that were typed for them before."""
        codes = {line.key: line.code_digest for line in self.lines}
        return tuple(replace(line, code_digest=codes.get(line.key)) for line in lines)

    def without(self, subject_id: UUID, holder_ids: Container[UUID | None]) -> tuple[ChosenPlaces, ...]:
        """The lines of other sessions and courses, and of others who come to it."""
        return tuple(
            line for line in self.lines if line.subject_id != subject_id or line.holder_id not in holder_ids
        )

    def less(self, booked: Container[tuple[UUID, str, UUID | None]]) -> tuple[ChosenPlaces, ...]:
        """The lines that were not booked: by session, tariff and who comes, as a line names them."""
        return tuple(
            line
            for line in self.lines
            if line.course_id or (line.session_id, line.tariff, line.holder_id) not in booked
        )


def date_letters(session_id: UUID) -> str:
    """What tells a date from the others of its course."""
    return session_id.hex[-DATE_LETTERS:]


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
