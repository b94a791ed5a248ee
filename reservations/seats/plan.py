"""A seat plan: the rows of a hall as somebody wrote them down, and the seats that they come to. Pure.

A seat is known by its row and number, as `C-12`: so it is stored with a ticket. A ticket for several people
has as many, as `C-12,C-13`.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import Final, NamedTuple, Self
from uuid import UUID

from msgspec import Struct

MOST_SEATS: Final = 5000
LONGEST_SEAT: Final = 20
ROW_STEP: Final = 3
"""How far apart rows are, where seats beside each other are two."""


class SeatKind(StrEnum):
    ORDINARY = "ordinary"
    WHEELCHAIR = "wheelchair"
    COMPANION = "companion"
    RESTRICTED = "restricted_view"


class PlanLine(Struct, frozen=True, omit_defaults=True):
    """Seats of a row, from one number to another, in the order in which they stand; `step` is 1 or 2.

    Lines with the same name make up one row. After the numbers of `aisles` there is room to walk; those of
    `missing` are not there, such as where a pillar stands.
    """

    name: str
    first: int
    last: int
    step: int = 1
    aisles: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    wheelchair: tuple[int, ...] = ()
    companion: tuple[int, ...] = ()
    restricted: tuple[int, ...] = ()

    @property
    def numbers(self) -> range:
        """The numbers as they stand, also where they count down."""
        step = self.step if self.last >= self.first else -self.step
        return range(self.first, self.last + (1 if step > 0 else -1), step)

    def kind_of(self, number: int) -> SeatKind:
        if number in self.wheelchair:
            return SeatKind.WHEELCHAIR
        if number in self.companion:
            return SeatKind.COMPANION
        return SeatKind.RESTRICTED if number in self.restricted else SeatKind.ORDINARY


class Seat(Struct, frozen=True):
    """A seat, and where it stands from the front on the left: `x` is two for a seat, `y` three for a row."""

    key: str
    row: str
    number: int
    kind: SeatKind
    x: int
    y: int

    def distance(self, focus: tuple[int, int]) -> int:
        """How far it is from a place, squared."""
        return (self.x - focus[0]) ** 2 + (self.y - focus[1]) ** 2


class SeatRow(Struct, frozen=True):
    """A row; None in `spots` is where nobody sits, so that the seats beside it are not together."""

    name: str
    spots: tuple[Seat | None, ...]

    @property
    def seats(self) -> list[Seat]:
        return [seat for seat in self.spots if seat]


class SpotBit(NamedTuple):
    """Where a seat is among the bits of its row."""

    row: int
    bit: int
    for_wheelchair: bool


class PlanBits(NamedTuple):
    """The seats of each row as the bits of a number, the first of it on the left, and where each seat is.

    `for_all` are those that are not for a wheelchair. How many there are of these, and of those that are.
    """

    of_rows: list[int]
    for_all: list[int]
    of_seats: dict[str, SpotBit]
    others: int
    wheelchairs: int


class SeatPlan:
    """The seats of a hall. It never changes: a plan that is changed is another one.

    `best_row` is the row that has the best seats, in the middle; without one it is a third from the front.
    """

    def __init__(self, plan_id: UUID, lines: Sequence[PlanLine], best_row: str | None = None) -> None:
        self.id, self.lines, self.best_row = plan_id, lines, best_row

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    @cached_property
    def rows(self) -> tuple[SeatRow, ...]:
        """The rows from front to back, each in the middle of the hall."""
        numbers = {
            name: spots_of(self.lines, name) for name in dict.fromkeys(each.name for each in self.lines)
        }
        width = max(map(len, numbers.values()), default=0)
        return tuple(
            SeatRow(name, tuple(as_seats(name, spots, width - len(spots), no * ROW_STEP)))
            for no, (name, spots) in enumerate(numbers.items())
        )

    @cached_property
    def seats(self) -> dict[str, Seat]:
        """Every seat by its key, from front to back."""
        return {seat.key: seat for row in self.rows for seat in row.seats}

    @cached_property
    def bits(self) -> PlanBits:
        found = {
            seat.key: SpotBit(row, 1 << at, seat.kind is SeatKind.WHEELCHAIR)
            for row, each in enumerate(self.rows)
            for at, seat in enumerate(each.spots)
            if seat
        }
        of_rows, for_all = [0] * len(self.rows), [0] * len(self.rows)
        for spot in found.values():
            of_rows[spot.row] |= spot.bit
            for_all[spot.row] |= 0 if spot.for_wheelchair else spot.bit
        wheelchairs = sum(spot.for_wheelchair for spot in found.values())
        return PlanBits(of_rows, for_all, found, len(found) - wheelchairs, wheelchairs)

    @cached_property
    def width(self) -> int:
        """How many seats fit beside each other in the widest row, aisles included."""
        return max((len(row.spots) for row in self.rows), default=0)

    @cached_property
    def focus(self) -> tuple[int, int]:
        """Where the best seats are."""
        named = (no for no, row in enumerate(self.rows) if row.name == self.best_row)
        return self.width - 1, next(named, len(self.rows) // 3) * ROW_STEP


def spots_of(lines: Sequence[PlanLine], name: str) -> list[tuple[int, SeatKind] | None]:
    """The seats of a row by number, and None for an aisle or a seat that is not there."""
    return list(chain.from_iterable(map(spots_of_line, (each for each in lines if each.name == name))))


def spots_of_line(line: PlanLine) -> Iterator[tuple[int, SeatKind] | None]:
    for number in line.numbers:
        yield None if number in line.missing else (number, line.kind_of(number))
        if number in line.aisles:
            yield None


def as_seats(
    name: str, spots: Sequence[tuple[int, SeatKind] | None], shift: int, y: int
) -> Iterator[Seat | None]:
    for no, spot in enumerate(spots):
        yield Seat(key_of(name, spot[0]), name, *spot, x=2 * no + shift, y=y) if spot else None


def key_of(row: str, number: int) -> str:
    """By what a ticket knows its seat."""
    return f"{row}-{number}"


def seats_in(text: str | None) -> tuple[str, ...]:
    """The seats of a ticket: one, or of a ticket for several people as many, between commas."""
    return tuple(text.split(",")) if text else ()


def as_text(seats: Iterable[str]) -> str:
    """The seats of one ticket, as they are stored with it."""
    return ",".join(seats)
