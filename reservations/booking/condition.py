"""What an organiser asks for a price besides an age, a number and a pass; and what is counted for that."""

from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct


class Condition(Struct, frozen=True):
    """What a tariff asks. `least`: fewer tickets are not sold at once.

    `for_companion`: of a date one ticket at most for each ticket at another price, in the same booking.
    `most_per_person` and `most_per_household` are over all their bookings of a date. `code_digest` is of the
    code that the organiser gives, `code_until` its last day, and `code_uses` how many tickets it is good for,
    over all dates. `shows`: what somebody shows at the door, in the words of the organiser.
    """

    least: int = 1
    for_members: bool = False
    for_companion: bool = False
    most_per_person: int | None = None
    most_per_household: int | None = None
    code_digest: str | None = None
    code_until: date | None = None
    code_uses: int | None = None
    shows: str = ""

    @property
    def is_counted(self) -> bool:
        """Whether what others booked decides over it."""
        return any((self.most_per_person, self.most_per_household, self.code_uses))


class CountedLine(Struct, frozen=True):
    """What a line of a booking has of a date at a price, and for whom; a guest is known by an address."""

    session_id: UUID
    tariff: str
    booking_id: UUID
    line_no: int
    holder_id: UUID | None
    address: str | None
    places: int


class InHousehold(Struct, frozen=True):
    """That a member is of a household today; a child may be of two."""

    household_id: UUID
    membership_id: UUID


class CodeUse(Struct, frozen=True):
    """The tickets that were sold by the code of a tariff, over all dates of the event of this one."""

    session_id: UUID
    tariff: str
    event_id: UUID
    tickets: int


class CountedForConditions(Struct, frozen=True):
    """What decides over prices of which some is left for a person, a household or a code."""

    lines: tuple[CountedLine, ...] = ()
    households: tuple[InHousehold, ...] = ()
    code_uses: tuple[CodeUse, ...] = ()


NOTHING_COUNTED: Final = CountedForConditions()
