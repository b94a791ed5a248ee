"""Numbered seats in a batch: which plans its sessions have, what of them is gone, and the seats it writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from reservations.booking.answers import Answer, Booked, Changed, Swapped
from reservations.booking.facts import Facts, Line
from reservations.seats.facts import SeatedSession, Seating
from reservations.seats.plan import PlanLine, SeatPlan
from uit.database.statements import Executor, Statements

SQL = Statements(__name__)
MOST_KNOWN: Final = 500


class StoredPlan(Struct, frozen=True):
    """A plan as it is stored; `lines` are JSON."""

    id: UUID
    best_row: str | None
    lines: str

    @property
    def plan(self) -> SeatPlan:
        return SeatPlan(self.id, msgspec.json.decode(self.lines, type=list[PlanLine]), self.best_row)


class FreeSeating(Struct, frozen=True):
    """The seats of sessions as JSON; None where none of them has a plan."""

    seating: str | None


class TicketSeatRow(Struct, frozen=True):
    """The seat of a new ticket, in the shape of `reservations.write_seats`."""

    booking_id: UUID
    line_no: int
    no: int
    seat: str


read_seating = SQL.one("read_seating", FreeSeating)
read_plans = SQL.many("read_plans", StoredPlan)
write_seats = SQL.command("write_seats")

KNOWN_PLANS: Final[dict[UUID, SeatPlan]] = {}
"""Plans that were read before: a plan never changes."""


async def with_seats(tx: Executor, facts: Facts, region_id: int, seating: str | None) -> Facts:
    """The facts of a batch with the seats of its sessions; where none has a plan, as they are."""
    return facts if seating is None else replace(facts, seating=await as_seating(tx, region_id, seating))


async def with_seats_of(tx: Executor, facts: Facts, region_id: int) -> Facts:
    """The facts of a page with the seats of all their sessions, without a lock."""
    seating = await read_seated_sessions(tx, region_id, [each.id for each in facts.sessions])
    return replace(facts, seating=seating)


async def read_seated_sessions(tx: Executor, region_id: int, session_ids: Sequence[UUID]) -> Seating:
    """Which of these sessions have numbered seats, and which of those are gone now."""
    found = await read_seating(tx, region_id, session_ids)
    return await as_seating(tx, region_id, found.seating) if found.seating else Seating()


async def as_seating(tx: Executor, region_id: int, seating: str) -> Seating:
    sessions = msgspec.json.decode(seating, type=list[SeatedSession])
    return Seating(sessions, await plans_of(tx, region_id, {each.plan_id for each in sessions}))


async def plans_of(tx: Executor, region_id: int, ids: Iterable[UUID]) -> Mapping[UUID, SeatPlan]:
    """Plans by their ids."""
    missing = [each for each in ids if each not in KNOWN_PLANS]
    if missing:
        if len(KNOWN_PLANS) + len(missing) > MOST_KNOWN:
            KNOWN_PLANS.clear()
        found = await read_plans(tx, region_id, missing)
        KNOWN_PLANS.update({each.id: each.plan for each in found})
    return KNOWN_PLANS


def seat_rows(answers: Sequence[Answer]) -> list[TicketSeatRow]:
    """The seats of the tickets that a batch makes."""
    return [
        TicketSeatRow(booking_id, line.no, ticket.no, ticket.seat)
        for booking_id, lines in made(answers)
        for line in lines
        for ticket in line.tickets
        if ticket.seat
    ]


def made(answers: Sequence[Answer]) -> Iterator[tuple[UUID, Sequence[Line]]]:
    """The lines that are new, with the id of their booking."""
    for answer in answers:
        match answer:
            case Booked(new=True):
                yield answer.booking.id, answer.booking.lines
            case Swapped():
                yield answer.booked.booking.id, answer.booked.booking.lines
            case Changed(new=True):
                yield answer.booking.id, answer.lines
            case _:
                continue
