"""What is counted over all bookings: places at a price that is one each, and what groups take in a year."""

from uuid import UUID

from msgspec import Struct


class PersonalPlaces(Struct, frozen=True):
    """What a line of a booking has of a session for its holder, at a price that is one each."""

    session_id: UUID
    holder_id: UUID
    booking_id: UUID
    line_no: int
    places: int


class GroupUse(Struct, frozen=True):
    """What a line counts for the number of a group in a year: so many people of at `most` so many."""

    group_id: UUID
    year: int
    booking_id: UUID
    line_no: int
    people: int
    most: int
